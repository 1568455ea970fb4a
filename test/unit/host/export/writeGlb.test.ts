import fc from 'fast-check';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ARKIT_CHANNELS, channelIndex } from '#common/head/arkitChannels';
import type { RigPose } from '#common/rig/rigPose';
import { parseMotion } from '#common/timeline/motionClip';
import { compareGlb } from '#host/export/glb/compareGlb';
import { sampleGlbMotion } from '#host/export/glb/glbMotion';
import { validateGlb } from '#host/export/glb/validateGlb';
import { writeGlb } from '#host/export/writeGlb';
import { tinyAvatar } from '#test/helpers/tinyAvatar';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-glb-'));
  path = join(folder, 'a.glb');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface GltfJson {
  asset: { generator: string; version: string; extras: Record<string, unknown> };
  meshes: {
    extras: { targetNames: string[] };
    primitives: { targets: { POSITION: number }[] }[];
    weights: number[];
  }[];
  accessors: { count: number; bufferView?: number; sparse?: { count: number }; componentType: number }[];
  nodes: { name: string; translation?: number[]; children?: number[]; skin?: number }[];
  skins: { joints: number[]; skeleton: number }[];
  animations?: {
    name: string;
    channels: { target: { path: string; node: number } }[];
    samplers: unknown[];
  }[];
  materials: { extensions: Record<string, unknown> }[];
  images: { mimeType: string }[];
  extensionsUsed: string[];
}

async function readJson(): Promise<GltfJson> {
  const file = await readFile(path);
  return JSON.parse(file.subarray(20, 20 + file.readUInt32LE(12)).toString('utf8')) as GltfJson;
}

function aPose(weights: Partial<Record<string, number>>, yaw = 0): RigPose {
  return {
    weights: Float32Array.from(ARKIT_CHANNELS, (name) => weights[name] ?? 0),
    head: { yaw, pitch: yaw / 2, roll: -yaw / 3 },
    neck: { yaw: yaw / 4, pitch: 0, roll: 0 },
    gaze: { yaw: yaw / 2, pitch: 0.1 },
  };
}

