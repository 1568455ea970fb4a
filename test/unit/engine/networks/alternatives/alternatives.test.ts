import { describe, expect, it } from 'vitest';
import { sub } from '#engine/graph/ops/arithmetic';
import { abs } from '#engine/graph/ops/elementwise';
import { stack } from '#engine/graph/ops/layout';
import { mean } from '#engine/graph/ops/reduce';
import { input } from '#engine/graph/ops/sources';
import { alternativeNetworks } from '#engine/networks/alternatives/definitions';
import type { DeformationConfig } from '#engine/networks/alternatives/deformationField';
import { canonicalPoints } from '#engine/networks/alternatives/deformationField';
import { GEN_HEAD_CONFIGS } from '#engine/networks/alternatives/genHead';
import { lookAtLabel } from '#engine/networks/camera/lookAt';
import { CONFIG_NAMES } from '#engine/networks/networkDefinition';
import type { HostValues } from '#engine/runtime/Backend';
import { buildNetwork, feedsOf } from '#test/helpers/builtNetwork';
import { compareWithGolden, readGolden, runOnCpu } from '#test/helpers/golden';
import { TINY_RENDERER } from '#test/helpers/tinyRendererConfig';
import { trainBriefly } from '#test/helpers/trainBriefly';

function built(name: string, config: Parameters<typeof buildNetwork>[1] = 'compact-cpu') {
  const network = alternativeNetworks.find((candidate) => candidate.name === name);
  if (network === undefined) throw new Error(`no network ${name}`);
  const expression = buildNetwork(network, config);
  const feeds = (): Map<string, HostValues> => {
    const values = feedsOf(expression).set('label', lookAtLabel());
    // A mesh is there or is not; nothing is a mouth.
    const mesh = values.get('mesh');
    if (mesh === undefined) return values;
    values.set(
      'mesh',
      Float32Array.from(mesh, (value, k) => (k % 3 === 2 ? Number(value > 0) : value)),
    );
    return values.set('mouth', new Float32Array(mesh.length / 3));
  };
  return { ...expression, feeds };
}

describe("GenHead's deformation field", () => {
  it('agrees with matrix exponentials in PyTorch', async () => {
    const config: DeformationConfig = {
      expressionSize: 3,
      frequencies: 2,
      hidden: 5,
      layers: 1,
      parts: [{ centres: [], radius: 1 }, { centres: [[-0.5, 0.2, 0.1], [0.4, 0, -0.3]], radius: 0.75 }],
    }; // prettier-ignore
    const { errors, keyProblems } = await compareWithGolden(readGolden('deformation'), (scope, inputs) => {
      const { points, shares } = canonicalPoints(scope, inputs['seen'], inputs['expression'], config);
      return { points: stack(points, 1), shares };
    });
    expect(keyProblems).toEqual([]);
    expect(Math.max(errors['points'], errors['shares'])).toBeLessThan(1e-4);
  });

  it('leaves everything where it is before it has learned', async () => {
    const { outputs, feeds } = built('alternatives.deformation');
    const given = feeds();
    const points = (await runOnCpu(outputs, given)).get('points')!;
    const seen = given.get('seen')!;
    for (let k = 0; k < points.length; k++) expect(points[k]).toBeCloseTo(seen[k % seen.length], 1);
  });

  it('bends the picture of a head, not its canonical planes', async () => {
    const { outputs, feeds } = built('alternatives.genHead');
    const { raw, planes } = outputs;
    const given = feeds();
    // As after some training: the field moves points by some hundredths.
    for (const [name, values] of given) {
      if (/^deformation.*out.weight$/.test(name))
        given.set(
          name,
          Float32Array.from(values, (value) => value * 300),
        );
    }
    const neutral = await runOnCpu({ raw, planes }, given);
    const other = given.get('expression')!.map((value) => -value) as Float32Array;
    const moved = await runOnCpu({ raw, planes }, new Map([...given, ['expression', other]]));
    expect(moved.get('planes')).toEqual(neutral.get('planes'));
    expect(distance(moved.get('raw')!, neutral.get('raw')!)).toBeGreaterThan(1e-4);
  });
});

describe('the compared renderers', () => {
  it('Model A knows no mesh and no triplane, Model B no motion codes', () => {
    expect(Object.keys(built('alternatives.modelA').inputs).sort()).toEqual(
      ['label', 'motion', 'motionScale', 'source', 'sourceMotion', 'ws'],
    ); // prettier-ignore
    expect(Object.keys(built('alternatives.modelB').inputs).sort()).toEqual(['label', 'mesh', 'mouth', 'source', 'ws']); // prettier-ignore
  });

  const { core } = TINY_RENDERER;
  const canonical = { ...core.canonical, looksAtMotion: false };
  const tinyA = { ...TINY_RENDERER, core: { ...core, usesPlanes: false } };
  const tinyB = {
    predictor: { ...core, canonical, usesPlanes: false },
    renderer: { ...TINY_RENDERER, core: { ...core, canonical } },
  };
  const { mapping, synthesis, deformation } = GEN_HEAD_CONFIGS['compact-cpu'];
  const tinyHead = {
    mapping: { ...mapping, latentCount: 8 },
    synthesis: { ...synthesis, baseSize: 4, size: 32, channelBase: 1024 },
    deformation,
    volume: TINY_RENDERER.volume,
    superresolution: TINY_RENDERER.superresolution,
  };

  it.each([
    ['alternatives.modelA', tinyA],
    ['alternatives.modelB', tinyB],
    ['alternatives.genHead', tinyHead],
  ])(
    '%s runs and learns',
    async (name, json) => {
      const { parameters, inputs, outputs, feeds } = built(name, { json });
      const { raw } = outputs;
      const given = feeds();
      const batch = new Map(Object.keys(inputs).map((key) => [key, given.get(key)!]));
      batch.set(
        'wanted',
        Float32Array.from({ length: raw.size }, (_, k) => Math.sin(k / 50)),
      );
      const loss = mean(abs(sub(raw, input('wanted', raw.shape))));
      const losses = await trainBriefly({ loss, parameters }, batch, { steps: 8, rate: 5e-4 });
      expect(losses[7]).toBeLessThan(losses[0]);
    },
    120_000,
  );

  it.each(CONFIG_NAMES)('all build at %s', (config) => {
    for (const { name } of alternativeNetworks) {
      expect(Object.keys(built(name, config).outputs).length).toBeGreaterThan(0);
    }
  });
});

function distance(a: HostValues, b: HostValues): number {
  let most = 0;
  for (let k = 0; k < a.length; k++) most = Math.max(most, Math.abs(a[k] - b[k]));
  return most;
}
