// A process that hosts one project and edits it without end, until it is killed. `hostCrash.test.ts` starts it with
// data folder, avatar file and project file, and sends "go" or "go <projectId>". It tells what was acknowledged.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ProjectId } from '#common/contract/api/projectsApi';
import { reduceRecord } from '#common/project/reduceRecord';
import { AVATAR_ID, projectsOn } from '#test/helpers/aProject';
import { COMPACT_AFTER_LINES, EDITS_PER_SAVE, scriptedRecord } from '#test/helpers/crash/editingScript';

const [dataDirectory, avatarPath, path] = process.argv.slice(2);
const { handlers: calls } = projectsOn(dataDirectory, avatarPath, { compactAfterLines: COMPACT_AFTER_LINES });

/** Through the system call, so that the line is out before anything else happens. */
const tell = (line: string): number => writeSync(1, `${line}\n`);

tell('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [, given] = line.split(' ');
  const project =
    given === undefined
      ? await calls['projects.create']({ avatarId: AVATAR_ID })
      : await calls['projects.resume']({ projectId: given as ProjectId });
  const { projectId } = project;
  tell(`project ${projectId}`);
  let { sequence } = project;
  let state = { document: project.document, history: project.history };
  for (;;) {
    const record = scriptedRecord(state, sequence + 1);
    ({ sequence } = await calls['projects.append']({ projectId, sequence: sequence + 1, record }));
    tell(`ack ${sequence}`);
    state = reduceRecord(state, record);
    if (sequence % EDITS_PER_SAVE !== 0) continue;
    tell('saving');
    await calls['projects.save']({ projectId, path });
    tell(`saved ${sequence}`);
  }
}
