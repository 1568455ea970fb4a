import { cameraLabel } from '#common/camera/cameraLabel';
import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { projectPoints } from '#common/camera/projectPoints';
import { AppError } from '#common/contract/errors';
import { landmarkPositions } from '#common/head/evaluateHead';
import type { HeadModel } from '#common/head/headModel';
import { drivingRaster, headDrivingMesh } from '#common/raster/drivingRaster';
import type { EulerRotation } from '#common/rig/rigPose';
import { posePoint, TRANSFORM_SIZE } from '#common/rig/jointTransforms';
import type { DatasetRecipe, RecordPlace } from '#common/synthetic/dataset/datasetRecipe';
import { purposeRandom, recordKey } from '#common/synthetic/dataset/datasetRecipe';
import { DRIVING_SIZE } from '#common/synthetic/dataset/recordFiles';
import type { RecordLabels } from '#common/synthetic/dataset/recordLabels';
import type { RenderedRecord } from '#common/synthetic/dataset/renderedRecord';
import { adaptIdentity } from '#common/synthetic/domains/adaptIdentity';
import { applyDomain } from '#common/synthetic/domains/applyDomain';
import { domainBackground } from '#common/synthetic/domains/background/domainBackground';
import { domainLight } from '#common/synthetic/domains/domainLight';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import { buildSyntheticHead } from '#common/synthetic/heads/buildSyntheticHead';
import { sampleIdentity } from '#common/synthetic/heads/identity/sampleIdentity';
import type { PosedHead } from '#common/synthetic/heads/poseSyntheticHead';
import { poseHead } from '#common/synthetic/heads/poseSyntheticHead';
import type { SyntheticHead } from '#common/synthetic/heads/syntheticHead';
import { SceneRenderer } from '#common/synthetic/render/SceneRenderer';
import { sampleBackground } from '#common/synthetic/sampling/sampleBackground';
import { sampleCamera } from '#common/synthetic/sampling/sampleCamera';
import type { SampledExpression } from '#common/synthetic/sampling/sampleExpression';
import { sampleExpression } from '#common/synthetic/sampling/sampleExpression';
import { sampleLight } from '#common/synthetic/sampling/sampleLight';
import type { SyntheticLibrary } from '#common/synthetic/library/syntheticLibrary';
import { LANDMARK_COUNT } from '#common/tracking/faceObservation';

/** The window of the published networks (spec 2.8), for which other sizes are shares. */
const DRIVING_WINDOW = { planeSize: 256, faceRows: [57, 185], faceColumns: [64, 192] } as const;

/** Every other view looks from where the renderer is trained from, the others from the VAE's wider range (spec 1.2). */
const VIEW_RANGES = ['renderer', 'encoder'] as const;

/** An expression of one head, and what all its views share. */
interface Pose {
  readonly head: SyntheticHead;
  readonly posed: PosedHead;
  readonly expression: SampledExpression;
  readonly landmarks: Float32Array;
  readonly driving: Float32Array;
}

/**
 * Makes the records of a set, identity by identity. The same identity has the same expressions, cameras and lights in
 * every domain, so that domains differ in nothing but their look. Keep one per thread: it holds render buffers.
 */
export class HeadFactory {
  readonly #recipe: DatasetRecipe;
  readonly #model: HeadModel;
  readonly #domains: ReadonlyMap<string, DomainRecipe>;
  readonly #renderer: SceneRenderer;
  readonly #drivingMesh: ReturnType<typeof headDrivingMesh>;
  readonly #library: SyntheticLibrary | undefined;

  /**
   * @param domains those that the recipe names, by id
   * @param library the one that the recipe names
   */
  constructor(
    recipe: DatasetRecipe,
    model: HeadModel,
    domains: ReadonlyMap<string, DomainRecipe>,
    library?: SyntheticLibrary,
  ) {
    this.#library = library;
    this.#recipe = recipe;
    this.#model = model;
    this.#domains = domains;
    this.#renderer = new SceneRenderer(recipe.size);
    this.#drivingMesh = headDrivingMesh(model);
  }

  /**
   * All pictures of one identity in the order of their keys' parts. Arrays of a record last until the next one.
   *
   * @param domains all of the recipe's by default
   */
  *recordsOf(identity: number, domains: readonly string[] = this.#recipe.domains): Generator<RenderedRecord> {
    const { expressions, views } = this.#recipe;
    for (const domain of domains) {
      const recipe = this.#domainOf(domain);
      const head = this.#headOf(identity, recipe);
      for (let expression = 0; expression < expressions; expression++) {
        const pose = this.#poseOf(head, identity, expression);
        for (let view = 0; view < views; view++) {
          yield this.#record({ identity, domain, expression, view }, pose, recipe);
        }
      }
    }
  }

