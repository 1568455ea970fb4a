import { isArkitChannel } from '#common/head/arkitChannels';
import {
  applyExpression,
  blendExpression,
  MAX_EXPRESSIONS,
  removeExpression,
  renameExpression,
  saveExpression,
} from '#common/project/expressionEdits';
import type { PoseValues, SavedExpression } from '#common/project/studioDocument';
import type { RigPose } from '#common/rig/rigPose';
import type { StarterExpression } from '$services/expressions/starterExpressions.data';
import { STARTER_EXPRESSIONS } from '$services/expressions/starterExpressions.data';
import { ThumbnailQueue } from '$services/expressions/ThumbnailQueue';
import type { NoticeService } from '$services/notices.svelte';
import type { PlaybackService } from '$services/playback.svelte';
import { POSE_TARGETS, shownPose, valuesOfPose } from '$services/pose/poseValues';
import type { DocumentDrag } from '$services/project/DocumentSession';
import type { ProjectService } from '$services/project.svelte';
import type { ViewService } from '$services/view.svelte';

export interface ExpressionServices {
  readonly project: Pick<ProjectService, 'document' | 'edit' | 'beginDrag' | 'undo' | 'avatarUrl'>;
  readonly playback: Pick<PlaybackService, 'clip' | 'timeSeconds'>;
  readonly notices: Pick<NoticeService, 'info'>;
  readonly view: Pick<ViewService, 'avatar' | 'thumbnail'>;
}

const ANGLES = POSE_TARGETS.filter((target) => !isArkitChannel(target));

/** What the blend slider stands for: the pose when the drag began, and what it made of it. */
interface Blend {
  readonly id: string;
  readonly amount: number;
  readonly base: PoseValues;
  readonly result: PoseValues;
}

