/** Triangles with a rest shape in the plane: edges (x1, y1 = rest[2]) and (x2, y2), as [x1, x2, y1, y2]. */
export interface FlatTriangles {
  readonly triangles: Uint32Array;
  readonly rest: Float64Array;
  readonly weights: Float64Array;
}

const MEMORY = 12;
const ITERATIONS = 600;

/**
 * Lowers the symmetric Dirichlet energy  sum weight (|J|^2 + |J^-1|^2)  of a fold-free map in place with
 * L-BFGS (Smith & Schaefer 2015, "Bijective parameterization with free boundaries", section 4, without their
 * boundary barrier: the border is fixed here). Each step stays short of the first fold.
 */
export function minimiseDistortion(uv: Float64Array, fixed: Uint8Array, mesh: FlatTriangles): void {
  const inverse = inverseRest(mesh);
  const n = uv.length;
  let gradient = new Float64Array(n);
  let energy = evaluate(uv, mesh, inverse, gradient);
  const steps: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  mask(gradient, fixed);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const direction = twoLoop(gradient, steps);
    let slope = dot(direction, gradient);
    if (slope >= 0) {
      steps.length = 0;
      for (let i = 0; i < n; i++) direction[i] = -gradient[i];
      slope = -dot(gradient, gradient);
    }
    const next = lineSearch({ uv, energy, slope }, direction, mesh, inverse);
    if (next === undefined) {
      if (steps.length === 0) break;
      steps.length = 0;
      continue;
    }
    const nextGradient = new Float64Array(n);
    const nextEnergy = evaluate(next, mesh, inverse, nextGradient);
    mask(nextGradient, fixed);
    const s = next.map((value, i) => value - uv[i]);
    const y = nextGradient.map((value, i) => value - gradient[i]);
    const sy = dot(s, y);
    if (sy > 1e-18) {
      steps.push({ s, y, rho: 1 / sy });
      if (steps.length > MEMORY) steps.shift();
    }
    const gain = energy - nextEnergy;
    uv.set(next);
    gradient = nextGradient;
    energy = nextEnergy;
    if (gain < 1e-9 * energy) break;
    if (gain < 1e-9 * energy) break;
  }
}

function inverseRest({ rest }: FlatTriangles): Float64Array {
  const inverse = new Float64Array(rest.length);
  for (let i = 0; i < rest.length; i += 4) {
    const [x1, x2, y1, y2] = rest.subarray(i, i + 4);
    const det = x1 * y2 - x2 * y1;
    inverse.set([y2 / det, -x2 / det, -y1 / det, x1 / det], i);
  }
  return inverse;
}

function mask(gradient: Float64Array, fixed: Uint8Array): void {
  for (let v = 0; v < fixed.length; v++) if (fixed[v]) gradient[v * 2] = gradient[v * 2 + 1] = 0;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function twoLoop(
  gradient: Float64Array,
  steps: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = gradient.map((value) => -value);
  const alphas: number[] = [];
  for (let k = steps.length - 1; k >= 0; k--) {
    const { s, y, rho } = steps[k];
    const alpha = rho * dot(s, q);
    alphas[k] = alpha;
    for (let i = 0; i < q.length; i++) q[i] -= alpha * y[i];
  }
  const last = steps.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i] *= scale;
  }
  steps.forEach(({ s, y, rho }, k) => {
    const beta = rho * dot(y, q);
    for (let i = 0; i < q.length; i++) q[i] += (alphas[k] - beta) * s[i];
  });
  return q;
}

/** A map with the energy found there and the slope of the energy along the direction searched. */
interface SearchStart {
  readonly uv: Float64Array;
  readonly energy: number;
  readonly slope: number;
}

function lineSearch(
  { uv, energy, slope }: SearchStart,
  direction: Float64Array,
  mesh: FlatTriangles,
  inverse: Float64Array,
): Float64Array | undefined {
  let step = Math.min(1, 0.8 * firstFold(uv, direction, mesh.triangles));
  const trial = new Float64Array(uv.length);
  for (let attempt = 0; attempt < 40; attempt++) {
    for (let i = 0; i < uv.length; i++) trial[i] = uv[i] + step * direction[i];
    const value = evaluate(trial, mesh, inverse);
    if (value <= energy + 1e-4 * step * slope) return trial;
    step *= 0.6;
  }
  return undefined;
}