  #domainOf(id: string): DomainRecipe {
    const found = this.#domains.get(id);
    if (found === undefined) throw new AppError('input.badOption', `There is no domain "${id}".`);
    return found;
  }

  #headOf(identity: number, domain: DomainRecipe): SyntheticHead {
    const { size } = this.#recipe;
    const person = sampleIdentity(purposeRandom(this.#recipe, `identity/${identity}`));
    const random = purposeRandom(this.#recipe, `identity/${identity}/${domain.id}`);
    const adapted = adaptIdentity(person, domain, this.#model, random);
    // Two texels for a pixel: the face fills 62 % of the atlas and about half of a picture. Finer costs four times as much.
    return applyDomain(
      buildSyntheticHead(this.#model, adapted, { skinSize: size * 2, library: this.#library }),
      domain,
    );
  }

  #poseOf(head: SyntheticHead, identity: number, index: number): Pose {
    const expression = sampleExpression(purposeRandom(this.#recipe, `expression/${identity}/${index}`));
    const { weights, rotations } = expression;
    const posed = poseHead(head, weights, rotations);
    // The driving mesh does not turn: turns of the head are the camera's, seen from it.
    const { surface } = poseHead({ ...head, pieces: [] }, weights, {
      ...(rotations.gaze && { gaze: rotations.gaze }),
    });
    return {
      head,
      posed,
      expression,
      landmarks: landmarkPositions(this.#model, posed.surface),
      driving: drivingRaster({ ...this.#drivingMesh, positions: surface }, DRIVING_WINDOW, DRIVING_SIZE),
    };
  }

  #record(place: RecordPlace, pose: Pose, domain: DomainRecipe): RenderedRecord {
    const { identity, expression, view } = place;
    const { size } = this.#recipe;
    const random = purposeRandom(this.#recipe, `view/${identity}/${expression}/${view}`);
    const { camera } = sampleCamera(random, VIEW_RANGES[view % VIEW_RANGES.length]);
    const light = domainLight(sampleLight(random), domain);
    const frame = this.#renderer.render({
      meshes: pose.posed.meshes,
      camera,
      light,
      background: domain.background ? domainBackground(domain.background) : sampleBackground(random),
    });
    return {
      ...frame,
      place,
      driving: pose.driving,
      landmarks: seenLandmarks(camera, pose.landmarks, size),
      labels: labelsOf(place, pose, camera),
    };
  }
}

/** [478, 5]: pixels, then world metres. */
function seenLandmarks(camera: PinholeCamera, world: Float32Array, size: number): Float32Array {
  const seen = projectPoints(camera, world, size);
  const landmarks = new Float32Array(LANDMARK_COUNT * 5);
  for (let l = 0; l < LANDMARK_COUNT; l++) {
    landmarks.set([seen[l * 3], seen[l * 3 + 1], world[l * 3], world[l * 3 + 1], world[l * 3 + 2]], l * 5);
  }
  return landmarks;
}

function labelsOf(
  place: RecordPlace,
  { head, posed, expression }: Pose,
  camera: PinholeCamera,
): RecordLabels {
  const { joints } = head.geometry;
  const { rotations, kind } = expression;
  const at = joints.findIndex(({ name }) => name === 'head') * TRANSFORM_SIZE;
  const { shape, ...person } = head.recipe;
  return {
    key: recordKey(place),
    ...place,
    camera: [...cameraLabel(camera)],
    headCamera: [...cameraLabel(cameraInHead(camera, posed.transforms, at))],
    expressionKind: kind,
    weights: [...posed.weights],
    neck: angles(rotations.neck),
    head: angles(rotations.head),
    joints: joints.map(({ position }, j) =>
      triple(posePoint(posed.transforms, j * TRANSFORM_SIZE, position)),
    ),
    shape: [...shape],
    person,
  };
}

/** The camera as the head sees it: what a network is told that knows heads only looking straight ahead. */
function cameraInHead(camera: PinholeCamera, transforms: Float64Array, at: number): PinholeCamera {
  const rotation = new Float64Array(9);
  const translation = Float64Array.from(camera.translation);
  for (let row = 0; row < 3; row++) {
    for (let k = 0; k < 3; k++) {
      const share = camera.rotation[row * 3 + k];
      for (let column = 0; column < 3; column++)
        rotation[row * 3 + column] += share * transforms[at + k * 4 + column];
      translation[row] += share * transforms[at + k * 4 + 3];
    }
  }
  return { ...camera, rotation, translation };
}

function angles(
  { yaw, pitch, roll }: EulerRotation = { yaw: 0, pitch: 0, roll: 0 },
): [number, number, number] {
  return [yaw, pitch, roll];
}

function triple([x, y, z]: ArrayLike<number> & Iterable<number>): [number, number, number] {
  return [x, y, z];
}
