import { readFileSync } from 'node:fs';
import { decodeHeadModel } from '#common/head/headModelCodec';
import { ACTIVE_WEIGHT, measureRecovery } from '#test/bench/recoveryTable';

// `npm run bench:fit [heads] [noise]`: how well the landmark fit finds pose and expression of heads drawn from
// the model. Aims: rotation within 2 degrees, active channels within 0.08 on average.
const heads = Number(process.argv[2] ?? 200);
const noise = Number(process.argv[3] ?? 0.01);
const model = decodeHeadModel(new Uint8Array(readFileSync('assets/head/head-v1.bin')));
const result = measureRecovery(model, heads, noise);
console.log(
  `${heads} heads, landmark noise ${(noise * 100).toFixed(1)} % of the eye span, ` +
    `${result.millisecondsMedian.toFixed(0)} ms a fit (median)`,
);
console.log(
  `head rotation: median ${result.rotationMedian.toFixed(2)}, worst ${result.rotationWorst.toFixed(2)} degrees`,
);
console.log(
  `active channels (> ${ACTIVE_WEIGHT}): mean absolute error ${result.activeError.toFixed(3)}, ` +
    `${result.toldApartError.toFixed(3)} without those that pictures cannot tell apart (*)`,
);
console.log('channel              active   error   at rest');
for (const { name, visible, toldApart, active, activeError, restWeight } of result.channels) {
  const error = !visible ? 'unseen' : active > 0 ? activeError.toFixed(3) : '-';
  console.log(
    `${(toldApart ? name : `${name} *`).padEnd(20)} ${String(active).padStart(6)} ${error.padStart(7)} ${restWeight.toFixed(3).padStart(9)}`,
  );
}
