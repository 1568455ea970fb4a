import type { Command } from 'commander';
import { runCommand } from '#cli/commandSession';
import type { Host } from '#host/createHost';

export function addMotionsCommand(program: Command, composeHost: () => Promise<Host>): void {
  program
    .command('motions')
    .description('List the preset motions that export --motion takes.')
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (options: { readonly json?: boolean }) => {
      await runCommand(composeHost, options, async ({ client }) => {
        const { motions } = await client.motions.list({});
        const lines = motions.map(
          ({ name, title, durationSeconds, loop }) =>
            `${name.padEnd(14)} ${title} (${durationSeconds} s${loop ? ', loops' : ''})`,
        );
        return { json: { motions }, lines };
      });
    });
}
