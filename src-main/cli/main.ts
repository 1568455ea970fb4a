#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { AppError } from '#common/contract/errors';
import { reportFailure } from '#cli/commandSession';
import { EXIT_CODES_HELP, EXIT_INPUT, EXIT_OK } from '#cli/exitCodes';
import { addBenchCommand } from '#cli/benchCommand';
import { addDevicesCommand } from '#cli/devicesCommand';
import { addEngineCommand } from '#cli/engineCommand';
import { addExportCommand } from '#cli/exportCommand';
import { addInspectCommand } from '#cli/inspectCommand';
import { addMakeCommand } from '#cli/makeCommand';
import { addModelsCommand } from '#cli/modelsCommand';
import { addMotionsCommand } from '#cli/motionsCommand';
import { addStudioCommand } from '#cli/studioCommand';
import { addSynthCommand } from '#cli/synthCommand';
import type { ShellOptions } from '#host/composeHost';

// The bundle lies in dist/, one folder below the package.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
// Loaded when a command runs: --help and wrong options should not wait for codecs.
const openHost = async (shell: ShellOptions = {}) =>
  (await import('#host/composeHost')).composeHost(import.meta.url, version, shell);
const wantsJson = process.argv.includes('--json');

// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const program = new Command('avatarartist')
  .description('Turns one portrait into an animatable head avatar, on your own machine.')
  .version(version)
  .showHelpAfterError('(--help lists the options)')
  .addHelpText('after', EXIT_CODES_HELP)
  .exitOverride()
  .configureOutput(wantsJson ? { writeErr: () => undefined } : {});

const commands = [addMakeCommand, addExportCommand, addInspectCommand, addMotionsCommand, addSynthCommand];
for (const addCommand of commands) addCommand(program, () => openHost());
addModelsCommand(program, () => openHost());
addBenchCommand(program, openHost);
addEngineCommand(program);
addDevicesCommand(program, import.meta.url);
addStudioCommand(program, openHost, import.meta.url);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) {
    reportFailure(error, { json: wantsJson });
  } else if (error.exitCode !== EXIT_OK) {
    // Commander has written its message already, unless stdout belongs to JSON.
    const wrongUse = new AppError('input.badOption', error.message.replace(/^error: /, ''));
    if (wantsJson) reportFailure(wrongUse, { json: true });
    else process.exitCode = EXIT_INPUT;
  }
}
