import { spawnSync } from 'node:child_process';

/**
 * Why tests of the WebGPU provider cannot run here, as words to append to a test's name; undefined where they can.
 * Asked of the built program in a process of its own: a machine without an adapter may end the process that looks.
 */
export function adapterProblem(): string | undefined {
  const { stdout } = spawnSync(process.execPath, ['dist/cli.js', 'devices', '--json'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  try {
    const { devices } = JSON.parse(stdout) as {
      devices: { backend: string; isUsable: boolean; problem?: string }[];
    };
    const found = devices.find(({ backend }) => backend === 'webgpu');
    return found?.isUsable === true
      ? undefined
      : ` (skipped: ${found?.problem?.trim().split('\n').at(-1)?.slice(-60) ?? 'no WebGPU provider'})`;
  } catch {
    return ' (skipped: looking for an adapter ended the process)';
  }
}
