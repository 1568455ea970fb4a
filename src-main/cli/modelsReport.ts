import type { InspectModelResult, ListedModel, VerifyModelsResult } from '#common/contract/api/modelsApi';
import type { FitReport, NetworkFacts } from '#common/models/modelTasks';
import { fileSize } from '#cli/terminal/describe';

/** `[1, 4, 32]` */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

export function listingLines(models: readonly ListedModel[]): string[] {
  if (models.length === 0) return ['No models yet; "models import <file>" takes one in.'];
  return models.map(({ id, version, network, config, bytes, origin, licence, problem }) => {
    const use =
      network === undefined ? 'no network' : `${network} ${typeof config === 'string' ? config : ''}`;
    const facts = `${id.padEnd(28)} ${`v${version}`.padEnd(8)} ${use.padEnd(24)} ${fileSize(bytes).padStart(10)}  ${origin}, ${licence}`;
    return problem === undefined ? facts : `${facts}\n  ${problem}`;
  });
}

export function inspectionLines(result: InspectModelResult): string[] {
  const { model, format, bytes, tensorCount, parameterCount, tensors, metadata } = result;
  const about = model === undefined ? [] : [
    `${model.name}, version ${model.version}, ${model.origin}`,
    `sha256    ${model.sha256}`,
    `network   ${model.network ?? 'none'}`,
    `source    ${model.source}`,
    `licence   ${model.licence}`,
    `consent   ${model.consent}`,
  ];
  return [
    ...about,
    `${format}, ${fileSize(bytes)}, ${tensorCount} tensors, ${(parameterCount / 1e6).toFixed(2)} M values`,
    ...tensors.map(({ name, type, shape }) => `  ${type.padEnd(5)} ${name} ${shapeText(shape)}`),
    ...(tensorCount > tensors.length ? [`  ... and ${tensorCount - tensors.length} more`] : []),
    ...inertLines(result.inertClasses),
    ...result.skipped.map((line) => `  skipped   ${line}`),
    ...Object.entries(metadata).map(([name, value]) => `  ${name}: ${value.slice(0, 200)}`),
  ];
} // prettier-ignore

export function verificationLines({ models }: VerifyModelsResult): string[] {
  return [`${models.length} models are what their SHA-256 says.`];
}

export function networkLines(networks: readonly NetworkFacts[]): string[] {
  return networks.flatMap(({ name, summary, parameterCount, gigaflops = 0, inputs = {}, outputs = {} }) => {
    if (parameterCount === undefined) return [`${name.padEnd(28)} ${summary}`];
    const size = `${(parameterCount / 1e6).toFixed(3)} M parameters, ${gigaflops.toFixed(gigaflops < 10 ? 3 : 0)} GFLOP`;
    const ports = (shapes: Readonly<Record<string, readonly number[]>>): string =>
      Object.entries(shapes).map(([port, shape]) => `${port} ${shapeText(shape)}`).join(', ');
    return [`${name.padEnd(28)} ${size}`, `  ${ports(inputs)}`, `  -> ${ports(outputs)}`];
  });
} // prettier-ignore

/** How names and shapes met a network, with what did not. */
export function fitLines(fit: FitReport): string[] {
  const { network, config, prefix, matchedCount, missingCount, misshapedCount, unexpectedCount, ignoredCount } = fit;
  const at = prefix === '' ? '' : ` under "${prefix.replace(/\.$/, '')}"`;
  return [
    `  network   ${network} at ${config}${at}: ${matchedCount} matched, ${missingCount} missing, ${misshapedCount} of another shape, ${unexpectedCount} unexpected, ${ignoredCount} ignored`,
    ...fit.missing.map(({ name, shape }) => `  missing   ${name} ${shapeText(shape)}`),
    ...fit.misshaped.map(({ name, expected, found }) => `  shape     ${name} is ${shapeText(found)} instead of ${shapeText(expected)}`),
    ...fit.unexpected.map((name) => `  left out  ${name}`),
    ...fit.elsewhere.map(([part, count]) => `  left out  ${count} tensors of the part "${part}"`),
  ];
} // prettier-ignore

/** Names of Python's that a file mentions; they were not looked up. */
export function inertLines(classes: readonly (readonly [string, number])[]): string[] {
  if (classes.length === 0) return [];
  const names = classes.slice(0, 8).map(([name, count]) => `${name} x ${count}`);
  const more = classes.length > 8 ? ` and ${classes.length - 8} more` : '';
  return [`  not run   ${names.join(', ')}${more}`];
}
