import { resetCamera, setCamera } from '#common/project/documentEdits';
import type { CameraValues } from '#common/project/studioDocument';
import { RESTING_CAMERA } from '#common/project/studioDocument';
import type { DocumentDrag } from '$services/project/DocumentSession';
import type { ProjectService } from '$services/project.svelte';
import type { OrbitDelta, OrbitListener } from '$viewport/OrbitGesture';

/** One press of an arrow key, degrees, and of plus or minus, a factor. */
export const KEY_STEP_DEGREES = 3;
export const KEY_ZOOM = 1.1;

/** Gestures and keys on the viewport, as edits of the document's camera: one step of the history per gesture. */
export class CameraControl implements OrbitListener {
  readonly #project: Pick<ProjectService, 'document' | 'beginDrag' | 'edit'>;
  #drag: DocumentDrag | undefined;
  #from: CameraValues = RESTING_CAMERA;

  constructor(project: Pick<ProjectService, 'document' | 'beginDrag' | 'edit'>) {
    this.#project = project;
  }

  begin(): void {
    this.#from = this.#project.document?.camera ?? RESTING_CAMERA;
    this.#drag = this.#project.beginDrag('Orbit camera');
  }

  move({ yawDegrees, pitchDegrees, zoom }: OrbitDelta): void {
    const { yaw, pitch, zoom: before } = this.#from;
    const values = { yaw: yaw + yawDegrees, pitch: pitch + pitchDegrees, zoom: before * zoom };
    this.#drag?.preview((document) => setCamera(document, values));
  }

  end(): void {
    this.#drag?.commit();
    this.#drag = undefined;
  }

  cancel(): void {
    this.#drag?.cancel();
    this.#drag = undefined;
  }

  reset(): void {
    this.#project.edit('Reset camera', resetCamera);
  }

  /** One key press; presses that follow each other become one step. */
  step(delta: OrbitDelta): void {
    this.#project.edit(
      delta.zoom === 1 ? 'Orbit camera' : 'Zoom camera',
      (document) => {
        const { yaw, pitch, zoom } = document.camera;
        return setCamera(document, {
          yaw: yaw + delta.yawDegrees,
          pitch: pitch + delta.pitchDegrees,
          zoom: zoom * delta.zoom,
        });
      },
      { mergeKey: delta.zoom === 1 ? 'camera:orbit' : 'camera:zoom' },
    );
  }
}

/** The step an arrow, plus, minus or 0 stands for; 0 is `reset`. Shift takes five steps at once. */
export function stepOfKey(key: string, isFast: boolean): OrbitDelta | 'reset' | undefined {
  const degrees = KEY_STEP_DEGREES * (isFast ? 5 : 1);
  const turn = (yawDegrees: number, pitchDegrees: number): OrbitDelta => ({
    yawDegrees,
    pitchDegrees,
    zoom: 1,
  });
  switch (key) {
    case 'ArrowLeft':
      return turn(-degrees, 0);
    case 'ArrowRight':
      return turn(degrees, 0);
    case 'ArrowUp':
      return turn(0, degrees);
    case 'ArrowDown':
      return turn(0, -degrees);
    case '+':
    case '=':
      return { yawDegrees: 0, pitchDegrees: 0, zoom: KEY_ZOOM };
    case '-':
    case '_':
      return { yawDegrees: 0, pitchDegrees: 0, zoom: 1 / KEY_ZOOM };
    case '0':
      return 'reset';
    default:
      return undefined;
  }
}
