import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectId } from '#common/contract/api/projectsApi';
import { createSeededRandom } from '#common/math/seededRandom';
import type { EditedDocument } from '#common/project/documentHistory';
import { reduceRecord, uneditedDocument } from '#common/project/reduceRecord';
import { newDocument } from '#common/project/studioDocument';
import { openProjectFile } from '#host/projects/projectFile';
import { projectsOn, writeTinyAvatar } from '#test/helpers/aProject';
import { COMPACT_AFTER_LINES, scriptedRecord } from '#test/helpers/crash/editingScript';

const KILLS = 50;
const LONGEST_LIFE_MILLISECONDS = 60;
/** A save takes about this long, so a random part of it falls into the save or the compaction after it. */
const SAVE_MILLISECONDS = 25;
const STORY_TIMEOUT = 120_000;

let folder: string;
let avatarPath: string;
let savePath: string;
const bundle = resolve('.cache', `editingHost.${process.pid}.mjs`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostCrash-'));
  avatarPath = await writeTinyAvatar(join(folder, 'library'));
  savePath = join(folder, 'crash.avatarartist');
  await build({
    entryPoints: ['test/helpers/crash/editingHost.ts'],
    outfile: bundle,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
  });
}, STORY_TIMEOUT);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(bundle, { force: true });
});

/** What a killed host had told before it died. */
interface Life {
  projectId: ProjectId | undefined;
  acknowledged: number;
  saved: number;
  diedSaving: boolean;
}

/** A host process, started and waiting for its "go". */
class EditingHost {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #life: Life = { projectId: undefined, acknowledged: 0, saved: 0, diedSaving: false };
  readonly #ended: Promise<void>;
  #heard: (line: string) => void = () => undefined;

  constructor() {
    const parameters = [bundle, join(folder, 'data'), avatarPath, savePath];
    this.#child = spawn(process.execPath, parameters, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.#child.stdout });
    lines.on('line', (line) => this.#listen(line));
    this.#ended = new Promise((done) => lines.on('close', done));
  }

  /** Lets it edit and kills it: `milliseconds` after the start, or after it has begun to save. */
  async liveAndDie(
    projectId: ProjectId | undefined,
    moment: { readonly after: 'start' | 'saving'; readonly milliseconds: number },
  ): Promise<Life> {
    const isTime = new Promise<void>((begin) => {
      const first = moment.after === 'saving' ? 'saving' : 'project';
      this.#heard = (line) => {
        if (line.startsWith(first)) begin();
      };
    });
    this.#child.stdin.write(projectId === undefined ? 'go\n' : `go ${projectId}\n`);
    await isTime;
    await new Promise((kill) => setTimeout(kill, moment.milliseconds));
    this.#child.kill('SIGKILL');
    await this.#ended;
    return this.#life;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #listen(line: string): void {
    const [word, value] = line.split(' ');
    if (word === 'project') this.#life.projectId = value as ProjectId;
    if (word === 'ack') this.#life.acknowledged = Number(value);
    if (word === 'saved') this.#life.saved = Number(value);
    this.#life.diedSaving = word === 'saving';
    this.#heard(line);
  }
}

describe('a host killed in the middle of its work', () => {
  it(
    `loses at most the edit it had not acknowledged, and never a file, in ${KILLS} kills`,
    async () => {
      const random = createSeededRandom(20_261_122);
      const states: EditedDocument[] = [uneditedDocument(newDocument('Ada'))];
      let projectId: ProjectId | undefined;
      let acknowledged = 0;
      let saved = 0;
      let diedSaving = 0;
      // Starting Node takes longer than a life does, so the next host starts while this one lives.
      let next = new EditingHost();
      try {
        for (let kill = 0; kill < KILLS; kill++) {
          const host = next;
          next = new EditingHost();
          const moment =
            kill % 2 === 0
              ? ({ after: 'saving', milliseconds: random.integer(SAVE_MILLISECONDS) } as const)
              : ({ after: 'start', milliseconds: random.integer(LONGEST_LIFE_MILLISECONDS) } as const);
          const life = await host.liveAndDie(projectId, moment);
          projectId = life.projectId;
          acknowledged = Math.max(acknowledged, life.acknowledged);
          saved = Math.max(saved, life.saved);
          if (life.diedSaving) diedSaving++;
          while (states.length <= acknowledged + 1) {
            const last = states.at(-1)!;
            states.push(reduceRecord(last, scriptedRecord(last, states.length)));
          }
          const found = await reopen(projectId!);
          expect([acknowledged, acknowledged + 1]).toContain(found.sequence);
          expect(found.state).toEqual(states[found.sequence]);
          acknowledged = found.sequence;
          await expectFile(states, saved, acknowledged);
        }
      } finally {
        next.kill();
      }
      expect(acknowledged).toBeGreaterThan(5 * KILLS);
      expect(diedSaving).toBeGreaterThan(0);
    },
    STORY_TIMEOUT,
  );
});

/** What a host that starts after the crash finds. */
async function reopen(
  projectId: ProjectId,
): Promise<{ readonly sequence: number; readonly state: EditedDocument }> {
  const projects = projectsOn(join(folder, 'data'), avatarPath, { compactAfterLines: COMPACT_AFTER_LINES });
  try {
    const { unclosed } = await projects.handlers['projects.list']({});
    expect(unclosed.map((one) => one.projectId)).toEqual([projectId]);
    const { document, history, sequence, problem } = await projects.handlers['projects.resume']({
      projectId,
    });
    expect(problem).toBeUndefined();
    return { sequence, state: { document, history } };
  } finally {
    await projects.dispose();
  }
}

/** The project file is always whole: that of the last save, or of one that was cut off after it had its name. */
async function expectFile(states: readonly EditedDocument[], saved: number, sequence: number): Promise<void> {
  if (saved === 0 && !existsSync(savePath)) return;
  const { document } = await openProjectFile(savePath);
  expect(states.slice(saved, sequence + 1).map((state) => state.document)).toContainEqual(document);
  const beside = (await readdir(folder)).filter((name) => name.includes('crash.avatarartist'));
  // The killed save's own temporary file may lie there until the next save.
  expect(beside.length).toBeLessThanOrEqual(2);
}
