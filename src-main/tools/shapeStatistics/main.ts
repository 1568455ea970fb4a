import { readFile, writeFile } from 'node:fs/promises';
import { decodeHeadModel } from '#common/head/headModelCodec';
import { solveShapes, TYPICAL } from '#tools/shapeStatistics/solveShapes';

// `npm run synth:shapes`: computes the distribution of shape modes (heads/identity/shapeStatistics.data.ts) from the head
// model and the face statistics beside this file.
const OUTPUT = process.argv[2] ?? 'src-main/common/synthetic/heads/identity/shapeStatistics.data.ts';
const LINE = 120;

const { mean, byFactor, root } = solveShapes(decodeHeadModel(await readFile('assets/head/head-v1.bin')));

function list(values: ArrayLike<number>): string {
  let text = '';
  let line = ' ';
  for (const value of Array.from(values)) {
    const next = ` ${Math.round(value * 100) / 100 + 0},`;
    if (line.length + next.length > LINE) {
      text += `${line}\n`;
      line = ' ';
    }
    line += next;
  }
  return `[\n${text}${line}\n]; // prettier-ignore`;
}

await writeFile(
  OUTPUT,
  `/**
 * What real faces are like, in the head model's 64 shape modes: written by \`npm run synth:shapes\` from the statistics in
 * tools/shapeStatistics. No measurement of a single person is in it.
 */

/** Number of shape modes, after age, sex and the two ancestries. */
export const SHAPE_MODES = ${mean.length};

/** Factors (age, sex, African, Asian ancestry) of the people that SHAPE_MEAN is of. */
export const TYPICAL_FACTORS = [${TYPICAL.join(', ')}] as const;

/** Mean of each mode. */
export const SHAPE_MEAN: readonly number[] = ${list(mean)}

/** Change of each mode's mean by sex, African and Asian ancestry (three a mode): the model's own factors overdo some, lack some. */
export const SHAPE_BY_FACTOR: readonly number[] = ${list(byFactor)}

/** Lower triangle, row by row, of the Cholesky factor of the modes' covariance. */
export const SHAPE_ROOT: readonly number[] = ${list(root)}
`,
);
