import type { YuvFrame } from '#host/export/video/yuvFrame';

/** One compressed picture. */
export interface VideoPacket {
  readonly data: Uint8Array;
  readonly isKey: boolean;
  /** The compressed alpha picture that belongs to it. */
  readonly alpha?: Uint8Array;
}

/** What a player must know before the first packet. */
export interface DecoderDescription {
  /** RFC 6381 codec string, e.g. `avc1.42C01E`. */
  readonly codec: string;
  /** Codec-private bytes (avcC for H.264). */
  readonly description?: Uint8Array;
}

/**
 * Compresses pictures one by one, in order and without reordering: packet i is picture i. Packets may come
 * late (several at once); `finish` gives what is left. Not safe to share between threads.
 */
export interface PacketEncoder {
  readonly codec: 'avc' | 'vp9';
  /** The frames may be reused by the caller after the promise settles. */
  encode(frame: YuvFrame, alpha?: YuvFrame): Promise<readonly VideoPacket[]>;
  finish(): Promise<readonly VideoPacket[]>;
  /** Known at the latest with the first packet. */
  decoder(): DecoderDescription;
  dispose(): Promise<void>;
}
