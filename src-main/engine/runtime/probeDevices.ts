import { listSupportedBackends } from 'onnxruntime-node';
import { toWire } from '#common/contract/wire';
import type { BackendName } from '#engine/graph/lowering/backends.data';
import { BACKEND_RULES } from '#engine/graph/lowering/backends.data';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { conv } from '#engine/graph/ops/convolution/convolution';
import { input } from '#engine/graph/ops/sources';
import type { Backend } from '#engine/runtime/Backend';

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
 * Tries every backend with a small convolution.
 *
 * @param open each backend in a process of its own (`RemoteBackend`): a broken driver may end the process that
 *   loads it
 */
export async function probeDevices(open: (name: BackendName) => Backend): Promise<readonly DeviceReport[]> {
  const supported = new Map(listSupportedBackends().map(({ name, bundled }) => [name, bundled]));
  const reports: DeviceReport[] = [];
  for (const name of Object.keys(BACKEND_RULES) as BackendName[]) {
    const isBundled = supported.get(name);
    if (isBundled === undefined) {
      const problem = 'This build of the runtime does not have it.';
      reports.push({ backend: name, isUsable: false, isBundled: false, problem });
    } else {
      reports.push(await probe(open(name), isBundled));
    }
  }
  return reports;
}

async function probe(backend: Backend, isBundled: boolean): Promise<DeviceReport> {
  const { name } = backend;
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
    const operations = 2 * batch * channels * channels * 9 * size * size;
    return {
      backend: name,
      isUsable: true,
      isBundled,
      gigaflops: Number((operations / best / 1e6).toPrecision(2)),
    };
  } catch (error) {
    const { message, cause } = toWire(error);
    const problem = shortReason(cause?.message ?? message);
    return { backend: name, isUsable: false, isBundled, problem };
  } finally {
    await backend.dispose();
  }
}

/** The runtime's own words without its source positions and the conditions it checked; the first sentence of them. */
export function shortReason(text: string): string {
  const [line] = text.split('\n');
  const words = line
    .replace(/^\/\S+:\d+ .* was false\. /, '')
    .replace(/^.*\[ONNXRuntimeError\] : \d+ : \w+ : /, '')
    .replace(/^Ort\w+: /, '');
  const [sentence] = words.split(/\. (?=[A-Z])/);
  return sentence.replace(/\.?$/, '.');
}
