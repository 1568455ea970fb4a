/** Time as the host sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds that only grow, for durations. */
  milliseconds(): number;
  /** The date for what is written into files. */
  date(): Date;
}

export const systemClock: Clock = {
  milliseconds: () => performance.now(),
  date: () => new Date(),
};
