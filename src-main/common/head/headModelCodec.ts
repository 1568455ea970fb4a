import { strFromU8, strToU8, unzlibSync, zlibSync } from 'fflate';
import { z } from 'zod';

import { AppError } from '#common/contract/errors';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import { crc32 } from '#common/head/checksum';
import { HEAD_REGIONS, type HeadModel } from '#common/head/headModel';
import { packIntegers, unpackIntegers } from '#common/head/planarIntegers';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';

/*
 * File: "AAHEAD" + format version (u16) + header length (u32) + payload length (u32) + header (JSON, utf-8) +
 * zlib stream. The payload is the header's arrays one after another as packed integers; a value is
 * integer * scale. Displacements with `sparse` come as two arrays, vertex numbers and triples.
 * All numbers little-endian.
 */
const MAGIC = 'AAHEAD';
const FORMAT = 1;
const PREFIX = 16;

/** Metres per step: far below what a picture shows, and a mode's noise stays under 5 micrometres. */
const POSITION_STEP = 1e-5;
const DELTA_STEP = 5e-6;
const UNIT_STEP = 1 / 65535;
const MASK_STEP = 1 / 255;

const name = z.string().min(1).max(64);
const count = z.number().int().nonnegative().max(10_000_000);
const headerSchema = z.object({
  modelVersion: z.number().int().positive(),
  crc32: z.number().int().nonnegative(),
  payloadBytes: count,
  vertexCount: z.number().int().positive().max(65535),
  parts: z.array(
    z.object({
      name: z.enum(['skin', 'mouthCavity', 'eyeLeft', 'eyeRight', 'teethUpper', 'teethLower', 'tongue']),
      firstIndex: count,
      indexCount: count,
      firstVertex: count,
      vertexCount: count,
    }),
  ),
  identity: z.array(z.object({ name, rmsMetres: z.number() })),
  correctives: z.array(
    z.object({
      name,
      drivers: z.array(z.object({ channel: z.enum(ARKIT_CHANNELS), shape: z.enum(['linear', 'hat']) })),
    }),
  ),
  joints: z.array(
    z.object({
      name: z.enum(['root', 'neck', 'head', 'jaw', 'eyeLeft', 'eyeRight']),
      parent: z.number().int().min(-1),
      position: z.tuple([z.number(), z.number(), z.number()]),
    }),
  ),
  arrays: z.array(
    z.object({
      name,
      count,
      stride: z.number().int().min(0).max(4),
      planes: z.number().int().min(1).max(3),
      scale: z.number(),
    }),
  ),
});

type Header = z.infer<typeof headerSchema>;

/** Serialises a model; the same model gives the same bytes. */
export function encodeHeadModel(model: HeadModel): Uint8Array {
  const writer = new ArrayWriter();
  writer.add('template', model.template, POSITION_STEP, 3);
  writer.add('indices', model.indices, 1, 3);
  writer.add('uvs', model.uvs, UNIT_STEP, 2);
  writer.add('weld', model.weld, 1, 1);
  writer.add('mirror', model.mirrorVertex, 1, 1);
  writer.add('skinJoints', model.skinJoints, 1, 4);
  writer.add('skinWeights', model.skinWeights, MASK_STEP, 4);
  writer.add('landmarkVertices', model.landmarkVertices, 1, 0);
  writer.add('landmarkWeights', model.landmarkWeights, UNIT_STEP, 0);
  for (const region of HEAD_REGIONS) writer.add(`region ${region}`, model.regions[region], MASK_STEP, 1);
  for (const mode of model.identity) {
    writer.add(`identity ${mode.name}`, mode.delta, DELTA_STEP, 3);
    writer.add(`joints ${mode.name}`, mode.jointDelta, DELTA_STEP, 0);
  }
  for (const { name: channel, delta } of model.expressions) writer.addSparse(`expression ${channel}`, delta);
  for (const corrective of model.correctives)
    writer.addSparse(`corrective ${corrective.name}`, corrective.delta);
  const payload = writer.payload();
  const header: Header = {
    modelVersion: model.version,
    crc32: crc32(payload),
    payloadBytes: payload.length,
    vertexCount: model.vertexCount,
    parts: model.parts.map((part) => ({ ...part })),
    identity: model.identity.map((mode) => ({ name: mode.name, rmsMetres: mode.rmsMetres })),
    correctives: model.correctives.map(({ name: of, drivers }) => ({
      name: of,
      drivers: drivers.map((driver) => ({ ...driver })),
    })),
    joints: model.joints.map(({ name: of, parent, position }) => ({
      name: of,
      parent,
      position: [position[0], position[1], position[2]],
    })),
    arrays: writer.arrays,
  };
  return assemble(strToU8(JSON.stringify(header)), zlibSync(payload, { level: 9, mem: 10 }));
}

