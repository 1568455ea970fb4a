import { describe, expect, it } from 'vitest';
import { AppError } from '#common/contract/errors';
import type { BackendName } from '#engine/graph/lowering/backends.data';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { probeDevices, shortReason } from '#engine/runtime/probeDevices';

describe('the probe of devices', () => {
  it('measures what works and says why something does not, a dead process too', async () => {
    const open = (name: BackendName): OrtBackend => {
      const backend = new OrtBackend(name, { threadCount: 1 });
      if (name !== 'cpu') {
        backend.compile = () =>
          Promise.reject(new AppError('engine.crashed', 'Its process died by SIGABRT.'));
      }
      return backend;
    };
    const [cpu, webgpu] = await probeDevices(open);
    expect(cpu).toMatchObject({ backend: 'cpu', isUsable: true });
    expect(cpu.gigaflops).toBeGreaterThan(0);
    expect(webgpu).toMatchObject({ backend: 'webgpu', isUsable: false });
    expect(webgpu.problem).toMatch(/SIGABRT|does not have it/);
  });

  it.each([
    [
      '/onnxruntime_src/x.cc:136 onnxruntime::Initialize(const Config&)::<lambda()> adapter_result.status == Success was false. Failed to get a WebGPU adapter: No supported adapters\n',
      'Failed to get a WebGPU adapter: No supported adapters.',
    ],
    ['Failed to load shared library', 'Failed to load shared library.'],
    ['The device is gone. Try another one.', 'The device is gone.'],
  ])('keeps the sentence that matters', (text, short) => {
    expect(shortReason(text)).toBe(short);
  });
});
