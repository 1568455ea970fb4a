import type { Command } from 'commander';
import type { InspectAvatarResult } from '#common/contract/avatarResults';
import { runCommand } from '#cli/commandSession';
import { fileSize } from '#cli/terminal/describe';
import type { Host } from '#host/createHost';

export function addInspectCommand(program: Command, composeHost: () => Promise<Host>): void {
  program
    .command('inspect')
    .description('Say what an avatar file holds, after checking it.')
    .argument('<file>', 'the avatar file')
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (avatar: string, options: { readonly json?: boolean }) => {
      await runCommand(composeHost, options, async ({ client }) => {
        const result = await client.avatars.inspect({ avatar });
        return { json: result, lines: describeResult(result) };
      });
    });
}

function describeResult(result: InspectAvatarResult): string[] {
  const { geometry, atlas, crop } = result;
  const migrated =
    result.storedFormatVersion === result.formatVersion ? '' : ` (stored as ${result.storedFormatVersion})`;
  return [
    `${result.name}: format ${result.formatVersion}${migrated}, made ${result.created} by version ${result.appVersion}, ${fileSize(result.bytes)}`,
    `mesh      ${geometry.vertices} vertices, ${geometry.triangles} triangles, ${geometry.morphs} channels, ${geometry.correctives} correctives`,
    `parts     ${geometry.parts.map(({ name, triangles }) => `${name} ${triangles}`).join(', ')}`,
    `joints    ${geometry.joints.join(', ')}`,
    `pictures  atlas ${atlas.width} x ${atlas.height}, crop ${crop.width} x ${crop.height}`,
    `fit       residual ${(result.fitResidual * 100).toFixed(1)} % of the eye span, head model ${result.headModelVersion}`,
    ...result.entries.map(({ name, bytes }) => `entry     ${name} (${fileSize(bytes)})`),
    ...(result.rightsNote === '' ? [] : [`rights    ${result.rightsNote}`]),
  ];
}
