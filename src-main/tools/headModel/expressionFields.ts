import { ARKIT_CHANNELS, type ArkitChannel } from '#common/head/arkitChannels';

import { EXPRESSION_RECIPES, type ExpressionRecipe } from './expressionRecipes.data';
import { poseFace, type PoseContext } from './facePose';
import { METRES_PER_UNIT } from './headSpace';
import { rigidJaw, smoothField } from './fieldRepairs';
import { mirrorField, placeVertices, symmetriseField, type HeadLayout } from './headLayout';

/** Displacements of all vertices in metres, one field per channel. */
export type ChannelFields = Map<ArkitChannel, Float64Array>;

/** Half width of the soft border between the halves of the face, decimetres. */
const HALF_BORDER = 0.06;

/**
 * Poses the source by each channel's recipe and takes the difference, on the mean head. Eyeballs are left out
 * (they turn, see eyeLook.ts). Channels of one side are computed on the left and mirrored, so that both sides
 * agree exactly; the others are made exactly symmetric.
 */
export function recipeFields(context: PoseContext, layout: HeadLayout, rest: Float64Array): ChannelFields {
  const fields: ChannelFields = new Map();
  const placedRest = placeVertices(layout, rest);
  for (const channel of ARKIT_CHANNELS) {
    const recipe = EXPRESSION_RECIPES[channel];
    if (recipe === undefined) continue;
    const field = recipeField(context, layout, rest, placedRest, recipe);
    fields.set(channel, field);
    const twin = rightTwin(channel);
    if (twin !== undefined) fields.set(twin, mirrorField(layout, field));
  }
  return fields;
}

/**
 * What turns the chord of jawOpen into the jaw's arc at one half: the pose at half strength minus half of the
 * pose, metres.
 */
export function jawArc(context: PoseContext, layout: HeadLayout, rest: Float64Array): Float64Array {
  const recipe = EXPRESSION_RECIPES.jawOpen!;
  const placedRest = placeVertices(layout, rest);
  const units = Object.fromEntries(Object.entries(recipe.units!).map(([unit, weight]) => [unit, weight / 2]));
  const full = recipeField(context, layout, rest, placedRest, recipe);
  const half = recipeField(context, layout, rest, placedRest, { ...recipe, units });
  return half.map((value, i) => value - full[i] / 2);
}

/** 'xLeft' -> 'xRight'; undefined for channels without sides. */
export function rightTwin(channel: ArkitChannel): ArkitChannel | undefined {
  return channel.endsWith('Left') ? (channel.replace(/Left$/, 'Right') as ArkitChannel) : undefined;
}

function recipeField(
  context: PoseContext,
  layout: HeadLayout,
  rest: Float64Array,
  placedRest: Float64Array,
  recipe: ExpressionRecipe,
): Float64Array {
  const field = placeVertices(layout, poseFace(context, rest, recipe));
  for (let i = 0; i < field.length; i++) field[i] -= placedRest[i];
  for (const part of layout.parts)
    if (part.name === 'eyeLeft' || part.name === 'eyeRight')
      field.fill(0, part.firstVertex * 3, (part.firstVertex + part.vertexCount) * 3);
  smoothField(layout, field);
  rigidJaw(
    layout,
    placedRest,
    field,
    Object.keys(recipe.units ?? {}).some((unit) => unit.startsWith('Tongue')),
  );
  for (let i = 0; i < field.length; i++) field[i] *= METRES_PER_UNIT;
  if (recipe.side === 'symmetric') symmetriseField(layout, field);
  if (recipe.side === 'half')
    for (let v = 0; v < layout.vertexCount; v++) {
      const share = 1 / (1 + Math.exp(-placedRest[v * 3] / HALF_BORDER));
      for (let c = 0; c < 3; c++) field[v * 3 + c] *= share;
    }
  return field;
}