function assemble(header: Uint8Array, body: Uint8Array): Uint8Array {
  const out = new Uint8Array(PREFIX + header.length + body.length);
  const view = new DataView(out.buffer);
  out.set(strToU8(MAGIC));
  view.setUint16(6, FORMAT, true);
  view.setUint32(8, header.length, true);
  view.setUint32(12, body.length, true);
  out.set(header, PREFIX);
  out.set(body, PREFIX + header.length);
  return out;
}

class ArrayWriter {
  readonly arrays: Header['arrays'] = [];
  private readonly chunks: Uint8Array[] = [];

  add(of: string, values: ArrayLike<number>, scale: number, stride: number): void {
    let largest = 0;
    for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
    const step = Math.max(scale, largest / 4_000_000);
    const { bytes, planes } = packIntegers(
      Int32Array.from(values, (value) => Math.round(value / step)),
      stride,
    );
    this.chunks.push(bytes);
    this.arrays.push({ name: of, count: values.length, stride, planes, scale: step });
  }

  addSparse(of: string, delta: Float32Array): void {
    const vertices: number[] = [];
    const values: number[] = [];
    for (let v = 0; v < delta.length / 3; v++) {
      const triple = delta.subarray(v * 3, v * 3 + 3);
      if (triple.every((value) => Math.round(value / DELTA_STEP) === 0)) continue;
      vertices.push(v);
      values.push(...triple);
    }
    this.add(`${of} vertices`, vertices, 1, 1);
    this.add(of, values, DELTA_STEP, 3);
  }