describe('writeGlb', () => {
  it('writes what other programs look for, named as they expect', async () => {
    const avatar = tinyAvatar('Someone');
    const result = await writeGlb(avatar, { path, extras: { licence: 'private' } });
    const json = await readJson();
    expect(json.asset).toMatchObject({
      version: '2.0',
      generator: 'AvatarArtist Studio',
      extras: { licence: 'private', headModelVersion: 1 },
    });
    expect(json.meshes[0].extras.targetNames).toEqual(ARKIT_CHANNELS);
    expect(json.meshes[0].primitives[0].targets).toHaveLength(52);
    expect(json.skins[0].joints.map((node) => json.nodes[node].name)).toEqual(
      avatar.geometry.joints.map(({ name }) => name),
    );
    expect(json.materials[0].extensions).toEqual({ KHR_materials_unlit: {} });
    expect(json.images[0].mimeType).toBe('image/jpeg');
    expect(json.animations).toBeUndefined();
    expect(result.report).toMatchObject({
      morphTargets: 52,
      joints: 6,
      validation: { errors: 0, warnings: 0 },
    });
    expect(result.bytes).toBe((await readFile(path)).length);
  });

  it('stores each morph target sparsely, with as many entries as vertices move', async () => {
    const avatar = tinyAvatar();
    await writeGlb(avatar, { path });
    const json = await readJson();
    const counts = json.meshes[0].primitives[0].targets.map(({ POSITION }) => {
      const { sparse, bufferView } = json.accessors[POSITION];
      return bufferView === undefined ? (sparse?.count ?? 0) : 'dense';
    });
    expect(counts).toEqual(avatar.geometry.morphs.map(({ vertices }) => vertices.length));
  });

  it('writes the motion as one weights sampler and two rotations', async () => {
    const motion = parseMotion({
      format: 'avatarartist-motion',
      version: 1,
      name: 'nod',
      durationSeconds: 1,
      tracks: {
        jawOpen: [
          [0, 0],
          [0.5, 1],
          [1, 0],
        ],
        'head.pitch': [
          [0, 0],
          [1, 20],
        ],
      },
    });
    const { report } = await writeGlb(tinyAvatar(), { path, motion: sampleGlbMotion(motion, 30) });
    const json = await readJson();
    const animation = json.animations?.[0];
    expect(animation?.name).toBe('nod');
    expect(animation?.channels.map(({ target }) => `${json.nodes[target.node].name}.${target.path}`)).toEqual(
      ['Tiny.weights', 'neck.rotation', 'head.rotation'],
    );
    expect(report.animationKeys).toBe(31);
    expect(report.comparison.framesCompared).toBe(6);
  });

  it('plays back as the avatar moves, whatever the motion', async () => {
    const avatar = tinyAvatar();
    const weight = fc.float({ min: 0, max: 1, noNaN: true });
    const angle = fc.float({ min: -3, max: 3, noNaN: true });
    const euler = fc.record({ yaw: angle, pitch: angle, roll: angle });
    const pose = fc.record({
      weights: fc.array(weight, { minLength: 52, maxLength: 52 }).map((list) => Float32Array.from(list)),
      head: euler,
      neck: euler,
      gaze: fc.record({ yaw: angle, pitch: angle }),
    });
    const motion = fc.record({
      name: fc.constant('any'),
      fps: fc.constantFrom(24, 30, 29.97),
      frames: fc.array(pose, { minLength: 1, maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(motion, async (value) => {
        const { comparison } = (await writeGlb(avatar, { path, motion: value })).report;
        expect(comparison.positionErrorMetres).toBeLessThan(5e-6);
        expect(comparison.rotationErrorDegrees).toBeLessThan(0.001);
        expect(comparison.weightError).toBeLessThan(1e-6);
      }),
      { numRuns: 10 },
    );
  });

  it('says how much is lost without correctives', async () => {
    const frames = [aPose({ jawOpen: 1, mouthClose: 1 })];
    const { report } = await writeGlb(tinyAvatar(), { path, motion: { name: 'shut', fps: 30, frames } });
    expect(report.comparison.correctiveMetres).toBeCloseTo(0.004, 6);
    expect(report.summary.at(-1)).toContain('4.0 mm');
  });

  it('turns the short way between keys', async () => {
    const frames = [0.2, 1.4, 2.9, 3.3, 4.5].map((yaw) => aPose({}, yaw));
    await expect(
      writeGlb(tinyAvatar(), { path, motion: { name: 'turn', fps: 30, frames } }),
    ).resolves.toBeDefined();
    const { motionCurves } = await import('#host/export/glb/glbMotion');
    const { head } = motionCurves({ name: 'turn', fps: 30, frames });
    for (let key = 4; key < head.length; key += 4) {
      const dot = [0, 1, 2, 3].reduce((sum, k) => sum + head[key + k] * head[key + k - 4], 0);
      expect(dot).toBeGreaterThan(0);
    }
  });

  it('notices a file that plays something else', async () => {
    const avatar = tinyAvatar();
    const motion = { name: 'a', fps: 30, frames: [aPose({ jawOpen: 1 }), aPose({ jawOpen: 0.5 }, 0.3)] };
    await writeGlb(avatar, { path, motion });
    const bytes = new Uint8Array(await readFile(path));
    const other = { ...motion, frames: [motion.frames[0], aPose({ jawOpen: 0.5 }, 0.31)] };
    await expect(compareGlb(bytes, avatar.geometry, other)).rejects.toMatchObject({
      code: 'export.invalidGltf',
    });
    const moved = { ...avatar.geometry, positions: avatar.geometry.positions.map((value) => value + 0.001) };
    await expect(compareGlb(bytes, moved, motion)).rejects.toThrow(/vertices differ/);
  });

  it('does not keep a file that the validator refuses', async () => {
    const avatar = tinyAvatar();
    await writeGlb(avatar, { path });
    const file = await readFile(path);
    const broken = new Uint8Array(file);
    const needle = file.indexOf('"byteOffset"');
    broken.set(Buffer.from('"byteOffzet"'), needle);
    await expect(validateGlb(broken)).rejects.toMatchObject({ code: 'export.invalidGltf' });
  });

  it.each([
    ['a weight', { weights: new Float32Array(52).fill(NaN) }],
    ['an angle', { head: { yaw: Infinity, pitch: 0, roll: 0 } }],
    ['a short list of weights', { weights: new Float32Array(51) }],
  ])('refuses a motion with %s that is wrong', async (_, part) => {
    const frames = [aPose({}), { ...aPose({}), ...part }];
    await expect(
      writeGlb(tinyAvatar(), { path, motion: { name: 'bad', fps: 30, frames } }),
    ).rejects.toMatchObject({
      code: 'input.badMotion',
      details: { frameIndex: 1 },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses an avatar with numbers that are not finite', async () => {
    const avatar = tinyAvatar();
    avatar.geometry.morphs[channelIndex('jawOpen')].deltas[1] = NaN;
    await expect(writeGlb(avatar, { path })).rejects.toMatchObject({ code: 'avatar.damaged' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('copes with influences that glTF forbids', async () => {
    const avatar = tinyAvatar();
    avatar.geometry.skinJoints.set([2, 2, 1, 5]);
    avatar.geometry.skinWeights.set([0.25, 0.25, 0.5, 0]);
    const { report } = await writeGlb(avatar, { path });
    expect(report.validation).toMatchObject({ errors: 0, warnings: 0 });
  });

  it.each([0.3, 0.8, 1])('leaves nothing when it is cancelled at %s', async (at) => {
    const controller = new AbortController();
    const onProgress = ({ fraction }: { fraction: number }): void => {
      if (fraction >= at - 0.5) controller.abort();
    };
    await expect(
      writeGlb(tinyAvatar(), { path, signal: controller.signal, onProgress }),
    ).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(await readdir(folder)).toEqual([]);
  });
});
