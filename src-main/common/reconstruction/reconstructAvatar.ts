import { throwIfCancelled } from '#common/contract/errors';
import type { WorkContext } from '#common/contract/progress';
import type { HeadModel } from '#common/head/headModel';
import { createFloatImage, type FloatImage, type RgbaImage } from '#common/image/rasterImage';
import { assembleGeometry } from '#common/reconstruction/assembleGeometry';
import { seeDrawnEyes } from '#common/reconstruction/drawnEyes';
import { fitHead } from '#common/reconstruction/fit/fitHead';
import { sourceView } from '#common/reconstruction/fit/sourceView';
import { buildShell } from '#common/reconstruction/shell/buildShell';
import { splitFaceZone } from '#common/reconstruction/shell/faceZone';
import { reconstructTexture } from '#common/reconstruction/texture/reconstructTexture';
import type { Avatar } from '#common/rig/avatar';
import { poseVertices } from '#common/rig/poseVertices';
import { transferRig } from '#common/rig/transferRig';
import type { FaceObservation } from '#common/tracking/faceObservation';

export interface ReconstructAvatarInput {
  readonly model: HeadModel;
  /** Square source crop (`cutSourceCrop`), sRGB. */
  readonly crop: RgbaImage;
  /** Person coverage of the crop, same size. */
  readonly matte: FloatImage;
  /** 1 where the crop shows picture; by default everywhere. */
  readonly validMask?: FloatImage;
  /** In crop pixels. */
  readonly observation: FaceObservation;
  readonly name: string;
}

export interface ReconstructAvatarContext extends WorkContext {
  /** Called at the end of each stage. */
  readonly onStage?: (name: string, milliseconds: number) => void;
  /** Milliseconds; the caller's clock, since plain code has none. */
  readonly now?: () => number;
}

/** Share of the whole at the end of each stage, measured on a 600 px portrait. */
const PROGRESS = { fit: 0.2, rig: 0.3, shell: 0.45, texture: 1 } as const;

/**
 * From one observed face to an avatar:
 *
 *   observation --fit--> person's head, camera, pose --rig--> 52 channels on that head
 *   matte + head --shell--> hair, hats, clothes           --> one mesh, one atlas
 *   crop + mesh --texture--> atlas, background plate
 *
 * Deterministic. Cancelled between stages and inside the longest (texture).
 */
export function reconstructAvatar(
  input: ReconstructAvatarInput,
  context: ReconstructAvatarContext = {},
): Avatar {
  const stage = stageRunner(context);
  const { model, crop, matte, name } = input;
  const observation = seeDrawnEyes(crop, input.observation);
  const fit = stage('fit', () => fitHead(model, observation));
  const head = stage('rig', () => transferRig(model, fit));
  const view = sourceView(fit);
  const posedHead = poseVertices(head, fit.source, view.pose);
  const zone = splitFaceZone(model);
  const validMask = input.validMask ?? allValid(crop.width);
  const assembled = stage('shell', () => {
    const shell = buildShell({
      matte,
      validMask,
      camera: view.camera,
      pose: view.pose,
      head,
      posedHead,
      zone,
    });
    return assembleGeometry(head, posedHead, zone, shell);
  });
  const texture = stage('texture', () =>
    reconstructTexture(
      {
        geometry: assembled.geometry,
        posedPositions: assembled.posedPositions,
        camera: view.camera,
        crop,
        matte,
        validMask,
        observation,
        model,
        modelVertices: Uint32Array.from(assembled.headVertex, (vertex) => Math.max(0, vertex)),
      },
      {},
      context,
    ),
  );
  return {
    name,
    geometry: assembled.geometry,
    atlas: texture.atlas,
    source: { crop, matte, plate: texture.plate, camera: view.camera, pose: view.pose, observation },
    fit: { identity: fit.identity, residual: fit.residual, headModelVersion: fit.headModelVersion },
  };
}

function stageRunner(
  context: ReconstructAvatarContext,
): <T>(name: keyof typeof PROGRESS, work: () => T) => T {
  const now = context.now ?? (() => 0);
  return (name, work) => {
    throwIfCancelled(context.signal);
    const start = now();
    const result = work();
    context.onStage?.(name, now() - start);
    context.onProgress?.({ stage: name, fraction: PROGRESS[name] });
    return result;
  };
}

function allValid(size: number): FloatImage {
  const mask = createFloatImage(size, size);
  mask.data.fill(1);
  return mask;
}
