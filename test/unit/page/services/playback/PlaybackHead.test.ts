import { describe, expect, it } from 'vitest';
import { PlaybackHead } from '$services/playback/PlaybackHead';

function aHead({ seconds = 2, loop = true } = {}): PlaybackHead {
  const head = new PlaybackHead();
  head.load(seconds);
  head.setLooping(loop);
  return head;
}

describe('PlaybackHead', () => {
  it('follows the clock, not the number of pictures', () => {
    const head = aHead();
    head.play();
    head.tick(5000);
    head.tick(5510);
    expect(head.frame).toBe(15);
    for (let clock = 5510; clock < 6000; clock += 7) head.tick(clock);
    head.tick(6000);
    expect(head.frame).toBe(30);
  });

  it('does not drift over many loops of uneven ticks', () => {
    const head = aHead({ seconds: 1.7 });
    head.play();
    let clock = 0;
    head.tick(clock);
    for (let tick = 0; tick < 20_000; tick++) head.tick((clock += 3 + (tick % 29)));
    expect(head.frame).toBe(Math.floor((clock / 1000) * 30 + 1e-6) % 51);
  });

  it('shows each frame once at the clock of a 60 Hz screen', () => {
    const head = aHead();
    head.play();
    head.tick(0);
    const shown = Array.from({ length: 60 }, (_, tick) => head.tick(((tick + 1) * 1000) / 60));
    expect(shown.filter(Boolean)).toHaveLength(30);
    expect(head.measuredFps).toBeCloseTo(30, 0);
  });

  it('stops at the end of the motion without a loop and starts over from there', () => {
    const head = aHead({ seconds: 1, loop: false });
    head.play();
    head.tick(0);
    head.tick(5000);
    expect([head.frame, head.isPlaying]).toEqual([30, false]);
    expect(head.timeSeconds).toBe(1);
    head.play();
    expect(head.frame).toBe(0);
  });

  it("ends on the motion's own end where that falls between frames", () => {
    const head = aHead({ seconds: 1.99, loop: false });
    head.step(500);
    expect([head.frame, head.timeSeconds]).toEqual([60, 1.99]);
  });

  it('goes on from where it was sought while playing', () => {
    const head = aHead();
    head.play();
    head.tick(0);
    head.tick(300);
    head.seek(1);
    head.tick(400);
    head.tick(500);
    expect(head.frame).toBe(33);
  });

  it('steps whole frames, around the seam of a loop only', () => {
    const looping = aHead();
    looping.step(-1);
    expect(looping.frame).toBe(59);
    const once = aHead({ loop: false });
    once.step(-10);
    expect(once.frame).toBe(0);
    once.step(500);
    expect([once.frame, once.isPlaying]).toEqual([60, false]);
    once.setLooping(true);
    expect(once.frame).toBe(59);
  });
});
