import { listSupportedBackends } from 'onnxruntime-node';
import { toWire } from '#common/contract/wire';
import type { BackendName } from '#engine/graph/lowering/backends.data';
import { BACKEND_RULES } from '#engine/graph/lowering/backends.data';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { conv } from '#engine/graph/ops/convolution/convolution';
import { input } from '#engine/graph/ops/sources';
import { OrtBackend } from '#engine/runtime/OrtBackend';

/** What one backend can do on this machine. */
export interface DeviceReport {
  readonly backend: BackendName;
  readonly isUsable: boolean;
  /** Why it was refused, in the runtime's words. */
  readonly problem?: string;
  /** The provider's files come with the package; others are the user's to install. */
  readonly isBundled: boolean;
  /** A convolution of 64 channels over 64 x 64 pixels, GFLOP/s: tells a real device from a software one. */
  readonly gigaflops?: number;
}

/**
 * Tries every backend with a small convolution. Run it in a process of its own: a broken driver may end the
 * process that loads it.
 */
export async function probeDevices(): Promise<readonly DeviceReport[]> {
  const supported = new Map(listSupportedBackends().map(({ name, bundled }) => [name, bundled]));
  const reports: DeviceReport[] = [];
  for (const name of Object.keys(BACKEND_RULES) as BackendName[]) {
    const isBundled = supported.get(name);
    if (isBundled === undefined) {
      const problem = 'This build of the runtime does not have it.';
      reports.push({ backend: name, isUsable: false, isBundled: false, problem });
    } else {
      reports.push(await probe(name, isBundled));
    }
  }
  return reports;
}

async function probe(name: BackendName, isBundled: boolean): Promise<DeviceReport> {
  const backend = new OrtBackend(name);
  const [batch, channels, size] = [1, 64, 64];
  const x = input('x', [batch, channels, size, size]);
  const y = conv(x, input('w', [channels, channels, 3, 3]), { padding: 1 });
  try {
    const program = await backend.compile(lowerGraph('probe', { y }, backend.rules), { resident: ['y'] });
    const feeds = new Map([
      ['x', await backend.upload(new Float32Array(batch * channels * size * size).fill(0.1), x.shape)],
      [
        'w',
        await backend.upload(new Float32Array(channels * channels * 9).fill(0.1), [channels, channels, 3, 3]),
      ],
    ]);
    let best = Infinity;
    // A software adapter takes seconds for what a device does in microseconds: one run tells them apart.
    for (let run = 0; run < 4 && (run === 0 || best < 500); run++) {
      const start = performance.now();
      const { device } = await program.run(feeds);
      // On a device the work is done when its result can be read.
      const result = device.get('y')!;
      if (name === 'webgpu') await backend.download(result);
      best = Math.min(best, performance.now() - start);
      result.dispose();
    }
    for (const feed of feeds.values()) feed.dispose();
    await program.dispose();
    await backend.dispose();
    const operations = 2 * batch * channels * channels * 9 * size * size;
    return { backend: name, isUsable: true, isBundled, gigaflops: Math.round(operations / best / 1e5) / 10 };
  } catch (error) {
    const { message, cause } = toWire(error);
    return { backend: name, isUsable: false, isBundled, problem: cause?.message ?? message };
  }
}