/** The expression library: those that come with the studio, and those saved in the project. */
export class ExpressionService {
  readonly #services: ExpressionServices;
  readonly #thumbnails: ThumbnailQueue;
  #blend = $state.raw<Blend>();
  #drag: DocumentDrag | undefined;
  readonly #starters = $derived.by((): readonly StarterExpression[] => {
    const pose = this.#services.view.avatar?.source.pose;
    return pose === undefined ? STARTER_EXPRESSIONS : [portraitExpression(pose), ...STARTER_EXPRESSIONS];
  });

  constructor(services: ExpressionServices) {
    this.#services = services;
    this.#thumbnails = new ThumbnailQueue((values, size) => services.view.thumbnail(values, size));
  }

  /** The same for every avatar, and before them the portrait's own, once the avatar is loaded. */
  get starters(): readonly StarterExpression[] {
    return this.#starters;
  }

  /** Those of the project, in the order they were saved. */
  get saved(): readonly SavedExpression[] {
    return this.#services.project.document?.expressions ?? [];
  }

  find(id: string): SavedExpression | undefined {
    return this.saved.find((one) => one.id === id) ?? this.starters.find((one) => one.id === id);
  }

  /** A free name such as "Expression 3", for the field that asks for one. */
  suggestName(): string {
    const taken = new Set(this.saved.map(({ name }) => name));
    let number = this.saved.length + 1;
    while (taken.has(`Expression ${number}`)) number++;
    return `Expression ${number}`;
  }

  /** Keeps what is shown now, held values and those of the motion, under a name. Returns its id. */
  save(name: string): string | undefined {
    const { project, playback, notices } = this.#services;
    if (project.document === undefined || name.trim() === '') return undefined;
    if (this.saved.length >= MAX_EXPRESSIONS) {
      notices.info(`A project holds at most ${MAX_EXPRESSIONS} expressions. Delete some first.`);
      return undefined;
    }
    const id = crypto.randomUUID();
    const values = shownPose(project.document, playback.clip, playback.timeSeconds);
    project.edit(`Save expression “${name.trim()}”`, (document) =>
      saveExpression(document, { id, name, values }),
    );
    return id;
  }

  /** Puts the expression on: its face replaces the held one. */
  apply(id: string): void {
    const expression = this.find(id);
    if (expression === undefined) return;
    this.#services.project.edit(`Apply “${expression.name}”`, (document) =>
      applyExpression(document, expression.values),
    );
  }

  /**
   * Mixes the expression in by an amount in [0, 1], from the pose that was there before: a preview until
   * `commitBlend`. As long as nothing else changes the pose, the next blend starts from the same place.
   */
  blend(id: string, amount: number): void {
    const { project } = this.#services;
    const expression = this.find(id);
    if (expression === undefined || project.document === undefined) return;
    const isSame = this.#isBlending(id);
    const base = isSame && this.#blend !== undefined ? this.#blend.base : project.document.pose;
    this.#drag ??= project.beginDrag(`Blend in “${expression.name}”`);
    this.#drag.preview((document) => blendExpression({ ...document, pose: base }, expression.values, amount));
    this.#blend = { id, amount, base, result: project.document.pose };
  }

  commitBlend(): void {
    this.#drag?.commit();
    this.#drag = undefined;
    const pose = this.#services.project.document?.pose;
    // The reducer may rebuild the object; what the slider stands for is the pose that is there now.
    if (this.#blend !== undefined && pose !== undefined) this.#blend = { ...this.#blend, result: pose };
  }

  cancelBlend(): void {
    this.#drag?.cancel();
    this.#drag = undefined;
    this.#blend = undefined;
  }

  /** Where the expression's blend slider stands: 0 as soon as the pose was changed otherwise. */
  amountOf(id: string): number {
    return this.#isBlending(id) ? (this.#blend?.amount ?? 0) : 0;
  }

  rename(id: string, name: string): void {
    const expression = this.saved.find((one) => one.id === id);
    if (expression === undefined) return;
    this.#services.project.edit(`Rename “${expression.name}” to “${name.trim()}”`, (document) =>
      renameExpression(document, id, name),
    );
  }

  /** Replaces what a saved expression holds by what is shown now. */
  replace(id: string): void {
    const { project, playback } = this.#services;
    const expression = this.saved.find((one) => one.id === id);
    if (project.document === undefined || expression === undefined) return;
    const values = shownPose(project.document, playback.clip, playback.timeSeconds);
    project.edit(`Update “${expression.name}”`, (document) =>
      saveExpression(document, { ...expression, values }),
    );
  }

  /** Deletes a saved expression, with a way back. */
  remove(id: string): void {
    const { project, notices } = this.#services;
    const expression = this.saved.find((one) => one.id === id);
    if (expression === undefined) return;
    project.edit(`Delete “${expression.name}”`, (document) => removeExpression(document, id));
    notices.info(`Deleted “${expression.name}”.`, { label: 'Undo', run: () => project.undo() });
  }

  /**
   * A picture of the open avatar with the expression, as an object URL that this service owns. Pictures are made
   * one after another and kept; undefined where the view cannot make one now.
   */
  async thumbnail(expression: SavedExpression, size: number): Promise<string | undefined> {
    const avatarUrl = this.#services.project.avatarUrl;
    if (avatarUrl === undefined) return undefined;
    return this.#thumbnails.picture(avatarUrl, expression.values, size);
  }

  #isBlending(id: string): boolean {
    return this.#blend?.id === id && this.#services.project.document?.pose === this.#blend.result;
  }
}

/** Head, neck and gaze are held too where they rest: putting it on gives the portrait's pose and nothing else. */
function portraitExpression(pose: RigPose): StarterExpression {
  const atRest = Object.fromEntries(ANGLES.map((target) => [target, 0]));
  return {
    id: 'starter-portrait',
    name: 'Portrait',
    description: 'Expression, head and gaze as in the portrait the avatar was made from',
    values: { ...atRest, ...valuesOfPose(pose) },
  };
}