  payload(): Uint8Array {
    const out = new Uint8Array(this.chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    let offset = 0;
    for (const chunk of this.chunks) {
      out.set(chunk, offset);
      offset += chunk.length;
    }
    return out;
  }
}

/**
 * Reads a model. Throws `model.unsupported` for other files, other format versions and inner disagreement,
 * `model.hashMismatch` for damaged content.
 */
export function decodeHeadModel(bytes: Uint8Array): HeadModel {
  const { header, payload } = openFile(bytes);
  const arrays = new ArrayReader(header, payload);
  const n = header.vertexCount;
  return {
    version: header.modelVersion,
    vertexCount: n,
    template: arrays.floats('template', n * 3),
    indices: arrays.indices(
      'indices',
      header.parts.reduce((sum, part) => sum + part.indexCount, 0),
      n,
    ),
    parts: header.parts,
    uvs: arrays.floats('uvs', n * 2),
    weld: arrays.indices('weld', n, n),
    mirrorVertex: arrays.indices('mirror', n, n),
    identity: header.identity.map((mode) => ({
      ...mode,
      delta: arrays.floats(`identity ${mode.name}`, n * 3),
      jointDelta: arrays.floats(`joints ${mode.name}`, header.joints.length * 3),
    })),
    expressions: ARKIT_CHANNELS.map((channel) => ({
      name: channel,
      delta: arrays.sparse(`expression ${channel}`, n),
    })),
    correctives: header.correctives.map((corrective) => ({
      ...corrective,
      delta: arrays.sparse(`corrective ${corrective.name}`, n),
    })),
    joints: header.joints,
    skinJoints: Uint8Array.from(arrays.indices('skinJoints', n * 4, header.joints.length)),
    skinWeights: arrays.floats('skinWeights', n * 4),
    landmarkVertices: arrays.indices('landmarkVertices', LANDMARK_COUNT * 3, n),
    landmarkWeights: arrays.floats('landmarkWeights', LANDMARK_COUNT * 3),
    regions: Object.fromEntries(
      HEAD_REGIONS.map((region) => [region, arrays.floats(`region ${region}`, n)]),
    ) as HeadModel['regions'],
  };
}

function openFile(bytes: Uint8Array): { header: Header; payload: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = strFromU8(bytes.subarray(0, MAGIC.length));
  if (bytes.length < PREFIX || magic !== MAGIC)
    throw new AppError('model.unsupported', 'This is not a head model file (it does not start with AAHEAD).');
  const format = view.getUint16(6, true);
  if (format !== FORMAT)
    throw new AppError(
      'model.unsupported',
      `The head model file has format ${format}; this program reads ${FORMAT}.`,
    );
  const headerEnd = PREFIX + view.getUint32(8, true);
  const end = headerEnd + view.getUint32(12, true);
  if (end !== bytes.length)
    throw new AppError(
      'model.hashMismatch',
      `The head model file has ${bytes.length} bytes, expected ${end}.`,
    );
  const header = readHeader(bytes.subarray(PREFIX, headerEnd));
  let payload: Uint8Array;
  try {
    payload = unzlibSync(bytes.subarray(headerEnd), { out: new Uint8Array(header.payloadBytes) });
  } catch (cause) {
    throw new AppError('model.hashMismatch', 'The head model file is damaged: its data do not unpack.', {
      cause,
    });
  }
  if (payload.length !== header.payloadBytes || crc32(payload) !== header.crc32)
    throw new AppError('model.hashMismatch', 'The head model file is damaged: its checksum does not match.');
  return { header, payload };
}

function readHeader(bytes: Uint8Array): Header {
  let json: unknown;
  try {
    json = JSON.parse(strFromU8(bytes));
  } catch (cause) {
    throw new AppError('model.hashMismatch', 'The head model file is damaged: its header is not JSON.', {
      cause,
    });
  }
  const parsed = headerSchema.safeParse(json);
  if (!parsed.success)
    throw new AppError('model.unsupported', 'The head model file has a header of another shape.', {
      details: { issue: parsed.error.issues[0]?.message, path: parsed.error.issues[0]?.path.join('.') },
    });
  return parsed.data;
}

class ArrayReader {
  private readonly places = new Map<string, Header['arrays'][number] & { offset: number }>();
  private readonly payload: Uint8Array;

  constructor(header: Header, payload: Uint8Array) {
    this.payload = payload;
    let offset = 0;
    for (const array of header.arrays) {
      this.places.set(array.name, { ...array, offset });
      offset += array.planes * array.count;
    }
  }

  private integers(of: string, expected: number | undefined): { values: Int32Array; scale: number } {
    const place = this.places.get(of);
    if (place === undefined || (expected !== undefined && place.count !== expected))
      throw new AppError(
        'model.unsupported',
        `The head model's array "${of}" has ${place?.count ?? 'no'} values, expected ${expected ?? 'some'}.`,
      );
    return { values: unpackIntegers(this.payload, place), scale: place.scale };
  }

  floats(of: string, expected: number): Float32Array {
    const { values, scale } = this.integers(of, expected);
    const out = new Float32Array(values.length);
    for (let i = 0; i < out.length; i++) out[i] = values[i] * scale;
    return out;
  }

  /** Values that number something: each below `limit`. */
  indices(of: string, expected: number | undefined, limit: number): Uint32Array {
    const { values } = this.integers(of, expected);
    for (const value of values)
      if (value < 0 || value >= limit)
        throw new AppError('model.unsupported', `The head model's array "${of}" points outside (${value}).`);
    return Uint32Array.from(values);
  }

  sparse(of: string, vertexCount: number): Float32Array {
    const vertices = this.indices(`${of} vertices`, undefined, vertexCount);
    const { values, scale } = this.integers(of, vertices.length * 3);
    const out = new Float32Array(vertexCount * 3);
    for (let i = 0; i < vertices.length; i++)
      for (let c = 0; c < 3; c++) out[vertices[i] * 3 + c] = values[i * 3 + c] * scale;
    return out;
  }
}
