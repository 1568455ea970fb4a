import { canonicalCamera } from '#common/camera/canonicalCamera';
import { ARKIT_CHANNELS } from '#common/head/arkitChannels';
import type { SeededRandom } from '#common/math/seededRandom';
import { hashText } from '#common/math/hashText';
import { landmarkPositions } from '#common/head/evaluateHead';
import type { HeadModel } from '#common/head/headModel';
import type { RgbaImage } from '#common/image/rasterImage';
import { createSeededRandom } from '#common/math/seededRandom';
import { projectPoints } from '#common/camera/projectPoints';
import { adaptIdentity } from '#common/synthetic/domains/adaptIdentity';
import { applyDomain } from '#common/synthetic/domains/applyDomain';
import { domainBackground } from '#common/synthetic/domains/background/domainBackground';
import { domainLight } from '#common/synthetic/domains/domainLight';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import { buildSyntheticHead } from '#common/synthetic/heads/buildSyntheticHead';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import { poseHead } from '#common/synthetic/heads/poseSyntheticHead';
import type { SyntheticHead } from '#common/synthetic/heads/syntheticHead';
import type { SyntheticLibrary } from '#common/synthetic/library/syntheticLibrary';
import { SceneRenderer } from '#common/synthetic/render/SceneRenderer';
import { sampleBackground } from '#common/synthetic/sampling/sampleBackground';
import type { ExpressionKind } from '#common/synthetic/sampling/sampleExpression';
import { sampleExpression } from '#common/synthetic/sampling/sampleExpression';
import type { LightKind } from '#common/synthetic/sampling/sampleLight';
import { sampleLight } from '#common/synthetic/sampling/sampleLight';

/** How one picture of a subject is taken. */
export interface Shot {
  /** Degrees, + shows more of the left side. */
  readonly yaw?: number;
  readonly pitch?: number;
  /** A still, neutral face by default. */
  readonly expression?: ExpressionKind;
  /** Studio by default. */
  readonly light?: LightKind;
  /** Expression and light are drawn as for a set; the two above do not count. */
  readonly isDrawn?: boolean;
  /** Varies light, background and expression; the same number, the same picture. */
  readonly take?: number;
}

export interface ShotPicture {
  readonly image: RgbaImage;
  /** 478 * 3: pixels x, y and camera depth in metres. */
  readonly landmarks: Float64Array;
}

export interface SubjectOptions {
  readonly seed: number;
  /** Side of a picture. */
  readonly size: number;
  readonly library?: SyntheticLibrary | undefined;
}

/** People of one domain, each built when it is first asked for and kept alone: heads are tens of megabytes. */
export class SyntheticSubjects {
  readonly #model: HeadModel;
  readonly #domain: DomainRecipe;
  readonly #library: SyntheticLibrary | undefined;
  readonly #seed: number;
  readonly #size: number;
  readonly #renderer: SceneRenderer;
  #current: { readonly index: number; readonly head: SyntheticHead } | undefined;

  constructor(model: HeadModel, domain: DomainRecipe, { seed, size, library }: SubjectOptions) {
    this.#library = library;
    this.#model = model;
    this.#domain = domain;
    this.#seed = seed;
    this.#size = size;
    this.#renderer = new SceneRenderer(size);
  }

  shoot(index: number, shot: Shot = {}): ShotPicture {
    const { yaw = 0, pitch = 0, take = 0 } = shot;
    const head = this.#headOf(index);
    const random = createSeededRandom(hashText(`${this.#seed}/${index}/${take}`));
    const { weights, gaze } = expressionOf(shot, random);
    // Heads look straight ahead: the view is the shot's.
    const { meshes, surface } = poseHead(head, weights, { ...(gaze && { gaze }) });
    const camera = canonicalCamera({ yaw: (yaw * Math.PI) / 180, pitch: (pitch * Math.PI) / 180 });
    const { background } = this.#domain;
    const light = shot.isDrawn === true ? sampleLight(random) : sampleLight(random, shot.light ?? 'studio');
    const frame = this.#renderer.render({
      meshes,
      camera,
      light: domainLight(light, this.#domain),
      background: background === undefined ? sampleBackground(random) : domainBackground(background),
    });
    const landmarks = projectPoints(camera, landmarkPositions(this.#model, surface), this.#size);
    return { image: opaque(frame.color, this.#size), landmarks };
  }

  #headOf(index: number): SyntheticHead {
    if (this.#current?.index === index) return this.#current.head;
    const random = createSeededRandom(hashText(`${this.#seed}/${index}`));
    const person = adaptIdentity(sampleIdentity(random), this.#domain, this.#model, random);
    const head = applyDomain(
      buildSyntheticHead(this.#model, person, { skinSize: 1024, library: this.#library }),
      this.#domain,
    );
    this.#current = { index, head };
    return head;
  }
}

function expressionOf({ expression, isDrawn }: Shot, random: SeededRandom) {
  if (isDrawn !== true && expression === undefined)
    return { weights: new Float32Array(ARKIT_CHANNELS.length) };
  const { weights, rotations } = sampleExpression(random, isDrawn === true ? undefined : expression);
  return { weights, gaze: rotations.gaze };
}

function opaque(color: Uint8Array, size: number): RgbaImage {
  const data = new Uint8Array(size * size * 4).fill(255);
  for (let pixel = 0; pixel < size * size; pixel++)
    data.set(color.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  return { width: size, height: size, data };
}
