import type { LoweringRules } from '#engine/graph/tensor';

/**
 * What each backend of onnxruntime-node 1.30 wants, with the measurement behind it (README.md beside this file has
 * the tables).
 *
 * - scatterAdd: the CPU's ScatterND with reduction "add" loses updates when threads meet in one row; pieces too small
 *   for it to divide are exact, and so is the whole with one thread or on WebGPU.
 * - weightGradient: products of shifted rows are 2 to 5 times as fast as the convolution with swapped roles on the CPU
 *   and 1.1 to 2.4 times as fast as windows of all taps; on a GPU the former means kernels as large as the picture.
 * - sine: WGSL promises sin only to 2^-11 and only near 0; SwiftShader's is off by 2e-4. A polynomial is exact to
 *   float32 everywhere.
 * - softplus: the CPU's operator is not vectorised; its parts are 8 times as fast.
 * - stateOn: a GPU buffer feeds the next run without a copy, and Adam runs where the weights are; on the CPU a plain
 *   loop beats the sixteen nodes of an update 2 to 5 times, and CUDA tensors cannot stay on the device from Node.
 * - inputGradient: for stride 1 a convolution with the flipped weight is 1.3 to 1.6 times as fast on the CPU.
 */
export const BACKEND_RULES = {
  cpu: {
    name: 'cpu',
    scatterAdd: 'scatterNdPieces',
    weightGradient: 'shiftedRows',
    inputGradient: 'flippedConvolution',
    sine: 'operator',
    softplus: 'parts',
    stateOn: 'host',
  },
  webgpu: {
    name: 'webgpu',
    scatterAdd: 'scatterNd',
    weightGradient: 'shiftedRows',
    inputGradient: 'flippedConvolution',
    sine: 'polynomial',
    softplus: 'operator',
    stateOn: 'device',
  },
  cuda: {
    name: 'cuda',
    scatterAdd: 'scatterNd',
    weightGradient: 'shiftedRows',
    inputGradient: 'transposedConvolution',
    sine: 'operator',
    softplus: 'operator',
    stateOn: 'host',
  },
} as const satisfies Record<string, LoweringRules>;

export type BackendName = keyof typeof BACKEND_RULES;

/** The rules of a backend as it is opened: one thread on the CPU shares no rows with another. */
export function rulesOf(name: BackendName, { threadCount }: { readonly threadCount?: number } = {}): LoweringRules {
  const rules: LoweringRules = BACKEND_RULES[name];
  return name === 'cpu' && threadCount === 1 ? { ...rules, scatterAdd: 'scatterNd' } : rules;
} // prettier-ignore
