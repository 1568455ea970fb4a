import sharp from 'sharp';

/** Where `drawFace` puts the five landmarks, pixels; left and right are the drawn person's own. */
export const DRAWN_FACE_POINTS = {
  leftEye: [355, 280],
  rightEye: [245, 280],
  noseTip: [300, 340],
  mouthLeft: [345, 400],
  mouthRight: [255, 400],
};

const SVG = `
<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600">
  <defs><radialGradient id="skin"><stop offset="0" stop-color="#f3cfb0"/><stop offset="1" stop-color="#d9a27c"/></radialGradient></defs>
  <rect width="600" height="600" fill="#6d8ca8"/>
  <path d="M90 600 C110 500 220 500 300 500 C380 500 490 500 510 600 Z" fill="#41536b"/>
  <rect x="250" y="430" width="100" height="110" fill="#d9a27c"/>
  <ellipse cx="300" cy="230" rx="160" ry="160" fill="#4a2f22"/>
  <ellipse cx="300" cy="320" rx="130" ry="170" fill="url(#skin)"/>
  <path d="M172 280 C190 170 260 150 300 160 C350 150 410 180 428 280 C400 220 350 210 300 212 C250 210 200 220 172 280 Z" fill="#4a2f22"/>
  <g fill="#fff"><ellipse cx="245" cy="280" rx="27" ry="13"/><ellipse cx="355" cy="280" rx="27" ry="13"/></g>
  <g fill="#3d2a1a"><circle cx="245" cy="280" r="11"/><circle cx="355" cy="280" r="11"/></g>
  <g fill="none" stroke="#3a241a" stroke-width="8" stroke-linecap="round"><path d="M212 250 Q245 234 276 248"/><path d="M324 248 Q355 234 388 250"/></g>
  <path d="M300 290 Q288 335 282 348 Q300 362 318 348 Q312 335 300 290" fill="#cf966f"/>
  <path d="M255 400 Q300 385 345 400 Q300 432 255 400" fill="#b0504c"/>
  <path d="M255 400 Q300 408 345 400" fill="none" stroke="#6d2b2b" stroke-width="4"/>
</svg>`;

/** PNG of a drawn head and shoulders, seen from the front. */
export async function drawFace(): Promise<Buffer> {
  return await sharp(Buffer.from(SVG)).png().toBuffer();
}
