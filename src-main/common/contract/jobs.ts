import type { ExportAvatarResult, MakeAvatarResult } from '#common/contract/avatarResults';
import type { RestyleAvatarResult } from '#common/contract/api/libraryApi';
import type {
  PreviewDomainsResult,
  SynthesizeResult,
  VerifyDatasetResult,
} from '#common/contract/api/syntheticApi';
import type {
  CreateWeightsResult,
  ImportModelsResult,
  InspectModelResult,
  ListNetworksResult,
  MeasureNetworkResult,
  RunNetworkResult,
  VerifyModelsResult,
} from '#common/contract/api/modelsApi';
import type { WireError } from '#common/contract/wire';

declare const jobIdBrand: unique symbol;

/** Names one job of one host; never reused while the host lives. */
export type JobId = string & { readonly [jobIdBrand]: true };

/** Job kind -> what it returns. */
export interface JobResults {
  readonly makeAvatar: MakeAvatarResult;
  readonly exportAvatar: ExportAvatarResult;
  readonly restyleAvatar: RestyleAvatarResult;
  readonly synthesize: SynthesizeResult;
  readonly previewDomains: PreviewDomainsResult;
  readonly verifyDataset: VerifyDatasetResult;
  readonly importModels: ImportModelsResult;
  readonly inspectModel: InspectModelResult;
  readonly verifyModels: VerifyModelsResult;
  readonly listNetworks: ListNetworksResult;
  readonly runNetwork: RunNetworkResult;
  readonly createWeights: CreateWeightsResult;
  readonly measureNetwork: MeasureNetworkResult;
}

export type JobKind = keyof JobResults;

/** How a job ended. A cancelled job left no output behind. */
export type JobOutcome =
  | { readonly state: 'succeeded'; readonly result: JobResults[JobKind] }
  | { readonly state: 'failed'; readonly error: WireError }
  | { readonly state: 'cancelled' };

/** What starting long work returns at once; the kind is there for the types of `followJob`. */
export interface StartedJob<Kind extends JobKind = JobKind> {
  readonly jobId: JobId;
  readonly kind: Kind;
}

export interface JobStatus {
  readonly jobId: JobId;
  readonly kind: JobKind;
  readonly state: 'running' | JobOutcome['state'];
  readonly stage?: string;
  readonly fraction?: number;
  /** Present once the job has ended. */
  readonly outcome?: JobOutcome;
}
