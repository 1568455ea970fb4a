import { assertNever } from '#common/contract/errors';
import type { Port } from '#common/contract/port';
import type { WorkContext } from '#common/contract/progress';
import { toWire } from '#common/contract/wire';
import type { ModelTask, ModelTaskAnswer, ModelTaskResults } from '#common/models/modelTasks';

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

/** Each kind loads only its own parts: an inspection needs no networks, and a conversion no runtime. */
async function runTask(task: ModelTask, context: WorkContext): Promise<ModelTaskResults[ModelTask['kind']]> {
  switch (task.kind) {
    case 'inspect':
      return (await import('#engine/models/inspectFile')).inspectFile(task.path);
    case 'convert':
      return await (await import('#engine/models/convertFile')).convertFile(task, context);
    case 'networks':
      return (await import('#engine/models/listNetworks')).listNetworks(task.network, task.config);
    case 'run':
      return await (await import('#engine/models/runNetwork')).runNetwork(task, context);
    case 'create':
      return await (await import('#engine/models/createWeights')).createWeights(task, context);
    case 'measure':
      return await (await import('#engine/models/measureNetwork')).measureNetwork(task, context);
    default:
      return assertNever(task, 'model task');
  }
}
