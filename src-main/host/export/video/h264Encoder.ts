import { createRequire } from 'node:module';
import type * as H264Package from 'h264-mp4-encoder';
import {
  avcCodecString,
  avcConfiguration,
  readSequenceParameters,
  writeSequenceParameters,
} from '#host/export/video/avcParameters';
import { initialQuantizer, shiftSliceQuantizer } from '#host/export/video/avcSlice';
import { AppError } from '#common/contract/errors';
import { readMp4Segment, type Mp4Segment } from '#host/export/video/mp4Segment';
import type { DecoderDescription, PacketEncoder, VideoPacket } from '#host/export/video/packetEncoder';
import { keyFrameInterval, type VideoSettings } from '#host/export/video/videoSettings';
import type { YuvFrame } from '#host/export/video/yuvFrame';

type H264MP4Encoder = H264Package.H264MP4Encoder;

/** 37.7 dB on a talking head at 1.1 Mbit/s; three steps of quantiser are about 2 dB and 30 % of the size. */
const QUALITY_QUANTIZER = 20;
/** 9 and 10 drop sub-pixel search: half the time, 3 dB worse. Below 5 only the time grows. */
const SPEED = 8;
const FINEST = 10;
const COARSEST = 44;

/**
 * H.264 constrained baseline by minih264 (h264-mp4-encoder, MIT, wasm). The library holds a whole file in memory
 * until it is finished, so pictures go through it in segments of one key frame interval: memory stays flat
 * and each segment starts at a key frame anyway. With `bitrate` the quantiser is set anew for every segment
 * from the size of the last one (the library's own control starts each clip at 30 dB).
 */
export class H264Encoder implements PacketEncoder {
  readonly codec = 'avc';
  readonly #settings: VideoSettings;
  readonly #interval: number;
  #encoder: H264MP4Encoder | undefined;
  #pending = 0;
  #segment = 0;
  #quantizer = QUALITY_QUANTIZER;
  #track: Track | undefined;

  constructor(settings: VideoSettings) {
    this.#settings = settings;
    this.#interval = keyFrameInterval(settings.fps);
    if (settings.bitrate !== undefined) this.#quantizer = firstQuantizer(settings, settings.bitrate);
  }

  async encode(frame: YuvFrame): Promise<readonly VideoPacket[]> {
    this.#encoder ??= await this.#open();
    this.#encoder.addFrameYuv(frame.data);
    this.#pending++;
    return this.#pending === this.#interval ? this.#close() : [];
  }

  finish(): Promise<readonly VideoPacket[]> {
    return Promise.resolve(this.#pending > 0 ? this.#close() : []);
  }

  decoder(): DecoderDescription {
    if (this.#track === undefined) throw new AppError('internal.invariant', 'No picture was encoded yet.');
    return this.#track.decoder;
  }

  dispose(): Promise<void> {
    this.#encoder?.delete();
    this.#encoder = undefined;
    return Promise.resolve();
  }

  async #open(): Promise<H264MP4Encoder> {
    const { width, height, fps } = this.#settings;
    const encoder = await load().createH264MP4Encoder();
    encoder.outputFilename = `segment${this.#segment++}.mp4`;
    encoder.width = width;
    encoder.height = height;
    encoder.frameRate = Math.max(1, Math.round(fps.numerator / fps.denominator));
    encoder.kbps = 0;
    encoder.speed = SPEED;
    encoder.quantizationParameter = Math.round(this.#quantizer);
    // One key frame at the start of the segment and none inside.
    encoder.groupOfPictures = this.#interval + 1;
    encoder.initialize();
    return encoder;
  }

  #close(): readonly VideoPacket[] {
    const encoder = this.#encoder!;
    const frames = this.#pending;
    this.#encoder = undefined;
    this.#pending = 0;
    encoder.finalize();
    const file = encoder.FS.readFile(encoder.outputFilename, { encoding: 'binary' });
    encoder.FS.unlink(encoder.outputFilename);
    encoder.delete();
    const segment = readMp4Segment(file);
    if (segment.samples.length !== frames) {
      throw new AppError(
        'internal.invariant',
        `The H.264 encoder took ${frames} pictures and gave back ${segment.samples.length}.`,
      );
    }
    const track = (this.#track ??= describe(segment, this.#settings));
    this.#steer(file.length, frames);
    const steps = initialQuantizer(segment.pps) - track.quantizer;
    return segment.samples.map(({ data, isKey }) => ({
      data: shiftSliceQuantizer(data, track.log2MaxFrameNum, steps),
      isKey,
    }));
  }

  /** Six steps of quantiser halve the size. */
  #steer(bytes: number, frames: number): void {
    const { bitrate, fps } = this.#settings;
    if (bitrate === undefined) return;
    const wanted = (bitrate / 8) * ((frames * fps.denominator) / fps.numerator);
    const steps = Math.min(12, Math.max(-12, 6 * Math.log2(bytes / wanted)));
    this.#quantizer = Math.min(COARSEST, Math.max(FINEST, this.#quantizer + steps));
  }
}

/** CommonJS without names that Node's import can see, and 1 MB that only MP4 needs: loaded when wanted. */
function load(): typeof H264Package {
  return createRequire(import.meta.url)('h264-mp4-encoder') as typeof H264Package;
}

/** What the first segment fixes for the whole track. */
interface Track {
  readonly decoder: DecoderDescription;
  readonly log2MaxFrameNum: number;
  /** Initial quantiser of the one picture parameter set. */
  readonly quantizer: number;
}

function describe({ sps, pps }: Mp4Segment, { fps }: VideoSettings): Track {
  const parameters = readSequenceParameters(sps);
  const complete = writeSequenceParameters(parameters, fps);
  return {
    decoder: { codec: avcCodecString(complete), description: avcConfiguration(complete, pps) },
    log2MaxFrameNum: parameters.log2MaxFrameNum,
    quantizer: initialQuantizer(pps),
  };
}

/** A guess for the first two seconds: 0.07 to 0.14 bits per pixel at QUALITY_QUANTIZER, measured on talking heads. */
function firstQuantizer({ width, height, fps }: VideoSettings, bitrate: number): number {
  const bitsPerPixel = (bitrate * fps.denominator) / (width * height * fps.numerator);
  const quantizer = QUALITY_QUANTIZER + 6 * Math.log2(0.1 / bitsPerPixel);
  return Math.min(COARSEST, Math.max(FINEST, quantizer));
}
