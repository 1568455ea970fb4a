import type { Command } from 'commander';
import type { BackendName } from '#engine/graph/lowering/backends.data';

/** @param bundleUrl URL of a file in `dist/`, where the worker bundles lie */
export function addDevicesCommand(program: Command, bundleUrl: string): void {
  program
    .command('devices')
    .description('What networks can run on: which backends load, how fast, why one was refused.')
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async ({ json = false }: { readonly json?: boolean }) => {
      const [{ probeDevices }, { RemoteBackend }, { startEngineProcess }] = await Promise.all([
        import('#engine/runtime/probeDevices'),
        import('#engine/runtime/remote/RemoteBackend'),
        import('#host/engine/startEngineProcess'),
      ]);
      const workerUrl = new URL('./backendMain.worker.js', bundleUrl);
      const open = (name: BackendName) => new RemoteBackend(() => startEngineProcess(workerUrl), name);
      const devices = await probeDevices(open);
      if (json) console.log(JSON.stringify({ devices }));
      for (const { backend, isUsable, isBundled, problem, gigaflops } of json ? [] : devices) {
        const state = isUsable
          ? `usable, ${gigaflops} GFLOP/s in a small convolution`
          : `not usable: ${problem}`;
        const advice = isUsable || isBundled ? '' : ' Its files do not come with the studio.';
        console.log(`${backend.padEnd(8)} ${state}${advice}`);
      }
    });
}
