import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#common/contract/errors';
import type { StoredTensor } from '#engine/checkpoints/safetensors';
import { decodeSafetensors, encodeSafetensors } from '#engine/checkpoints/safetensors';
import type { TrainState } from '#engine/training/trainState';

/** What a run needs besides tensors: where it is and whatever the loop keeps (a random stream's position, scores). */
export interface CheckpointNotes {
  /** Updates of the run; orders checkpoints. */
  readonly step: number;
  readonly [key: string]: unknown;
}

export interface Checkpoint {
  readonly state: TrainState;
  readonly notes: CheckpointNotes;
}

/** The name of a step's checkpoint in its folder. */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(9, '0')}`;
}

const FOLDER = /^step-(\d{9})$/;

const notesSchema = z.looseObject({
  step: z.int().min(0),
  steps: z.record(z.string(), z.int().min(0)),
  /** SHA-256 of state.safetensors; files of before it was written have none. */
  digest: z.string().optional(),
});

/**
 * Checkpoints of one run in a folder: `step-000000100/state.safetensors` and `run.json`. Each is written aside,
 * synced and renamed, so a kill at any moment leaves whole ones only; the last few are kept.
 */
export class CheckpointFolder {
  readonly #path: string;
  readonly #kept: number;

  constructor(path: string, { kept = 3 }: { readonly kept?: number } = {}) {
    this.#path = path;
    this.#kept = kept;
  }

  /** @returns the checkpoint's name in the folder */
  async save({ state, notes }: Checkpoint): Promise<string> {
    const name = checkpointName(notes.step);
    const aside = join(this.#path, `.writing-${name}`);
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { recursive: true });
    const bytes = encodeState(state);
    await writeSynced(join(aside, 'state.safetensors'), bytes);
    const steps = Object.fromEntries(state.steps);
    const text = JSON.stringify({ ...notes, steps, digest: digestOf(bytes) }, undefined, 2);
    await writeSynced(join(aside, 'run.json'), new TextEncoder().encode(text));
    const target = join(this.#path, name);
    await rm(target, { recursive: true, force: true });
    await rename(aside, target);
    for (const old of (await this.#names()).slice(0, -this.#kept)) {
      await rm(join(this.#path, old), { recursive: true, force: true });
    }
    return name;
  }

  /**
   * The newest checkpoint that is whole; undefined where there is none at all. Damaged ones are set aside as
   * `damaged-step-...`, so that they count neither as newest nor among the kept.
   *
   * @param onDamaged hears of each that is passed over
   * @throws AppError checkpoint.damaged where there are some and all are
   */
  async latest(onDamaged: (error: AppError) => void = () => undefined): Promise<Checkpoint | undefined> {
    const names = await this.#names();
    const damaged: { readonly name: string; readonly error: AppError }[] = [];
    for (const name of [...names].reverse()) {
      try {
        const found = await readCheckpoint(join(this.#path, name));
        for (const each of damaged) await this.#setAside(each.name);
        damaged.forEach(({ error }) => onDamaged(error));
        return found;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        damaged.push({ name, error });
      }
    }
    const [newest] = damaged;
    if (newest !== undefined) throw newest.error;
    return undefined;
  }

  async #setAside(name: string): Promise<void> {
    const target = join(this.#path, `damaged-${name}`);
    await rm(target, { recursive: true, force: true });
    await rename(join(this.#path, name), target);
  }

  async #names(): Promise<readonly string[]> {
    const entries = await readdir(this.#path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return entries.filter((name) => FOLDER.test(name)).sort();
  }
}

/** @throws AppError checkpoint.damaged */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const damaged = (reason: string, cause?: unknown): AppError =>
    new AppError('checkpoint.damaged', `The checkpoint ${path} is damaged: ${reason}.`, { cause });
  const read = async (name: string): Promise<Uint8Array> => {
    try {
      return await readFile(join(path, name));
    } catch (error) {
      throw damaged(`${name} cannot be read`, error);
    }
  };
  const parsed = notesSchema.safeParse(parseJson(new TextDecoder().decode(await read('run.json'))));
  if (!parsed.success) throw damaged('run.json makes no sense');
  const { steps, digest, ...notes } = parsed.data;
  const bytes = await read('state.safetensors');
  const { tensors } = decodeSafetensors(bytes, `The checkpoint ${join(path, 'state.safetensors')}`);
  if (digest !== undefined && digest !== digestOf(bytes)) {
    throw damaged('state.safetensors is not the file that was written');
  }
  return { state: decodeState(tensors, new Map(Object.entries(steps))), notes };
}

/** Safetensors has no check of its own: a flipped bit would only show as a weight that is a little off. */
function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function encodeState({ parameters, averages, moments }: TrainState): Uint8Array {
  const tensors = new Map<string, StoredTensor>();
  const put = (name: string, values: Float32Array): void => {
    tensors.set(name, { shape: [values.length], values });
  };
  for (const [name, values] of parameters) put(`parameter/${name}`, values);
  for (const [name, values] of averages) put(`average/${name}`, values);
  for (const [name, { first, second }] of moments) {
    put(`first/${name}`, first);
    put(`second/${name}`, second);
  }
  return encodeSafetensors(tensors);
}

function decodeState(tensors: ReadonlyMap<string, StoredTensor>, steps: Map<string, number>): TrainState {
  const parameters = new Map<string, Float32Array>();
  const averages = new Map<string, Float32Array>();
  const moments: TrainState['moments'] = new Map();
  for (const [key, { values }] of tensors) {
    const [kind, name] = [key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)];
    if (kind === 'parameter') parameters.set(name, values);
    if (kind === 'average') averages.set(name, values);
    const second = tensors.get(`second/${name}`)?.values;
    if (kind === 'first' && second !== undefined) moments.set(name, { first: values, second });
  }
  return { parameters, averages, moments, steps };
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says what is wrong with the checkpoint.
    return undefined;
  }
}
