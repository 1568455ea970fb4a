import { LEFT_EYE_CORNER, RIGHT_EYE_CORNER } from '#engine/tracking/mesh/meshRegion';

/** The one-euro filter's settings (Casiez, Roussel, Vogel 2012); speeds in eye spans per second. */
export interface LandmarkSmootherOptions {
  /** Cutoff at rest, hertz: lower is smoother and slower. */
  readonly minimumCutoff: number;
  /** How fast the cutoff grows with speed: larger follows quick moves more closely. */
  readonly speedCoefficient: number;
}

const SPEED_CUTOFF_HERTZ = 1;

/**
 * One-euro filter on every coordinate. Speeds are measured in eye spans, so that the settings hold for
 * every size of face.
 */
export class LandmarkSmoother {
  private readonly options: LandmarkSmootherOptions;
  private values: Float32Array | undefined;
  private speeds = new Float32Array(0);
  private lastSeconds = 0;

  constructor(options: LandmarkSmootherOptions) {
    this.options = options;
  }

  reset(): void {
    this.values = undefined;
  }

  /** Filtered copy; the first call after a reset, or one whose time does not grow, returns its input. */
  smooth(landmarks: Float32Array, timeSeconds: number): Float32Array {
    const elapsed = timeSeconds - this.lastSeconds;
    this.lastSeconds = timeSeconds;
    const before = this.values;
    if (before === undefined || elapsed <= 0) {
      this.values = landmarks.slice();
      this.speeds = new Float32Array(landmarks.length);
      return landmarks.slice();
    }
    const span = Math.hypot(
      landmarks[LEFT_EYE_CORNER * 3] - landmarks[RIGHT_EYE_CORNER * 3],
      landmarks[LEFT_EYE_CORNER * 3 + 1] - landmarks[RIGHT_EYE_CORNER * 3 + 1],
    );
    const speedShare = smoothingShare(SPEED_CUTOFF_HERTZ, elapsed);
    for (let at = 0; at < landmarks.length; at++) {
      const speed = (landmarks[at] - before[at]) / (elapsed * Math.max(span, 1));
      this.speeds[at] += (speed - this.speeds[at]) * speedShare;
      const cutoff = this.options.minimumCutoff + this.options.speedCoefficient * Math.abs(this.speeds[at]);
      before[at] += (landmarks[at] - before[at]) * smoothingShare(cutoff, elapsed);
    }
    return before.slice();
  }
}

/** Weight of the new sample in a first-order low pass. */
function smoothingShare(cutoffHertz: number, elapsedSeconds: number): number {
  const ratio = 2 * Math.PI * cutoffHertz * elapsedSeconds;
  return ratio / (ratio + 1);
}
