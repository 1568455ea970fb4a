import type { DecoderDescription, PacketEncoder, VideoPacket } from '#host/export/video/packetEncoder';
import { keyFrameInterval, type VideoSettings } from '#host/export/video/videoSettings';
import type { YuvFrame } from '#host/export/video/yuvFrame';

/** 38.6 dB on a talking head at 0.8 Mbit/s. */
const QUALITY_LEVEL = '24';
/** The silhouette may not shimmer and its flat parts must stay 0 and 255; most of the plane costs nothing. */
const ALPHA_QUALITY_LEVEL = '10';
/** libavutil AV_PIX_FMT_YUV420P and AV_PKT_FLAG_KEY, AV_LOG_ERROR. */
const YUV420P = 0;
const KEY_FLAG = 1;
const LOG_ERRORS = 16;

type Library = Awaited<ReturnType<typeof load>>;

/**
 * VP9 profile 0 by libvpx inside libav.js (wasm, LGPL-2.1, a file of its own that is loaded at run time), in its
 * fastest realtime setting without look-ahead: one picture in, one packet out. Alpha runs as a second VP9
 * stream. The build has no SIMD, which is why it costs three times minih264.
 */
export class Vp9Encoder implements PacketEncoder {
  readonly codec = 'vp9';
  readonly #settings: VideoSettings;
  readonly #library: Library;
  readonly #color: Stream;
  readonly #alpha: Stream | undefined;

  private constructor(settings: VideoSettings, library: Library, color: Stream, alpha: Stream | undefined) {
    this.#settings = settings;
    this.#library = library;
    this.#color = color;
    this.#alpha = alpha;
  }

  static async open(settings: VideoSettings): Promise<Vp9Encoder> {
    const library = await load();
    const color = await openStream(library, settings, settings.bitrate, QUALITY_LEVEL);
    const alpha = settings.alpha
      ? await openStream(library, settings, undefined, ALPHA_QUALITY_LEVEL)
      : undefined;
    return new Vp9Encoder(settings, library, color, alpha);
  }

  async encode(frame: YuvFrame, alphaFrame?: YuvFrame): Promise<readonly VideoPacket[]> {
    const packet = await compress(this.#library, this.#color, frame);
    if (this.#alpha === undefined || alphaFrame === undefined) return [packet];
    const alpha = await compress(this.#library, this.#alpha, alphaFrame);
    return [{ ...packet, alpha: alpha.data }];
  }

  finish(): Promise<readonly VideoPacket[]> {
    return Promise.resolve([]);
  }

  decoder(): DecoderDescription {
    return { codec: vp9CodecString(this.#settings) };
  }

  async dispose(): Promise<void> {
    for (const stream of [this.#color, this.#alpha]) {
      if (stream !== undefined) {
        await this.#library.ff_free_encoder(stream.context, stream.frame, stream.packet);
      }
    }
    this.#library.terminate();
  }
}

interface Stream {
  readonly context: number;
  readonly frame: number;
  readonly packet: number;
  frameIndex: number;
}

async function load() {
  const { default: wrapper } = await import('@libav.js/variant-webm-vp9');
  const library = await wrapper.LibAV({ noworker: true, nothreads: true });
  await library.av_log_set_level(LOG_ERRORS);
  return library;
}

async function openStream(
  library: Library,
  settings: VideoSettings,
  bitrate: number | undefined,
  quality: string,
): Promise<Stream> {
  const { width, height, fps } = settings;
  const interval = keyFrameInterval(fps);
  const [, context, frame, packet] = await library.ff_init_encoder('libvpx-vp9', {
    ctx: {
      width,
      height,
      pix_fmt: YUV420P,
      bit_rate: bitrate ?? 0,
      gop_size: interval,
      keyint_min: interval,
      framerate_num: fps.numerator,
      framerate_den: fps.denominator,
    },
    time_base: [fps.denominator, fps.numerator],
    options: {
      deadline: 'realtime',
      'cpu-used': '8',
      'lag-in-frames': '0',
      'auto-alt-ref': '0',
      ...(bitrate === undefined ? { crf: quality } : {}),
    },
  });
  return { context, frame, packet, frameIndex: 0 };
}

async function compress(library: Library, stream: Stream, picture: YuvFrame): Promise<VideoPacket> {
  const { width, height, data } = picture;
  const luma = width * height;
  const packets = await library.ff_encode_multi(stream.context, stream.frame, stream.packet, [
    {
      data,
      layout: [
        { offset: 0, stride: width },
        { offset: luma, stride: width / 2 },
        { offset: luma + luma / 4, stride: width / 2 },
      ],
      format: YUV420P,
      width,
      height,
      pts: stream.frameIndex,
      ptshi: 0,
    },
  ]);
  stream.frameIndex++;
  const packet = packets[0];
  if (packets.length !== 1 || packet === undefined) {
    throw new Error(`VP9 gave ${packets.length} packets for one picture.`);
  }
  return { data: packet.data, isKey: ((packet.flags ?? 0) & KEY_FLAG) !== 0 };
}

// [level * 10, luma samples per second, luma samples per picture], VP9 levels (webmproject.org/vp9/levels).
const VP9_LEVELS = [
  [10, 829_440, 36_864], [11, 2_764_800, 73_728], [20, 4_608_000, 122_880], [21, 9_216_000, 245_760],
  [30, 20_736_000, 552_960], [31, 36_864_000, 983_040], [40, 83_558_400, 2_228_224], [41, 160_432_128, 2_228_224],
  [50, 311_951_360, 8_912_896], [51, 588_251_136, 8_912_896], [52, 1_176_502_272, 8_912_896],
] as const; // prettier-ignore

/** `vp09.profile.level.depth.chroma.primaries.transfer.matrix.range`: 4:2:0, BT.709, limited range. */
export function vp9CodecString({
  width,
  height,
  fps,
}: Pick<VideoSettings, 'width' | 'height' | 'fps'>): string {
  const picture = width * height;
  const rate = (picture * fps.numerator) / fps.denominator;
  const level = VP9_LEVELS.find(([, perSecond, size]) => rate <= perSecond && picture <= size)?.[0] ?? 62;
  return `vp09.00.${level}.08.01.01.01.01.00`;
}
