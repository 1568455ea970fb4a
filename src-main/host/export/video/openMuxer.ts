import { open } from 'node:fs/promises';
import {
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  type StreamTargetChunk,
  WebMOutputFormat,
} from 'mediabunny';
import { asWriteError } from '#host/files/diskErrors';
import { frameTimeSeconds } from '#host/export/video/frameRate';
import type { DecoderDescription, VideoPacket } from '#host/export/video/packetEncoder';
import type { VideoSettings } from '#host/export/video/videoSettings';

const WRITE_CHUNK_BYTES = 1 << 20;

/** Takes packets in picture order and writes the container to a file; memory does not grow with the length. */
export interface Muxer {
  add(packet: VideoPacket, decoder: () => DecoderDescription): Promise<void>;
  /** Completes the file. Call once, after the last packet. */
  finish(): Promise<{ readonly bytes: number; readonly frames: number }>;
  /** Gives up and closes the file; nothing is removed. */
  abandon(): Promise<void>;
}

export interface MuxerOutput {
  readonly path: string;
  /** The path that error messages name, where `path` is a temporary one. */
  readonly destination: string;
}

/** Opens `outputFile.path` (existing, emptied). Write failures surface from `add` and `finish` as `disk.*` errors. */
export async function openMuxer(
  outputFile: MuxerOutput,
  codec: 'avc' | 'vp9',
  settings: VideoSettings,
): Promise<Muxer> {
  const file = await openTarget(outputFile);
  const output = new Output({ format: formatFor(settings), target: file.target });
  const source = new EncodedVideoPacketSource(codec);
  const { fps, frameCount } = settings;
  output.addVideoTrack(source, {
    frameRate: fps.numerator / fps.denominator,
    canBeTransparent: settings.alpha,
    ...(frameCount === undefined ? {} : { maximumPacketCount: frameCount }),
  });
  await file.guard(output.start());
  let frames = 0;
  return {
    async add(packet, decoder) {
      const time = frameTimeSeconds(frames, fps);
      const encoded = new EncodedPacket(
        packet.data,
        packet.isKey ? 'key' : 'delta',
        time,
        frameTimeSeconds(frames + 1, fps) - time,
        frames,
        packet.data.length,
        packet.alpha === undefined ? {} : { alpha: packet.alpha },
      );
      const meta = frames === 0 ? { decoderConfig: decoderConfig(decoder(), settings) } : undefined;
      await file.guard(source.add(encoded, meta));
      frames++;
    },
    async finish() {
      await file.guard(output.finalize());
      return { bytes: file.size(), frames };
    },
    async abandon() {
      // The cause of giving up is already on its way; cancelling a broken output may fail for that same reason.
      await output.cancel().catch(() => undefined);
      await file.close();
    },
  };
}

function formatFor({ container, frameCount }: VideoSettings): Mp4OutputFormat | WebMOutputFormat {
  if (container === 'webm') return new WebMOutputFormat();
  return new Mp4OutputFormat({ fastStart: frameCount === undefined ? false : 'reserve' });
}

function decoderConfig(decoder: DecoderDescription, { width, height }: VideoSettings) {
  return {
    ...decoder,
    codedWidth: width,
    codedHeight: height,
    colorSpace: { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false } as const,
  };
}

interface FileTarget {
  readonly target: StreamTarget;
  /** Waits for `work`; a failed write is thrown as what the disk said, not as what mediabunny makes of it. */
  guard<T>(work: Promise<T>): Promise<T>;
  size(): number;
  close(): Promise<void>;
}

/** mediabunny's own FilePathTarget neither checks for short writes (a full disk) nor keeps the system error. */
async function openTarget({ path, destination }: MuxerOutput): Promise<FileTarget> {
  const handle = await open(path, 'w').catch((error: unknown) => {
    throw asWriteError(error, destination);
  });
  let size = 0;
  let failure: unknown;
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await handle.close();
  };
  const writable = new WritableStream<StreamTargetChunk>({
    async write({ data, position }) {
      try {
        for (let done = 0; done < data.length;) {
          const { bytesWritten } = await handle.write(data, done, data.length - done, position + done);
          done += bytesWritten;
        }
      } catch (error) {
        failure ??= asWriteError(error, destination);
        throw error;
      }
      size = Math.max(size, position + data.length);
    },
    close,
  });
  return {
    target: new StreamTarget(writable, { chunked: true, chunkSize: WRITE_CHUNK_BYTES }),
    async guard(work) {
      try {
        return await work;
      } catch (error) {
        throw failure ?? error;
      }
    },
    size: () => size,
    close,
  };
}
