import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeHeadModel } from '#common/head/headModelCodec';
import { DEFAULT_LIBRARY } from '#common/synthetic/library/syntheticLibrary';
import { createFaceTracker } from '#engine/tracking/createFaceTracker';
import { listDomains, readDomains } from '#host/synthetic/readDomains';
import { loadFaceDescriptor } from '#tools/evaluate/faceDescriptor';
import { formatTable } from '#tools/evaluate/printTable';
import { openLibrary } from '#tools/openLibrary';
import { measureSpread, spreadTable } from '#tools/evaluateSynthetic/measureSpread';
import {
  labelPhotographs,
  measureProbe,
  probeDistributions,
  probeTable,
} from '#tools/evaluateSynthetic/measureProbe';
import type { ProbeFigures } from '#tools/evaluateSynthetic/measureProbe';
import { portraitPhotographs } from '#tools/evaluateSynthetic/portraitPhotographs';
import type { TrackingFigures } from '#tools/evaluateSynthetic/measureTracking';
import { measureTracking, trackingTable } from '#tools/evaluateSynthetic/measureTracking';
import { SyntheticSubjects } from '#tools/evaluateSynthetic/syntheticSubjects';

// `npm run evaluate:synthetic -- [--only tracking,spread,probe] [--people 50] [--styled 6] [--domains a,b] [--library makehuman]`: what trackers and
// recognisers make of synthetic heads, and what a probe learns from them. Recogniser and photographs come on demand into
// .cache.

const CACHE = '.cache/evaluate';
const SIZE = 256;
const YAWS = [-40, 0, 40];

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'tracking,spread,probe' },
    /** Realistic ones. */
    people: { type: 'string', default: '50' },
    /** Of every other domain. */
    styled: { type: 'string', default: '6' },
    domains: { type: 'string' },
    /** The probe trains on eight pictures of each. */
    probePeople: { type: 'string', default: '125' },
    /** One set of people each: figures vary by 0.05 from one to the next. */
    probeSeeds: { type: 'string', default: '11,21,31' },
    seed: { type: 'string', default: '7' },
    library: { type: 'string', default: DEFAULT_LIBRARY },
  },
});
const measures = new Set(values.only.split(','));
const model = decodeHeadModel(await readFile('assets/head/head-v1.bin'));
const folder = 'assets/domains';
const recipes = await readDomains(folder, values.domains?.split(',') ?? (await listDomains(folder)));
const library = await openLibrary(values.library, model);
const options = { seed: Number(values.seed), size: SIZE, library };

if (measures.has('tracking')) {
  const tracker = createFaceTracker({ threadCount: 2 });
  const figures: TrackingFigures[] = [];
  for (const [id, recipe] of recipes) {
    const count = Number(id === 'realistic' ? values.people : values.styled);
    const subjects = new SyntheticSubjects(model, recipe, options);
    figures.push(...(await measureTracking(id, subjects, tracker, { count, yaws: YAWS })));
    process.stderr.write(`${id}\n`);
  }
  await tracker.dispose();
  console.log(formatTable(trackingTable(figures)));
}

const realistic = recipes.get('realistic');
if (measures.has('spread') && realistic !== undefined) {
  const describe = await loadFaceDescriptor(join(CACHE, 'recogniser'));
  const subjects = new SyntheticSubjects(model, realistic, options);
  console.log(formatTable(spreadTable(await measureSpread(subjects, describe, Number(values.people)))));
}

if (measures.has('probe') && realistic !== undefined) {
  const tracker = createFaceTracker({ threadCount: 2 });
  const photographs = await labelPhotographs(await portraitPhotographs(CACHE), tracker);
  const amounts = { people: Number(values.probePeople), shots: 8 };
  const sets: ProbeFigures[] = [];
  for (const seed of values.probeSeeds.split(',').map(Number)) {
    const subjects = new SyntheticSubjects(model, realistic, { seed, size: 144, library });
    sets.push(await measureProbe(subjects, photographs, tracker, amounts));
    process.stderr.write(`probe, seed ${seed}\n`);
  }
  console.log(formatTable(probeTable(sets)));
  console.log(formatTable(probeDistributions(sets[0])));
  await tracker.dispose();
}
