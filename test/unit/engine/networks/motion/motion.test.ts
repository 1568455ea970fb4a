import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sub } from '#engine/graph/ops/arithmetic';
import { square } from '#engine/graph/ops/elementwise';
import { mean } from '#engine/graph/ops/reduce';
import { input } from '#engine/graph/ops/sources';
import { motionNetworks } from '#engine/networks/motion/definitions';
import { applySimilarity, motionCrop } from '#engine/networks/motion/motionCrop';
import type { HourglassConfig } from '#engine/networks/motion/motionConfig';
import { motionEncoder } from '#engine/networks/motion/motionEncoder';
import { CONFIG_NAMES } from '#engine/networks/networkDefinition';
import { TRIPLANE_CONTRACTS } from '#engine/networks/triplaneContract';
import { buildNetwork, feedsOf, keysOf, millionsOf } from '#test/helpers/builtNetwork';
import { compareWithGolden, readGolden, runOnCpu } from '#test/helpers/golden';
import { trainBriefly } from '#test/helpers/trainBriefly';

const [network] = motionNetworks;

const TINY: HourglassConfig = {
  kind: 'hourglass',
  cropSize: 48,
  widths: [4, 8, 12],
  depth: 3,
  maps: 3,
  hidden: 14,
  heads: { eyes: 2, emotion: 3 },
  headPose: 4,
};

describe('the motion encoder', () => {
  it('agrees with PyTorch', async () => {
    const { errors, keyProblems } = await compareWithGolden(readGolden('motion'), (scope, inputs) => ({
      motion: motionEncoder(TINY)(scope, inputs['crop']),
    }));
    expect(keyProblems).toEqual([]);
    expect(errors['motion']).toBeLessThan(1e-4);
  });

  it('has the published size and keys', () => {
    const built = buildNetwork(network, 'released');
    expect(Math.abs(millionsOf(built) / 9.04 - 1)).toBeLessThan(0.005);
    const keys = keysOf(built);
    for (const key of [
      'model.m0.b2_plus_1.conv3.weight [64, 64, 3, 3]',
      'model.conv4.downsample.2.weight [256, 128, 1, 1]',
      'model.fc.weight [512, 784]',
      'to_emo.2.running_var [512]',
      'emo_embed.1.weight [30, 512]',
    ]) expect(keys).toContain(key); // prettier-ignore
  });

  it.each(CONFIG_NAMES)('gives codes as long as the renderer takes them at %s', (name) => {
    const { outputs } = buildNetwork(network, name, 2);
    expect(outputs['motion'].shape).toEqual([2, TRIPLANE_CONTRACTS[name].motionSize]);
  });

  it('runs, and learns codes, at compact-cpu', async () => {
    const built = buildNetwork(network, 'compact-cpu', 4);
    const feeds = feedsOf(built);
    const { motion } = built.outputs;
    const values = (await runOnCpu(built.outputs, feeds)).get('motion')!;
    expect(values.every((value) => Number.isFinite(value))).toBe(true);
    const wanted = Float32Array.from({ length: motion.size }, (_, k) => Math.sin(k));
    const batch = new Map([['crop', feeds.get('crop')!], ['wanted', wanted]]); // prettier-ignore
    const loss = mean(square(sub(motion, input('wanted', motion.shape))));
    const losses = await trainBriefly({ loss, parameters: built.parameters }, batch, {
      steps: 10,
      rate: 3e-3,
    });
    expect(losses[9]).toBeLessThan(0.5 * losses[0]);
  });
});

describe('the crop for motion', () => {
  it('puts eyes and mouth where the network wants them, whatever the picture', () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(
        number(20, 400),
        number(-3, 3),
        number(-500, 500),
        number(-500, 500),
        (scale, turn, x, y) => {
          // Two eyes 50 apart and a mouth 61 below their middle, the frame's own proportions, turned and moved.
          const place = (u: number, v: number) =>
          [x + scale * (u * Math.cos(turn) - v * Math.sin(turn)), y + scale * (u * Math.sin(turn) + v * Math.cos(turn))] as const; // prettier-ignore
          const points = { leftEye: place(-25, 0), rightEye: place(25, 0), mouth: place(0, 61) };
          const crop = motionCrop(points, 224);
          const wanted = [[71, 59], [121, 59], [96, 120]].map(([u, v]) => [(u * 224) / 192, (v * 224) / 192] as const); // prettier-ignore
          Object.values(points).forEach(([px, py], index) => {
            const [u, v] = applySimilarity(crop, wanted[index]);
            expect(Math.hypot(u - px, v - py) / scale).toBeLessThan(1e-6);
          });
        },
      ),
    );
  });
});
