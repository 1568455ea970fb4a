import { invariant } from '#common/contract/errors';
import { TransparentFill } from '#host/export/video/fillTransparent';
import { H264Encoder } from '#host/export/video/h264Encoder';
import { type Muxer, type MuxerOutput, openMuxer } from '#host/export/video/openMuxer';
import type { PacketEncoder, VideoPacket } from '#host/export/video/packetEncoder';
import { Vp9Encoder } from '#host/export/video/vp9Encoder';
import { alphaToYuv, createYuvFrame, rgbaToYuv, type YuvFrame } from '#host/export/video/yuvFrame';
import type { VideoSettings } from '#host/export/video/videoSettings';

/** Encoder of a container; throws where its package is missing or its wasm does not start. */
export async function openEncoder(settings: VideoSettings): Promise<PacketEncoder> {
  return settings.container === 'mp4' ? new H264Encoder(settings) : await Vp9Encoder.open(settings);
}

/** One video from pictures to a finished file; runs inside the worker. Call in order, one call at a time. */
export class VideoSession {
  readonly #settings: VideoSettings;
  readonly #encoder: PacketEncoder;
  readonly #muxer: Muxer;
  readonly #picture: YuvFrame;
  readonly #alphaPicture: YuvFrame | undefined;
  readonly #fill: TransparentFill | undefined;

  private constructor(settings: VideoSettings, encoder: PacketEncoder, muxer: Muxer) {
    const { width, height, alpha } = settings;
    this.#settings = settings;
    this.#encoder = encoder;
    this.#muxer = muxer;
    this.#picture = createYuvFrame(width, height);
    this.#alphaPicture = alpha ? createYuvFrame(width, height) : undefined;
    this.#fill = alpha ? new TransparentFill(width, height) : undefined;
  }

  /** Empties and writes `output.path`. */
  static async open(output: MuxerOutput, settings: VideoSettings): Promise<VideoSession> {
    const encoder = await openEncoder(settings);
    return new VideoSession(settings, encoder, await openMuxer(output, encoder.codec, settings));
  }

  /** `rgba` is width * height * 4 sRGB bytes with straight alpha; hidden colours in it are overwritten. */
  async add(rgba: Uint8Array): Promise<void> {
    const { width, height } = this.#settings;
    invariant(rgba.length === width * height * 4, `a frame has ${width} x ${height} pixels`);
    this.#fill?.apply(rgba);
    rgbaToYuv(rgba, this.#picture);
    if (this.#alphaPicture !== undefined) alphaToYuv(rgba, this.#alphaPicture);
    await this.#write(await this.#encoder.encode(this.#picture, this.#alphaPicture));
  }

  async finish(): Promise<{ readonly bytes: number; readonly frames: number }> {
    await this.#write(await this.#encoder.finish());
    const result = await this.#muxer.finish();
    await this.#encoder.dispose();
    return result;
  }

  /** Stops and closes the file. */
  async abandon(): Promise<void> {
    await this.#muxer.abandon();
    await this.#encoder.dispose();
  }

  async #write(packets: readonly VideoPacket[]): Promise<void> {
    for (const packet of packets) await this.#muxer.add(packet, () => this.#encoder.decoder());
  }
}
