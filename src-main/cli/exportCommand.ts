import type { Command } from 'commander';
import type { ExportAvatarResult } from '#common/contract/avatarResults';
import { AppError } from '#common/contract/errors';
import type { ExportAvatarParams } from '#common/contract/hostApi';
import { parsePoseSettings } from '#common/timeline/poseFromSettings';
import { runCommand } from '#cli/commandSession';
import { parseNumber, parseWholeNumber } from '#cli/parseNumber';
import { outputLines, seconds } from '#cli/terminal/describe';
import type { Host } from '#host/createHost';

interface ExportOptions {
  readonly motion?: string;
  readonly glb?: string;
  readonly video?: string;
  readonly frames?: string;
  readonly still?: string;
  readonly size?: number;
  readonly fps?: number;
  readonly background?: string;
  readonly domain?: string;
  readonly set?: string;
  readonly camera?: string;
  readonly pose?: 'rest' | 'source';
  readonly duration?: number;
  readonly json?: boolean;
}

export function addExportCommand(program: Command, composeHost: () => Promise<Host>): void {
  program
    .command('export')
    .description('Write an avatar as GLB, video, PNG frames or a still picture.')
    .argument('<avatar>', 'the avatar file')
    .option('--motion <motion>', 'a motion file (.json) or the name of a preset; see the command "motions"')
    .option('--glb <file>', 'GLB with the 52 channels as morph targets, joints, and the motion as animation')
    .option('--video <file>', 'video: .webm (VP9, with alpha when transparent) or .mp4 (H.264)')
    .option('--frames <dir>', 'numbered PNG frames with alpha and an index')
    .option('--still <file>', 'one PNG of the first frame')
    .option('--size <pixels>', 'side of the picture, even (default: 512)', parseWholeNumber)
    .option('--fps <rate>', 'frames per second (default: 30)', parseNumber)
    .option('--background <what>', 'transparent, photo or #rrggbb (default: transparent; photo for .mp4)')
    .option('--domain <look>', 'restyle the avatar in a procedural look, such as toon or greek-statue')
    .option(
      '--set <settings>',
      'values held over the motion: jawOpen=0.6,head.yaw=10,gaze.pitch=-5 (degrees)',
    )
    .option('--camera <angles>', 'yaw,pitch[,roll[,zoom]]: orbit of the camera in degrees, and a zoom factor')
    .option('--pose <pose>', 'what the motion plays on: rest or source (as in the portrait) (default: rest)')
    .option('--duration <seconds>', 'length of the video; a motion repeats to fill it', parseNumber)
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (avatar: string, options: ExportOptions) => {
      await runCommand(composeHost, options, async ({ client, follow }) => {
        const params = exportParams(avatar, options);
        const result = await follow(() => client.avatars.export(params));
        return { json: result, lines: describeResult(result) };
      });
    });
}

/** The call that a set of options stands for. @throws AppError `input.badOption` */
export function exportParams(avatar: string, options: ExportOptions): ExportAvatarParams {
  const { motion, set, camera, duration } = options;
  const params: Record<string, unknown> = { avatar };
  const plain = ['glb', 'video', 'frames', 'still', 'size', 'fps', 'background', 'domain', 'pose'] as const;
  for (const name of plain) {
    if (options[name] !== undefined) params[name] = options[name];
  }
  if (motion !== undefined) params['motion'] = isPath(motion) ? { file: motion } : { preset: motion };
  if (set !== undefined) params['set'] = parsePoseSettings(set);
  if (camera !== undefined) params['camera'] = parseCamera(camera);
  if (duration !== undefined) params['durationSeconds'] = duration;
  // The host checks every field at its door; a bad one comes back with its name.
  return params as ExportAvatarParams;
}

/** A preset is a bare word; anything with a folder or an ending is a file. */
function isPath(motion: string): boolean {
  return /[\\/.]/.test(motion);
}

function parseCamera(text: string): ExportAvatarParams['camera'] {
  const numbers = text.split(',').map((piece) => (piece.trim() === '' ? NaN : Number(piece)));
  if (numbers.length < 1 || numbers.length > 4 || !numbers.every(Number.isFinite)) {
    throw new AppError(
      'input.badOption',
      `--camera "${text}" is wrong: write yaw,pitch[,roll[,zoom]] in degrees, such as 20,-5.`,
    );
  }
  const [yaw, pitch = 0, roll = 0, zoom = 1] = numbers;
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  return { yaw: radians(yaw), pitch: radians(pitch), roll: radians(roll), zoom };
}

function describeResult(result: ExportAvatarResult): string[] {
  const motion = result.motion === undefined ? '' : ` of "${result.motion}"`;
  return [
    ...lookLines(result),
    ...outputLines(result.outputs),
    `${result.frameCount} frames${motion}, ${result.durationSeconds.toFixed(2)} s long; took ${seconds(result.milliseconds)}.`,
  ];
}

function lookLines({ look }: ExportAvatarResult): string[] {
  if (look === undefined) return [];
  const { displayName, grade, note, omitted } = look;
  return [
    `Procedural look "${displayName}" (our grade: ${grade}). ${note}`,
    ...omitted.map((sentence) => `Left out: ${sentence}`),
  ];
}
