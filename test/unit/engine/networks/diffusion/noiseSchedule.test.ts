import { describe, expect, it } from 'vitest';
import { levelAt, linearSchedule, posteriorStep, respace } from '#engine/networks/diffusion/noiseSchedule';

const schedule = linearSchedule();

describe('the noise schedule', () => {
  it('rises from 1e-4 to 2e-2 in 1000 steps', () => {
    expect(schedule.betas).toHaveLength(1000);
    expect(schedule.betas[0]).toBe(1e-4);
    expect(schedule.betas[999]).toBeCloseTo(2e-2, 12);
    expect(schedule.betas[500]).toBeCloseTo(1e-4 + (500 * (2e-2 - 1e-4)) / 999, 12);
    // The product of all 1 - beta: 4.0358e-5 (DDPM's code prints 0.00635 for its root).
    expect(Math.sqrt(schedule.alphaBars[999])).toBeCloseTo(0.00635, 5);
  });

  it('keeps alpha² + sigma² = 1, in between too, and lambda falls', () => {
    let last = Infinity;
    for (let step = 0; step <= 999; step += 0.37) {
      const { alpha, sigma, lambda } = levelAt(schedule, step);
      expect(alpha * alpha + sigma * sigma).toBeCloseTo(1, 12);
      expect(lambda).toBeLessThan(last);
      last = lambda;
    }
    expect(levelAt(schedule, 0).sigma).toBeCloseTo(0.01, 12);
    expect(levelAt(schedule, 999).alpha).toBeCloseTo(Math.sqrt(schedule.alphaBars[999]), 12);
  });

  it('has a posterior that gives alpha of the step before, and less variance than beta', () => {
    for (const step of [1, 10, 500, 999]) {
      const { ofLatent, ofNoisy, logVariance } = posteriorStep(schedule, step);
      const mean = ofLatent + ofNoisy * Math.sqrt(schedule.alphaBars[step]);
      expect(mean).toBeCloseTo(Math.sqrt(schedule.alphaBars[step - 1]), 12);
      expect(Math.exp(logVariance)).toBeLessThan(schedule.betas[step]);
    }
    expect(posteriorStep(schedule, 0)).toEqual({
      ofLatent: 1,
      ofNoisy: 0,
      logVariance: posteriorStep(schedule, 1).logVariance,
    });
  });

  it('in fewer steps goes through the same levels', () => {
    const { chosen, schedule: short } = respace(schedule, 100);
    expect([chosen[0], chosen[1], chosen[99]]).toEqual([0, 10, 999]);
    chosen.forEach((step, k) => {
      expect(short.alphaBars[k] / schedule.alphaBars[step]).toBeCloseTo(1, 9);
    });
    expect(respace(schedule, 1000).schedule.betas[700]).toBeCloseTo(schedule.betas[700], 12);
    expect(respace(schedule, 1).chosen).toEqual([999]);
  });
});
