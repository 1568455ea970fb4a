import { z } from 'zod';
import type { StartedJob } from '#common/contract/jobs';
import type { WireError } from '#common/contract/wire';
import type { ModelManifest } from '#common/models/modelManifest';
import { modelIdSchema } from '#common/models/modelManifest';
import type {
  ConvertedFile,
  CreatedWeights,
  InspectedFile,
  MeasuredNetwork,
  NetworkFacts,
  RanNetwork,
} from '#common/models/modelTasks';

/** A model of the store, or one that ships as a pack. */
export interface ListedModel extends ModelManifest {
  readonly origin: 'store' | 'pack';
  /** Present where it cannot be used: why, in one sentence. */
  readonly problem?: string;
}

/** What became of one file. */
export type ImportedFile =
  | { readonly file: string; readonly state: 'imported'; readonly model: ListedModel; readonly conversion: ConvertedFile; readonly peakBytes: number }
  | { readonly file: string; readonly state: 'failed'; readonly error: WireError }; // prettier-ignore

export interface ImportModelsResult {
  readonly files: readonly ImportedFile[];
  readonly milliseconds: number;
}

/** A model by id, with what its weights hold; or a file that nobody has imported. */
export interface InspectModelResult extends InspectedFile {
  readonly model?: ListedModel;
}

export interface VerifyModelsResult {
  readonly models: readonly { readonly id: string; readonly isSound: boolean; readonly problem?: string }[];
}

export interface ListNetworksResult {
  readonly networks: readonly NetworkFacts[];
}

/** With the most memory its process held, in bytes. */
export type RunNetworkResult = RanNetwork & { readonly out: string; readonly peakBytes: number };
export type CreateWeightsResult = CreatedWeights & { readonly out: string };
export type MeasureNetworkResult = MeasuredNetwork & { readonly peakBytes: number };

const path = z.string().min(1, 'must name a file');
/** A model of the store by its id, or a file. */
const modelReference = z.union([z.strictObject({ id: modelIdSchema }), z.strictObject({ path })]);
const networkName = z.string().min(1).max(100);
const configName = z.string().min(1).max(60);
const config = z.union([configName, z.record(z.string(), z.unknown())]);
const backend = z.enum(['cpu', 'webgpu', 'cuda']).default('cpu');
const note = z.string().max(4000).optional();

export interface ModelsApi {
  /** Takes a file of weights, or each of a folder, into the store. Cancelled or killed, the next import goes on there. */
  'models.import': { params: ImportModelsParams; result: StartedJob<'importModels'> };
  'models.list': { params: Record<never, never>; result: { readonly models: readonly ListedModel[] } };
  'models.inspect': { params: { model: ModelReference }; result: StartedJob<'inspectModel'> };
  /** Reads the weights of one model, or of all, and compares them with their SHA-256. */
  'models.verify': { params: { id?: string }; result: StartedJob<'verifyModels'> };
  /** Removes a model of the store; packs belong to the installation. */
  'models.remove': { params: { id: string }; result: { readonly freedBytes: number } };
  'models.networks': { params: { network?: string; config?: string }; result: StartedJob<'listNetworks'> };
  /** Runs a network, or one module of one, on the tensors of a safetensors file. */
  'models.run': { params: RunNetworkParams; result: StartedJob<'runNetwork'> };
  /** Writes a new network's weights under their published names. */
  'models.create': { params: CreateWeightsParams; result: StartedJob<'createWeights'> };
  /** Times a network at batch 1 with made-up weights. */
  'models.measure': { params: MeasureNetworkParams; result: StartedJob<'measureNetwork'> };
}

export const MODELS_PARAMS = {
  'models.import': z.strictObject({
    path,
    /** Fit names and shapes to a network of this config (`released`); without it names stay as they are. */
    as: configName.optional(),
    /** By default the network of which the file has most. */
    network: networkName.optional(),
    /** Only this part of the file: `G_ema`, `state_dict`. */
    part: z.string().min(1).max(200).optional(),
    /** By default that of the file. */
    name: z.string().min(1).max(200).optional(),
    version: z.string().min(1).max(60).optional(),
    source: note,
    licence: note,
    consent: note,
    /** Keep what fits although something is missing or has another shape. */
    partial: z.boolean().default(false),
  }),
  'models.list': z.strictObject({}),
  'models.inspect': z.strictObject({ model: modelReference }),
  'models.verify': z.strictObject({ id: modelIdSchema.optional() }),
  'models.remove': z.strictObject({ id: modelIdSchema }),
  'models.networks': z.strictObject({ network: networkName.optional(), config: configName.optional() }),
  'models.run': z.strictObject({
    network: networkName,
    config,
    weights: modelReference,
    inputs: path,
    out: path,
    backend,
  }),
  'models.create': z.strictObject({
    network: networkName,
    config,
    seed: z.int('must be a whole number').min(0).max(0xffffffff),
    out: path,
  }),
  'models.measure': z.strictObject({
    network: networkName,
    config,
    backend,
    runs: z.int('must be a whole number').min(1).max(1000).default(5),
  }),
} as const satisfies { readonly [Method in keyof ModelsApi]: z.ZodType };

export type ModelReference = z.output<typeof modelReference>;
export type ImportModelsParams = z.input<(typeof MODELS_PARAMS)['models.import']>;
export type ImportModelsRequest = z.output<(typeof MODELS_PARAMS)['models.import']>;
export type RunNetworkParams = z.input<(typeof MODELS_PARAMS)['models.run']>;
export type CreateWeightsParams = z.input<(typeof MODELS_PARAMS)['models.create']>;
export type MeasureNetworkParams = z.input<(typeof MODELS_PARAMS)['models.measure']>;
