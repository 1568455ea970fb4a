import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { MakeAvatarResult } from '#common/contract/avatarResults';
import { describeIssue } from '#common/contract/dispatchCall';
import { AppError } from '#common/contract/errors';
import { manualFacePointsSchema } from '#common/contract/hostApi';
import { runCommand } from '#cli/commandSession';
import { parseWholeNumber } from '#cli/parseNumber';
import { outputLines, seconds } from '#cli/terminal/describe';
import type { Host } from '#host/createHost';
import type { ManualFacePoints } from '#common/tracking/faceObservation';

interface MakeOptions {
  readonly out: string;
  readonly face?: number;
  readonly landmarks?: string;
  readonly name?: string;
  readonly json?: boolean;
}

export function addMakeCommand(program: Command, composeHost: () => Promise<Host>): void {
  program
    .command('make')
    .description('Make an avatar from one portrait (PNG, JPEG, WebP or AVIF, with or without alpha).')
    .argument('<portrait>', 'the picture')
    .requiredOption('-o, --out <dir>', 'folder for the avatar file and its thumbnail; created when missing')
    .option('--face <n>', 'which face, where there are several; 1 is the largest', parseWholeNumber)
    .option('--landmarks <file>', LANDMARKS_HELP)
    .option('--name <name>', "name of the avatar and its files (default: the picture's)")
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (portrait: string, options: MakeOptions) => {
      await runCommand(composeHost, options, async ({ client, follow }) => {
        const { out, face, landmarks, name } = options;
        const points = landmarks === undefined ? undefined : await readLandmarks(landmarks);
        const result = await follow(() =>
          client.avatars.make({
            portrait,
            outDirectory: out,
            ...(face === undefined ? {} : { face }),
            ...(name === undefined ? {} : { name }),
            ...(points === undefined ? {} : { landmarks: points }),
          }),
        );
        return { json: result, lines: describeResult(result) };
      });
    });
}

const LANDMARKS_HELP =
  'JSON file with five points placed by hand, for pictures in which no face is found: ' +
  '{"leftEye": [x, y], "rightEye": .., "noseTip": .., "mouthLeft": .., "mouthRight": ..}; pixels of the ' +
  "upright picture, left and right are the person's own";

async function readLandmarks(path: string): Promise<ManualFacePoints> {
  const name = basename(path);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new AppError('input.badLandmarks', `The landmarks file "${name}" ${reason}.`, { cause: error });
  }
  const parsed = manualFacePointsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { field, reason } = describeIssue(parsed.error.issues[0]);
  throw new AppError('input.badLandmarks', `In the landmarks file "${name}", "${field}" ${reason}.`);
}

function describeResult(result: MakeAvatarResult): string[] {
  const { faces, chosenFace, matte, fitResidual, outputs, milliseconds } = result;
  const others = faces.length - 1;
  return [
    ...outputLines(outputs),
    ...(others > 0 && chosenFace > 0
      ? [`Face ${chosenFace} of ${faces.length} was used; choose another with --face.`]
      : []),
    `Fit residual ${(fitResidual * 100).toFixed(1)} % of the eye span, matte ${matte.origin}, ` +
      `${Math.round(matte.coverage * 100)} % person; ${seconds(milliseconds)}.`,
  ];
}
