/**
 * Runs in the studio's page before anything else and watches its WebGL calls: the studio itself knows nothing of being
 * measured. `frameProbe`:
 *
 *   count              pictures drawn so far (any number of draw calls of one task are one)
 *   firstDraw          resolves with the first picture
 *   arm(), delay()     from the next pointer move's time stamp until the picture drawn after it is finished on the GPU
 *   keys               durations of key presses, from the browser's event timing (input to next paint)
 *   rate(ms)           pictures a second over that time
 *   nextFrame(), settled(ms)
 */
export const FRAME_PROBE = `
(() => {
  const probe = { count: 0, lastDraw: 0, keys: [] };
  globalThis.frameProbe = probe;
  let isCounted = false;
  let movedAt;
  let resolveDelay;
  let delay = Promise.resolve(0);
  let resolveFirst;
  probe.firstDraw = new Promise((resolve) => (resolveFirst = resolve));
  const didDraw = (gl) => {
    probe.count++;
    resolveFirst();
    probe.lastDraw = performance.now();
    if (movedAt === undefined) return;
    // Reading a pixel waits for everything drawn before it.
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    resolveDelay(performance.now() - movedAt);
    movedAt = undefined;
  };
  for (const name of ['drawElements', 'drawArrays']) {
    const draw = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function (...parameters) {
      draw.apply(this, parameters);
      if (isCounted) return;
      isCounted = true;
      queueMicrotask(() => {
        isCounted = false;
        didDraw(this);
      });
    };
  }
  probe.arm = () => {
    delay = new Promise((resolve) => (resolveDelay = resolve));
    addEventListener('pointermove', (event) => (movedAt ??= event.timeStamp), { capture: true, once: true });
  };
  probe.delay = () => delay;
  probe.nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  probe.settled = async (milliseconds) => {
    do await new Promise((resolve) => setTimeout(resolve, milliseconds));
    while (performance.now() - probe.lastDraw < milliseconds);
  };
  probe.rate = async (milliseconds) => {
    const before = probe.count;
    const start = performance.now();
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return ((probe.count - before) * 1000) / (performance.now() - start);
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === 'keydown') probe.keys.push(entry.duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
})();`;
