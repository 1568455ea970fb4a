import { join } from 'node:path';
import type {
  InspectModelResult,
  ModelReference,
  ModelsApi,
  VerifyModelsResult,
} from '#common/contract/api/modelsApi';
import type { EngineProcess } from '#common/contract/engineProcess';
import { AppError } from '#common/contract/errors';
import type { HostHandlers } from '#common/contract/hostApi';
import type { Clock } from '#host/clock';
import { withOutputs } from '#host/files/outputTransaction';
import type { JobContext, JobRunner } from '#host/jobs/jobRunner';
import { importModels } from '#host/models/importModels';
import type { FoundModel, ModelStore } from '#host/models/modelStore';
import { runModelTask } from '#host/models/runModelTask';

export interface ModelsSurroundings {
  readonly store: ModelStore;
  readonly modelsFolder: string;
  /** Starts `modelMain.worker`; once for each task. */
  readonly startProcess: () => EngineProcess;
  readonly jobs: JobRunner;
  readonly clock: Clock;
}

/** The calls of `models.*`: long ones are jobs, whatever reads weights or builds networks runs in another process. */
export function createModelsHandlers(surroundings: ModelsSurroundings): Pick<HostHandlers, keyof ModelsApi> {
  const { store, modelsFolder, startProcess, jobs, clock } = surroundings;
  const weightsOf = async (reference: ModelReference): Promise<string> =>
    'path' in reference ? reference.path : (await usable(store, reference.id)).weightsPath;
  return {
    'models.import': (params) =>
      jobs.start('importModels', (context) =>
        importModels(params, context, { store, startProcess, clock, importsFolder: join(modelsFolder, 'imports') }),
      ),
    'models.list': async () => ({ models: (await store.list()).map(({ model }) => model) }),
    'models.inspect': ({ model }) => jobs.start('inspectModel', (context) => inspect(model, context, surroundings)),
    'models.verify': ({ id }) => jobs.start('verifyModels', (context) => verify(store, id, context)),
    'models.remove': async ({ id }) => ({ freedBytes: await store.remove(id) }),
    'models.networks': ({ network, config }) =>
      jobs.start('listNetworks', async (context) => {
        const { result } = await runModelTask(startProcess, { kind: 'networks', network, config }, context);
        return result;
      }),
    'models.run': ({ weights, out, ...params }) =>
      jobs.start('runNetwork', (context) =>
        withOutputs(async (outputs) => {
          const path = await outputs.reserveFile(out);
          const task = { kind: 'run' as const, ...params, weights: await weightsOf(weights), out: path };
          const { result, peakBytes } = await runModelTask(startProcess, task, context);
          return { ...result, out, peakBytes };
        }),
      ),
    'models.create': ({ out, ...params }) =>
      jobs.start('createWeights', (context) =>
        withOutputs(async (outputs) => {
          const path = await outputs.reserveFile(out);
          const { result } = await runModelTask(startProcess, { kind: 'create', ...params, out: path }, context);
          return { ...result, out };
        }),
      ),
    'models.measure': (params) =>
      jobs.start('measureNetwork', async (context) => {
        const { result, peakBytes } = await runModelTask(startProcess, { kind: 'measure', ...params }, context);
        return { ...result, peakBytes };
      }),
  };
} // prettier-ignore

async function inspect(
  reference: ModelReference,
  context: JobContext,
  { store, startProcess }: ModelsSurroundings,
): Promise<InspectModelResult> {
  const found = 'id' in reference ? await usable(store, reference.id) : undefined;
  const path = 'path' in reference ? reference.path : (found?.weightsPath ?? '');
  const { result } = await runModelTask(startProcess, { kind: 'inspect', path }, context);
  return { ...result, ...(found === undefined ? {} : { model: found.model }) };
}

async function verify(
  store: ModelStore,
  id: string | undefined,
  context: JobContext,
): Promise<VerifyModelsResult> {
  const models: VerifyModelsResult['models'][number][] = [];
  for (const found of id === undefined ? await store.list() : [await store.find(id)]) {
    const problem = await store.verify(found, context);
    const facts = { id: found.model.id, isSound: problem === undefined };
    models.push(problem === undefined ? facts : { ...facts, problem });
  }
  return { models };
}

async function usable(store: ModelStore, id: string): Promise<FoundModel> {
  const found = await store.find(id);
  if (found.model.problem === undefined) return found;
  throw new AppError(
    'model.hashMismatch',
    `The model "${id}" cannot be used: ${found.model.problem}. Import it again.`,
  );
}
