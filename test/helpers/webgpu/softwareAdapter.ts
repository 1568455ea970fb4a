import { existsSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findBrowser } from '../../../src-main/server/findBrowser';

/** Variables that make a new process find a software Vulkan adapter. */
export type AdapterEnvironment = Readonly<Record<string, string>>;

/** The description of SwiftShader that Chromium brings along. */
const ICD_NAME = 'vk_swiftshader_icd.json';

/**
 * The environment for a process that runs WebGPU without a graphics card, or the reason why there is none. The
 * Vulkan loader reads it when the process starts, so a test cannot set it for itself. `VK_ICD_FILENAMES`, where it
 * is set already, wins: a machine with a real adapter tests that one.
 */
export function findSoftwareAdapter(): AdapterEnvironment | string {
  const environment = { XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? mkdtempSync(join(tmpdir(), 'xdg-')) };
  const chosen = process.env['VK_ICD_FILENAMES'];
  if (chosen !== undefined && chosen !== '') return { ...environment, VK_ICD_FILENAMES: chosen };
  if (process.platform !== 'linux') return 'SwiftShader is looked for on Linux only';
  const browser = findBrowser();
  if (browser === undefined) return 'there is no Chromium, whose SwiftShader would be the adapter';
  const folders = [dirname(realpathSync(browser)), '/usr/lib/chromium', '/usr/lib64/chromium-browser', '/opt/google/chrome'];
  const icd = folders.map((folder) => join(folder, ICD_NAME)).find((path) => existsSync(path));
  if (icd === undefined) return `${ICD_NAME} is not beside the browser`;
  return { ...environment, VK_ICD_FILENAMES: icd };
} // prettier-ignore
