import { encodeOnnxModel } from '#engine/graph/onnx/encodeOnnxModel';
import { OnnxGraphBuilder } from '#engine/graph/onnx/OnnxGraphBuilder';
import type { OnnxGraph } from '#engine/graph/onnx/onnxModel';
import { ProtobufWriter } from '#engine/graph/onnx/ProtobufWriter';
import { OnnxSession } from '#engine/runtime/OnnxSession';
import { describe, expect, it } from 'vitest';

function scaleAndShift(attributesReversed = false): OnnxGraph {
  const builder = new OnnxGraphBuilder();
  const x = builder.input('x', 'float32', [2, 3]);
  const turned = builder.node('Gemm', [x, builder.smallFloats([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3])], {
    ...(attributesReversed
      ? { transB: { int: 0 }, alpha: { float: 2.5 } }
      : { alpha: { float: 2.5 }, transB: { int: 0 } }),
  });
  const shifted = builder.node('Add', [turned, builder.scalar(-1)]);
  builder.output(
    'y',
    builder.node('ReduceSum', [shifted, builder.integers([-1])], { keepdims: { int: 0 } }),
    'float32',
    [2],
  );
  return builder.build('test');
}

describe('encodeOnnxModel', () => {
  it('writes a model that the runtime loads and that computes what its nodes say', async () => {
    const session = await OnnxSession.create('test', encodeOnnxModel(scaleAndShift()));
    const outputs = await session.run('x', Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
    expect([...(outputs.get('y') ?? [])]).toEqual([12, 34.5]);
    await session.dispose();
  });

  it('gives equal bytes for equal graphs, in whatever order attributes were named', () => {
    const bytes = encodeOnnxModel(scaleAndShift());
    expect(encodeOnnxModel(scaleAndShift())).toEqual(bytes);
    expect(encodeOnnxModel(scaleAndShift(true))).toEqual(bytes);
  });

  it('refuses a constant whose values do not fill its shape', () => {
    const builder = new OnnxGraphBuilder();
    builder.floats(new Float32Array(5), [2, 3]);
    expect(() => encodeOnnxModel(builder.build('test'))).toThrow(/5 values for shape \[2, 3\]/);
  });
});

describe('OnnxSession', () => {
  it('names the model the runtime refuses', async () => {
    await expect(OnnxSession.create('broken', Uint8Array.of(1, 2, 3))).rejects.toMatchObject({
      code: 'model.unsupported',
      message: expect.stringContaining('broken') as string,
    });
  });
});

describe('ProtobufWriter', () => {
  it('writes varints as the wire format has them', () => {
    const writer = new ProtobufWriter();
    writer.int64(1, 300);
    writer.int64(2, -1);
    writer.packedInt64(3, [1, 128]);
    expect([...writer.finish()]).toEqual([
      ...[0x08, 0xac, 0x02],
      ...[0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
      ...[0x1a, 0x03, 0x01, 0x80, 0x01],
    ]);
  });

  it('keeps everything while the buffer grows', () => {
    const writer = new ProtobufWriter();
    const raw = Uint8Array.from({ length: 1000 }, (_, index) => index & 255);
    writer.text(1, 'name');
    writer.raw(2, raw);
    expect([...writer.finish().subarray(6 + 3)]).toEqual([...raw]);
  });
});
