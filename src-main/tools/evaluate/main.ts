import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFaceTracker } from '#engine/tracking/createFaceTracker';
import { developmentPortraits } from '#tools/evaluate/developmentPortraits';
import type { DevelopmentPortrait } from '#tools/evaluate/developmentPortraits';
import { drawSheet } from '#tools/evaluate/drawSheet';
import { parseOptions } from '#tools/evaluate/evaluateOptions';
import { loadFaceRecogniser } from '#tools/evaluate/faceDescriptor';
import type { SubjectCoverage } from '#tools/evaluate/measureCoverage';
import { coverageTable, measureCoverage } from '#tools/evaluate/measureCoverage';
import type { RampFigures } from '#tools/evaluate/measureExpression';
import { expressionTable, measureExpression } from '#tools/evaluate/measureExpression';
import type { FitFigures } from '#tools/evaluate/measureFit';
import { fitTable, measureFit } from '#tools/evaluate/measureFit';
import type { IdentityFigures } from '#tools/evaluate/measureIdentity';
import { identityTable, measureIdentity } from '#tools/evaluate/measureIdentity';
import type { Turn, TurnFigures } from '#tools/evaluate/measureTurns';
import { measureTurns, turnsTable } from '#tools/evaluate/measureTurns';
import { meanHead } from '#tools/evaluate/meanHead';
import type { Table } from '#tools/evaluate/printTable';
import { formatTable } from '#tools/evaluate/printTable';
import type { Refusal, Subject } from '#tools/evaluate/subjects';
import { makeSubject, readHeadModel } from '#tools/evaluate/subjects';

// `npm run evaluate`: what avatars of real portraits look like, in figures and contact sheets. The portraits are
// fetched on demand, stay in .cache and appear in nothing that is committed. One portrait at a time: memory stays flat.

const CACHE = '.cache/evaluate';

/** Without --portraits, expressions are measured on these and on the mean head: 72 tracked frames for each. */
const EXPRESSION_PORTRAITS = new Set([
  'marc',
  'kendall',
  'christian',
  'card-profile2-square',
  'profile-picture-1',
  'profile-picture-3',
  'woman',
  'man',
]);

/** Avatars of frontal photographs, taken as the truth for what turning costs. */
const KNOWN_HEADS = new Set(['marc', 'profile-picture-1', 'profile-picture-2']);

interface Findings {
  readonly refusals: Refusal[];
  readonly identity: IdentityFigures[];
  readonly turns: TurnFigures[];
  readonly expression: RampFigures[];
  readonly fit: FitFigures[];
  readonly coverage: SubjectCoverage[];
  readonly sheets: string[];
}

const options = parseOptions(process.argv.slice(2));
const wants = (measure: Parameters<typeof options.measures.has>[0]): boolean => options.measures.has(measure);
const started = performance.now();
const model = await readHeadModel();
const tracker = createFaceTracker({ threadCount: 2 });
const recogniser =
  wants('identity') || wants('turns') ? await loadFaceRecogniser(join(CACHE, 'recogniser')) : undefined;
const portraits = (await developmentPortraits(CACHE)).filter(
  ({ name }) => options.portraits?.has(name) ?? true,
);
await mkdir(options.folder, { recursive: true });
const findings: Findings = {
  refusals: [],
  identity: [],
  turns: [],
  expression: [],
  fit: [],
  coverage: [],
  sheets: [],
};
const turns: Turn[] = [];
const knownHeads: Subject[] = [];
for (const portrait of portraits) await evaluatePortrait(portrait);
if (wants('turns') && recogniser) {
  findings.turns.push(...(await measureTurns(knownHeads, turns, { model, recogniser, tracker })));
}
if (wants('expression') && (options.portraits?.has('mean') ?? true)) {
  findings.expression.push(...(await measureExpression({ name: 'mean', avatar: meanHead(model) }, tracker)));
}
await tracker.dispose();
await report();

async function evaluatePortrait(portrait: DevelopmentPortrait): Promise<void> {
  log(portrait.name);
  let subject: Subject | Refusal;
  try {
    subject = await makeSubject(portrait, model, tracker);
  } catch (error) {
    // One portrait that cannot be reconstructed is a finding, not the end of the run.
    subject = { name: portrait.name, reason: error instanceof Error ? error.message : String(error) };
  }
  if ('reason' in subject) {
    findings.refusals.push(subject);
    return;
  }
  if (wants('identity') && recogniser) {
    findings.identity.push(await measureIdentity(subject, recogniser, tracker));
  }
  if (portrait.kind === 'photo') turns.push({ name: portrait.name, pose: subject.avatar.source.pose });
  if (KNOWN_HEADS.has(portrait.name)) knownHeads.push(subject);
  if (wants('fit')) findings.fit.push(await measureFit(subject, tracker));
  if (wants('coverage')) findings.coverage.push(measureCoverage(subject));
  if (wants('sheet')) findings.sheets.push(await drawSheet(subject, options.folder));
  const isRamped = options.portraits !== undefined || EXPRESSION_PORTRAITS.has(subject.name);
  if (wants('expression') && isRamped)
    findings.expression.push(...(await measureExpression(subject, tracker)));
}

async function report(): Promise<void> {
  const tables: Table[] = [];
  if (findings.identity.length > 0) tables.push(identityTable(findings.identity));
  if (findings.turns.length > 0) tables.push(turnsTable(findings.turns));
  if (findings.expression.length > 0) tables.push(expressionTable(findings.expression));
  if (findings.fit.length > 0) tables.push(fitTable(findings.fit));
  if (findings.coverage.length > 0) tables.push(coverageTable(findings.coverage));
  const refusals = findings.refusals.map(({ name, reason }) => `no avatar of ${name}: ${reason}`);
  const text = [...tables.map(formatTable), ...refusals].join('\n');
  const json = JSON.stringify(findings, undefined, 1);
  await writeFile(join(options.folder, 'report.txt'), `${text}\n`);
  await writeFile(join(options.folder, 'report.json'), json);
  console.log(options.isJson ? json : text);
  log(`${options.folder}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
