import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { WireError } from '#common/contract/wire';
import type { AdapterEnvironment } from '#test/helpers/webgpu/softwareAdapter';

/** Bundles the child once; call `remove` when done. */
export async function bundleWebgpuChild(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = resolve('.cache', `webgpuChild.${process.pid}.mjs`);
  await build({
    entryPoints: ['test/helpers/webgpu/webgpuChild.ts'],
    outfile: path,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
  });
  return { path, remove: () => rm(path, { force: true }) };
}

/** What a task of `webgpuChild.ts` gave; rejects with what it printed where the process died. */
export async function runWebgpuChild(
  path: string,
  task: string,
  adapter: AdapterEnvironment,
): Promise<{ readonly result?: unknown; readonly error?: WireError }> {
  const child = spawn(process.execPath, [path, task], {
    env: { ...process.env, ...adapter },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, complaints] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.on('close', done));
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  if (code !== 0 || !line.startsWith('{')) {
    throw new Error(`The WebGPU process ended with code ${code} in "${task}": ${complaints.slice(-1000)}`);
  }
  return JSON.parse(line) as { readonly result?: unknown; readonly error?: WireError };
}
