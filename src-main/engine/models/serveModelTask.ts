import { assertNever } from '#common/contract/errors';
import type { Port } from '#common/contract/port';
import type { WorkContext } from '#common/contract/progress';
import { toWire } from '#common/contract/wire';
import type { ModelTask, ModelTaskAnswer, ModelTaskResults } from '#common/models/modelTasks';
import { convertFile } from '#engine/models/convertFile';
import { createWeights } from '#engine/models/createWeights';
import { inspectFile } from '#engine/models/inspectFile';
import { listNetworks } from '#engine/models/listNetworks';
import { measureNetwork } from '#engine/models/measureNetwork';
import { runNetwork } from '#engine/models/runNetwork';

/** Answers one task after the other; who wants to cancel one ends the process. */
export function serveModelTask(port: Port): void {
  const post = (answer: ModelTaskAnswer): void => port.post(answer);
  const context: WorkContext = {
    onProgress: (progress) => post({ kind: 'progress', ...progress }),
  };
  port.onMessage((message) => {
    runTask(message as ModelTask, context).then(
      (result) => post({ kind: 'done', result, peakBytes: process.resourceUsage().maxRSS * 1024 }),
      (error: unknown) => post({ kind: 'failed', error: toWire(error) }),
    );
  });
}

async function runTask(task: ModelTask, context: WorkContext): Promise<ModelTaskResults[ModelTask['kind']]> {
  switch (task.kind) {
    case 'inspect':
      return inspectFile(task.path);
    case 'convert':
      return await convertFile(task, context);
    case 'networks':
      return listNetworks(task.network, task.config);
    case 'run':
      return await runNetwork(task, context);
    case 'create':
      return await createWeights(task, context);
    case 'measure':
      return await measureNetwork(task, context);
    default:
      return assertNever(task, 'model task');
  }
}