/** Smallest positive step at which a triangle's area reaches zero (a quadratic in the step). */
function firstFold(uv: Float64Array, direction: Float64Array, triangles: Uint32Array): number {
  let first = Infinity;
  for (let t = 0; t < triangles.length; t += 3) {
    const a = triangles[t] * 2;
    const b = triangles[t + 1] * 2;
    const c = triangles[t + 2] * 2;
    const [px, py, qx, qy] = [uv[b] - uv[a], uv[b + 1] - uv[a + 1], uv[c] - uv[a], uv[c + 1] - uv[a + 1]];
    const [dx, dy] = [direction[b] - direction[a], direction[b + 1] - direction[a + 1]];
    const [ex, ey] = [direction[c] - direction[a], direction[c + 1] - direction[a + 1]];
    const A = dx * ey - dy * ex;
    const B = px * ey + dx * qy - py * ex - dy * qx;
    const C = px * qy - py * qx;
    const root = smallestPositiveRoot(A, B, C);
    if (root < first) first = root;
  }
  return first;
}

function smallestPositiveRoot(a: number, b: number, c: number): number {
  if (Math.abs(a) < 1e-30) return b !== 0 && -c / b > 0 ? -c / b : Infinity;
  const discriminant = b * b - 4 * a * c;
  if (discriminant < 0) return Infinity;
  const q = -0.5 * (b + Math.sign(b || 1) * Math.sqrt(discriminant));
  const roots = [q / a, q === 0 ? Infinity : c / q].filter((root) => root > 0);
  return Math.min(...roots, Infinity);
}

/** Energy, and its gradient when asked; +Infinity for a folded map. v runs down, so areas are negated. */
function evaluate(
  uv: Float64Array,
  { triangles, weights }: FlatTriangles,
  inverse: Float64Array,
  gradient?: Float64Array,
): number {
  let energy = 0;
  for (let t = 0; t < weights.length; t++) {
    const a = triangles[t * 3] * 2;
    const b = triangles[t * 3 + 1] * 2;
    const c = triangles[t * 3 + 2] * 2;
    const i = t * 4;
    const px = uv[b] - uv[a];
    const py = uv[a + 1] - uv[b + 1];
    const qx = uv[c] - uv[a];
    const qy = uv[a + 1] - uv[c + 1];
    // J = [p q] * inverse rest, rows x and y.
    const j0 = px * inverse[i] + qx * inverse[i + 2];
    const j1 = px * inverse[i + 1] + qx * inverse[i + 3];
    const j2 = py * inverse[i] + qy * inverse[i + 2];
    const j3 = py * inverse[i + 1] + qy * inverse[i + 3];
    const det = j0 * j3 - j1 * j2;
    if (!(det > 0)) return Infinity;
    const norm = j0 * j0 + j1 * j1 + j2 * j2 + j3 * j3;
    const w = weights[t];
    const inv2 = 1 / (det * det);
    energy += w * norm * (1 + inv2);
    if (gradient === undefined) continue;
    const f = 2 * w * (1 + inv2);
    const g = (-2 * w * norm * inv2) / det;
    const g0 = f * j0 + g * j3;
    const g1 = f * j1 - g * j2;
    const g2 = f * j2 - g * j1;
    const g3 = f * j3 + g * j0;
    const gpx = g0 * inverse[i] + g1 * inverse[i + 1];
    const gqx = g0 * inverse[i + 2] + g1 * inverse[i + 3];
    const gpy = -(g2 * inverse[i] + g3 * inverse[i + 1]);
    const gqy = -(g2 * inverse[i + 2] + g3 * inverse[i + 3]);
    gradient[b] += gpx;
    gradient[b + 1] += gpy;
    gradient[c] += gqx;
    gradient[c + 1] += gqy;
    gradient[a] -= gpx + gqx;
    gradient[a + 1] -= gpy + gqy;
  }
  return energy;
}
