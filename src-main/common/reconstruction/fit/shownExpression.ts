import { ARKIT_CHANNELS, channelIndex, type ArkitChannel } from '#common/head/arkitChannels';

/**
 * Weight up to which a channel is taken for the person's own face, by how well landmarks tell it from
 * identity: an open jaw is an open jaw, but raised brows, a wide or pressed mouth or narrow eyes are how many
 * faces are built, drawn ones above all. Gaze within 10 degrees of straight ahead is how the portrait looks at us.
 */
const OWN_FACE: readonly (readonly [pattern: RegExp, weight: number])[] = [
  [/^jawOpen$/, 0.05],
  [/^mouthSmile|^tongueOut$/, 0.12],
  [/^eyeBlink|^mouthClose$/, 0.15],
  [/^mouth(Funnel|Pucker|UpperUp|LowerDown|Frown)|^eyeWide/, 0.3],
  [/^eyeLook/, 0.4],
  [/^mouth(Roll|Stretch|Shrug|Press|Dimple)|^jawForward/, 0.6],
  [/^brow|^eyeSquint|^cheek|^nose|^jaw|^mouth/, 0.45],
];

/**
 * The part of solved weights that is expression; the rest stays in the neutral face. A plain threshold would
 * keep the stretched mouth of a broad smile for ever, so it falls where jaw and smile show that the face is
 * expressive: then the mouth's other channels are believed too.
 *
 * @param weights 52 solved weights.
 * @returns 52 weights, none larger than the solved one.
 */
export function shownExpression(weights: ArrayLike<number>): Float64Array {
  const at = (name: ArkitChannel): number => weights[channelIndex(name)];
  const smile = Math.max(at('mouthSmileLeft'), at('mouthSmileRight'));
  const lively = Math.min(1, 2 * Math.max(0, at('jawOpen') - 0.1) + 1.4 * Math.max(0, smile - 0.25));
  return Float64Array.from(ARKIT_CHANNELS, (name, channel) => {
    const solved = Math.max(0, weights[channel] - opposed(name, at));
    const own = OWN_FACE.find(([pattern]) => pattern.test(name))?.[1] ?? 0;
    const threshold = own * (/^(mouth|cheek|jaw|nose)/.test(name) ? 1 - lively : 1);
    return Math.max(0, (solved - threshold) / (1 - threshold));
  });
}

/** Channels that work against each other are often both solved high; only their difference was seen. */
function opposed(name: ArkitChannel, at: (name: ArkitChannel) => number): number {
  const side = name.endsWith('Left') ? 'Left' : 'Right';
  if (name.startsWith('eyeBlink')) return at(`eyeWide${side}`);
  if (name.startsWith('eyeWide')) return at(`eyeBlink${side}`);
  // Closing lips means something only as far as the jaw is open.
  if (name === 'mouthClose') return Math.max(0, at('mouthClose') - at('jawOpen'));
  return 0;
}

/**
 * The part of solved weights that is how this face is built: what is solved but not shown. A gaze too small to
 * count as one is left out of neutral and source alike: the eyeball is not turned, and its texture shows the
 * iris where the picture has it (turned at rest it would no longer be a sphere).
 *
 * @param asymmetry share of left-right differences to believe, [0, 1].
 * @returns 52 weights.
 */
export function ownExpression(
  weights: ArrayLike<number>,
  shown: ArrayLike<number>,
  asymmetry: number,
): Float64Array {
  const own = Float64Array.from(ARKIT_CHANNELS, (name, channel) =>
    name.startsWith('eyeLook') || name === 'mouthClose' ? 0 : Math.max(0, weights[channel] - shown[channel]),
  );
  ARKIT_CHANNELS.forEach((name, left) => {
    if (!name.endsWith('Left')) return;
    const right = channelIndex(name.replace(/Left$/, 'Right') as ArkitChannel);
    const common = /^(jaw|mouth)Left$/.test(name) ? 0 : (own[left] + own[right]) / 2;
    own[left] = common + asymmetry * (own[left] - common);
    own[right] = common + asymmetry * (own[right] - common);
  });
  return own;
}
