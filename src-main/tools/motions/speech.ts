import type { Mix, MotionScore } from '#tools/motions/motionScore';
import { sidesOf } from '#tools/motions/motionScore';

/**
 * Mouth shapes of speech sounds as channel mixes. `firm` shapes (lips that must touch) win over their neighbours.
 * The classes are the usual fifteen visemes; the mixes are our own.
 */
const VISEMES: Readonly<Record<string, { mix: Mix; firm?: number }>> = {
  rest: { mix: { jawOpen: 0.01 } },
  // The jaw stays a little down behind closed lips.
  MBP: { firm: 4, mix: { jawOpen: 0.09, mouthClose: 0.09, mouthPress: 0.3, mouthRollLower: 0.16, mouthRollUpper: 0.14 } },
  FV: { firm: 3, mix: { jawOpen: 0.06, mouthRollLower: 0.42, mouthUpperUp: 0.2, mouthLowerDown: 0.03 } },
  TH: { firm: 1.5, mix: { jawOpen: 0.15, mouthLowerDown: 0.15, mouthUpperUp: 0.08, tongueOut: 0.12 } },
  DTNL: { mix: { jawOpen: 0.14, mouthLowerDown: 0.16, mouthUpperUp: 0.1, mouthStretch: 0.06 } },
  KG: { mix: { jawOpen: 0.17, mouthLowerDown: 0.1, mouthStretch: 0.1 } },
  SZ: { firm: 1.6, mix: { jawOpen: 0.05, mouthStretch: 0.18, mouthSmile: 0.12, mouthLowerDown: 0.26, mouthUpperUp: 0.14 } },
  CHSH: { firm: 2, mix: { jawOpen: 0.08, mouthFunnel: 0.45, mouthPucker: 0.15, mouthUpperUp: 0.12 } },
  R: { mix: { jawOpen: 0.12, mouthFunnel: 0.22, mouthPucker: 0.22 } },
  W: { firm: 2.4, mix: { jawOpen: 0.07, mouthPucker: 0.62, mouthFunnel: 0.2 } },
  AA: { mix: { jawOpen: 0.44, mouthLowerDown: 0.18, mouthUpperUp: 0.1, mouthStretch: 0.05 } },
  EH: { mix: { jawOpen: 0.27, mouthStretch: 0.18, mouthSmile: 0.12, mouthLowerDown: 0.2, mouthUpperUp: 0.1 } },
  IH: { mix: { jawOpen: 0.17, mouthSmile: 0.22, mouthStretch: 0.16, mouthLowerDown: 0.18, mouthUpperUp: 0.08 } },
  OH: { mix: { jawOpen: 0.3, mouthFunnel: 0.4, mouthPucker: 0.24 } },
  OO: { mix: { jawOpen: 0.13, mouthPucker: 0.55, mouthFunnel: 0.28 } },
}; // prettier-ignore

/** One spoken sound: its class, seconds, loudness (vowels of stressed syllables above 1). */
export type Sound = readonly [viseme: string, seconds: number, stress?: number];

/**
 * Speaks a phrase from `start`. Neighbouring sounds overlap and blend by dominance (Cohen and Massaro 1993): each
 * sound pulls the mouth to its shape with a bell about its middle that is wider than the sound itself.
 */
export function addSpeech(score: MotionScore, start: number, sounds: readonly Sound[]): void {
  let time = start;
  const bells = [['rest', 0.25] as const, ...sounds, ['rest', 0.25] as const].map(
    ([name, seconds, stress]) => {
      const viseme = VISEMES[name];
      const centre = time + seconds / 2 - 0.25;
      time += seconds;
      return { viseme, centre, width: seconds * 0.5 + 0.03, stress: stress ?? 1 };
    },
  );
  const length = time - start;
  const channels = new Set(bells.flatMap(({ viseme }) => Object.keys(viseme.mix)));
  // Speech fades in and out against the rest of the face.
  const presence = score.envelope({ start: start - 0.12, attack: 0.14, hold: length - 0.4, release: 0.2 });
  for (const name of channels) {
    const shape = (t: number): number => {
      let pull = 0;
      let total = 1e-6;
      for (const { viseme, centre, width, stress } of bells) {
        const weight = (viseme.firm ?? 1) * Math.exp(-(((t - centre) / width) ** 2) * 1.4);
        total += weight;
        pull += weight * (viseme.mix[name] ?? 0) * (name === 'jawOpen' || name.endsWith('Down') ? stress : 1);
      }
      return pull / total;
    };
    const { durationSeconds } = score;
    for (const target of sidesOf(name)) {
      score.add(target, (t) => {
        const at = t < start - 0.3 ? t + durationSeconds : t;
        return shape(at) * presence(t);
      });
    }
  }
}
