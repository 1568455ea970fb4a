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
    await writeSynced(join(aside, 'state.safetensors'), encodeState(state));
    const text = JSON.stringify({ ...notes, steps: Object.fromEntries(state.steps) }, undefined, 2);
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
   * The newest checkpoint; undefined where there is none.
   *
   * @throws AppError checkpoint.damaged naming the file; older ones are still in the folder
   */
  async latest(): Promise<Checkpoint | undefined> {
    const newest = (await this.#names()).at(-1);
    return newest === undefined ? undefined : await readCheckpoint(join(this.#path, newest));
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
  const stateFile = join(path, 'state.safetensors');
  const { tensors } = decodeSafetensors(await readFile(stateFile), `The checkpoint ${stateFile}`);
  const parsed = notesSchema.safeParse(parseJson(await readFile(join(path, 'run.json'), 'utf8')));
  if (!parsed.success) {
    throw new AppError('checkpoint.damaged', `The checkpoint ${path} is damaged: run.json makes no sense.`);
  }
  const { steps, ...notes } = parsed.data;
  return { state: decodeState(tensors, new Map(Object.entries(steps))), notes };
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
