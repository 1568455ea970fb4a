import { AppError } from '#common/contract/errors';
import type { FitReport } from '#common/models/modelTasks';
import type { NameMatch } from '#engine/checkpoints/names/matchNames';
import { matchNames, shareMatched } from '#engine/checkpoints/names/matchNames';
import type { TensorEntry } from '#engine/checkpoints/tensorEntry';
import { elementCount } from '#engine/checkpoints/tensorEntry';
import type { BuiltNetwork } from '#engine/networks/catalogue';
import { buildNetwork, ignoredKeysOf, networkNamed, NETWORKS } from '#engine/networks/catalogue';

/** A network and how a file's tensors fit it. */
export interface NetworkFit {
  readonly built: BuiltNetwork;
  readonly match: NameMatch;
}

/** Below this share of its elements a file is not recognised as a network's. */
const RECOGNISED_SHARE = 0.5;
/** Names that a message lists; counts are always whole. */
const LISTED = 200;

/**
 * Fits tensors to the named network, or to the one of which the file has most.
 *
 * @throws AppError input.badOption for a network or config that does not exist; checkpoint.mismatch where the file is
 *   no network's that is known
 */
export function fitNetwork(
  tensors: readonly TensorEntry[],
  choice: { readonly network?: string | undefined; readonly config: unknown; readonly part?: string | undefined },
): NetworkFit {
  const fitTo = (built: BuiltNetwork): NetworkFit => {
    const wanted = built.parameters.map(({ attributes, shape }) => ({ name: attributes.name, shape }));
    const options = { part: choice.part, ignoredKeys: ignoredKeysOf(built.network) };
    return { built, match: matchNames(tensors, wanted, options) };
  };
  if (choice.network !== undefined) return fitTo(buildNetwork(networkNamed(choice.network), choice.config, 1));
  let best: { readonly fit: NetworkFit; readonly elements: number } | undefined;
  for (const network of NETWORKS) {
    const fit = fitTo(buildNetwork(network, choice.config, 1));
    if (shareMatched(fit.match) < RECOGNISED_SHARE) continue;
    const elements = fit.match.matched.reduce((total, { shape }) => total + elementCount(shape), 0);
    if (best === undefined || elements > best.elements) best = { fit, elements };
  }
  if (best !== undefined) return best.fit;
  throw new AppError(
    'checkpoint.mismatch',
    'The file has the names of no network that is known. Import it without --as to keep it under its own names.',
  );
} // prettier-ignore

/** The fit as a caller sees it. */
export function reportFit({ built, match }: NetworkFit, config: string): FitReport {
  return {
    network: built.network.name,
    config,
    prefix: match.prefix,
    matchedCount: match.matched.length,
    missingCount: match.missing.length,
    misshapedCount: match.misshaped.length,
    unexpectedCount: match.unexpected.length,
    ignoredCount: match.ignored.length,
    missing: match.missing.slice(0, LISTED),
    misshaped: match.misshaped.slice(0, LISTED),
    unexpected: match.unexpected.slice(0, LISTED),
    elsewhere: match.elsewhere.slice(0, LISTED),
  };
}

/** @throws AppError checkpoint.mismatch, naming one by one what is missing or has another shape */
export function requireWholeFit(report: FitReport): void {
  const { network, config, missing, misshaped, missingCount, misshapedCount } = report;
  if (missingCount + misshapedCount === 0) return;
  const lines = [
    ...misshaped.map(({ name, expected, found }) => `${name} is [${found.join(', ')}], [${expected.join(', ')}] was expected`),
    ...missing.map(({ name, shape }) => `${name} [${shape.join(', ')}] is missing`),
  ];
  const shown = lines.slice(0, 5).join('; ');
  const more = missingCount + misshapedCount - Math.min(5, lines.length);
  throw new AppError(
    'checkpoint.mismatch',
    `The weights do not fit ${network} at ${config}: ${missingCount} missing, ${misshapedCount} of another shape. ${shown}${more > 0 ? `; and ${more} more` : ''}.`,
    { details: { fit: report } },
  );
} // prettier-ignore
