// Encoders at 512 x 512: time, size and quality per container, and memory of a short against a long clip.
// Run: npm run build && npx esbuild test/bench/video.ts --bundle --packages=external --platform=node --format=esm \
//        --outfile=dist/bench/video.js && node dist/bench/video.js [--memory]
// Quality needs ffmpeg on the path; without it that column is empty.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RgbaImage } from '#common/image/rasterImage';
import { encodeVideo } from '#host/export/encodeVideo';
import { MovingPicture } from '#test/helpers/movingPicture';

const SIZE = 512;
const FRAMES = 90;
const workerUrl = new URL('../videoEncode.worker.js', import.meta.url);
const folder = await mkdtemp(join(tmpdir(), 'bench-video-'));

type Case = readonly [name: string, container: 'mp4' | 'webm', alpha: boolean, bitrate: number | undefined];
const CASES: readonly Case[] = [
  ['MP4 H.264', 'mp4', false, undefined],
  ['MP4 H.264, 1.5 Mbit/s', 'mp4', false, 1_500_000],
  ['WebM VP9', 'webm', false, undefined],
  ['WebM VP9, 1.5 Mbit/s', 'webm', false, 1_500_000],
  ['WebM VP9 + alpha', 'webm', true, undefined],
];

/** Prepared before the clock starts; encoders copy what they get. */
function clip(size: number, alpha: boolean, count: number): RgbaImage[] {
  const picture = new MovingPicture(size, alpha);
  return Array.from({ length: count }, (_, index) => picture.frame(index));
}

async function* repeat(frames: readonly RgbaImage[], count: number): AsyncGenerator<RgbaImage> {
  for (let index = 0; index < count; index++) yield await Promise.resolve(frames[index % frames.length]);
}

function psnr(path: string, rawPath: string): string {
  const align = 'settb=1/30,setpts=N';
  const filter = `[0:v]scale=in_color_matrix=bt709:in_range=tv,format=gbrp,${align}[a];[1:v]format=gbrp,${align}[b];[a][b]psnr`;
  const raw = [
    '-s',
    `${SIZE}x${SIZE}`,
    '-framerate',
    '30',
    '-pix_fmt',
    'rgba',
    '-f',
    'rawvideo',
    '-i',
    rawPath,
  ];
  const run = spawnSync('ffmpeg', ['-i', path, ...raw, '-lavfi', filter, '-f', 'null', '-'], {
    encoding: 'utf8',
  });
  return /average:([\d.]+)/.exec(run.stderr ?? '')?.[1]?.slice(0, 4) ?? '';
}

async function speed(): Promise<void> {
  console.log('| what | CPU ms/frame | wall ms/frame | Mbit/s | PSNR dB |');
  console.log('|---|---|---|---|---|');
  for (const [name, container, alpha, bitrate] of CASES) {
    const frames = clip(SIZE, alpha, FRAMES);
    const path = join(folder, `clip.${container}`);
    const cpu = process.cpuUsage();
    const result = await encodeVideo(repeat(frames, FRAMES), {
      ...{ path, container, alpha, fps: 30, width: SIZE, height: SIZE, frameCount: FRAMES, workerUrl },
      ...(bitrate === undefined ? {} : { bitrate }),
    });
    const used = process.cpuUsage(cpu);
    const rawPath = join(folder, 'clip.rgba');
    await writeFile(rawPath, Buffer.concat(frames.map((frame) => frame.data)));
    console.log(
      [
        `| ${name}`,
        ((used.user + used.system) / 1000 / FRAMES).toFixed(1),
        (result.milliseconds / FRAMES).toFixed(1),
        ((result.bytes * 8 * 30) / FRAMES / 1e6).toFixed(2),
        `${alpha ? '' : psnr(path, rawPath)} |`,
      ].join(' | '),
    );
  }
}

/** Peak resident memory while encoding 10 s and 2 min of small pictures in this one process, in that order. */
async function memory(): Promise<void> {
  const frames = clip(128, false, 30);
  console.log('| container | seconds | peak RSS MiB | heap MiB at the end |');
  console.log('|---|---|---|---|');
  for (const container of ['mp4', 'webm'] as const) {
    for (const seconds of [10, 10, 120]) {
      let peak = 0;
      const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
      const path = join(folder, `long.${container}`);
      const size = { width: 128, height: 128, fps: 30, frameCount: seconds * 30 };
      await encodeVideo(repeat(frames, seconds * 30), { path, container, alpha: false, ...size, workerUrl });
      clearInterval(timer);
      const heap = process.memoryUsage().heapUsed / 2 ** 20;
      console.log(`| ${container} | ${seconds} | ${(peak / 2 ** 20).toFixed(0)} | ${heap.toFixed(1)} |`);
    }
  }
}

try {
  if (process.argv.includes('--memory')) await memory();
  else await speed();
} finally {
  await rm(folder, { recursive: true });
}
