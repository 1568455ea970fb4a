import type { ShadingMode } from '#common/raster/shading/fragmentShader';

/**
 * GLSL of the avatar's surface, one program per mode. Fragments leave in linear light, or sRGB-encoded where DISPLAY is
 * defined (drafts, which go straight to the canvas). The constants are those of `common/raster/shading`, so that page and
 * headless pictures agree.
 */
export interface SurfaceProgram {
  readonly vertexShader: string;
  readonly fragmentShader: string;
}

const VERTEX_HEAD = /* glsl */ `
precision highp float;
uniform mat4 clipFromWorld;
in vec3 position;
`;

const FRAGMENT_HEAD = /* glsl */ `
precision highp float;
out vec4 fragment;
#ifdef DISPLAY
vec3 fromDisplay(vec3 value) {
  return value;
}
vec3 fromLight(vec3 light) {
  vec3 shown = 1.055 * pow(light, vec3(1.0 / 2.4)) - 0.055;
  return mix(shown, light * 12.92, vec3(lessThanEqual(light, vec3(0.0031308))));
}
#else
vec3 fromDisplay(vec3 value) {
  vec3 shown = clamp(value, 0.0, 1.0);
  return mix(pow((shown + 0.055) / 1.055, vec3(2.4)), shown / 12.92, vec3(lessThanEqual(shown, vec3(0.04045))));
}
vec3 fromLight(vec3 light) {
  return light;
}
#endif
`;

// At an edge pixel `centroid` keeps the texture coordinate inside the triangle: nothing is read beyond a chart.
const UV_VERTEX = /* glsl */ `${VERTEX_HEAD}
in vec2 uv;
centroid out vec2 surfaceUv;
void main() {
  surfaceUv = uv;
  gl_Position = clipFromWorld * vec4(position, 1.0);
}`;

const NORMAL_VERTEX = /* glsl */ `${VERTEX_HEAD}
uniform mat3 viewerAxes;
in vec3 normal;
centroid out vec3 viewerNormal;
void main() {
  viewerNormal = viewerAxes * normal;
  gl_Position = clipFromWorld * vec4(position, 1.0);
}`;

const PROGRAMS: Readonly<Record<ShadingMode, SurfaceProgram>> = {
  textured: {
    vertexShader: UV_VERTEX,
    fragmentShader: /* glsl */ `
precision highp float;
uniform sampler2D atlas;
centroid in vec2 surfaceUv;
out vec4 fragment;
void main() {
  fragment = vec4(texture(atlas, surfaceUv).rgb, 1.0);
}`,
  },
  uv: {
    vertexShader: UV_VERTEX,
    fragmentShader: /* glsl */ `${FRAGMENT_HEAD}
centroid in vec2 surfaceUv;
void main() {
  vec2 cell = floor(surfaceUv * 32.0);
  float isOdd = mod(cell.x + cell.y, 2.0);
  fragment = vec4(fromDisplay(vec3(surfaceUv, mix(0.2, 0.8, isOdd))), 1.0);
}`,
  },
  normals: {
    vertexShader: NORMAL_VERTEX,
    fragmentShader: /* glsl */ `${FRAGMENT_HEAD}
centroid in vec3 viewerNormal;
void main() {
  fragment = vec4(fromDisplay(normalize(viewerNormal) * 0.5 + 0.5), 1.0);
}`,
  },
  shaded: {
    vertexShader: NORMAL_VERTEX,
    fragmentShader: /* glsl */ `${FRAGMENT_HEAD}
centroid in vec3 viewerNormal;
const vec3 CLAY = vec3(0.48, 0.45, 0.42);
const vec3 KEY = vec3(-0.4472, 0.5367, 0.7155);
void main() {
  vec3 facing = normalize(viewerNormal) * (gl_FrontFacing ? 1.0 : -1.0);
  float light = 0.95 * max(0.0, dot(facing, KEY)) + 0.22 * (0.6 + 0.4 * facing.y);
  fragment = vec4(fromLight(min(vec3(1.0), CLAY * light)), 1.0);
}`,
  },
  depth: {
    vertexShader: /* glsl */ `${VERTEX_HEAD}
out float depthMetres;
void main() {
  gl_Position = clipFromWorld * vec4(position, 1.0);
  depthMetres = gl_Position.w;
}`,
    fragmentShader: /* glsl */ `${FRAGMENT_HEAD}
uniform vec2 depthRange;
in float depthMetres;
void main() {
  float far = (depthMetres - depthRange.x) / (depthRange.y - depthRange.x);
  fragment = vec4(fromDisplay(vec3(1.0 - 0.9 * far)), 1.0);
}`,
  },
  // Drawn without indices: a vertex's place in its triangle says which edges it lies on.
  wireframe: {
    vertexShader: /* glsl */ `${VERTEX_HEAD}
out vec3 corner;
void main() {
  int place = gl_VertexID % 3;
  corner = vec3(place == 0, place == 1, place == 2);
  gl_Position = clipFromWorld * vec4(position, 1.0);
}`,
    fragmentShader: /* glsl */ `${FRAGMENT_HEAD}
in vec3 corner;
const vec3 LINE = vec3(0.02, 0.05, 0.12);
const vec3 PAPER = vec3(0.75, 0.77, 0.8);
void main() {
  vec3 slope = sqrt(pow(dFdx(corner), vec3(2.0)) + pow(dFdy(corner), vec3(2.0)));
  vec3 pixels = corner / max(slope, vec3(1e-6));
  float nearest = min(pixels.x, min(pixels.y, pixels.z));
  fragment = vec4(fromLight(mix(PAPER, LINE, clamp(1.05 - nearest, 0.0, 1.0))), 1.0);
}`,
  },
};

export function surfaceProgram(mode: ShadingMode): SurfaceProgram {
  return PROGRAMS[mode];
}
