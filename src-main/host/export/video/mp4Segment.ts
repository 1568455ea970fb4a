import { invariant } from '#common/contract/errors';

/** What the H.264 encoder's little MP4 file holds. */
export interface Mp4Segment {
  /** One slice per picture, each with its four-byte length as MP4 wants it. */
  readonly samples: readonly { readonly data: Uint8Array; readonly isKey: boolean }[];
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
}

/** Takes apart an MP4 file written by h264-mp4-encoder (minimp4): one `mdat`, one `avcC`. Bytes are copied. */
export function readMp4Segment(file: Uint8Array): Mp4Segment {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const media = findBox(view, 'mdat', 0, file.length);
  invariant(media !== undefined, 'the encoder wrote a media box');
  const samples: { data: Uint8Array; isKey: boolean }[] = [];
  for (let at = media.start; at + 5 <= media.end;) {
    const next = at + 4 + view.getUint32(at);
    invariant(next <= media.end, 'picture data ends inside the media box');
    samples.push({ data: file.slice(at, next), isKey: (file[at + 4] & 31) === 5 });
    at = next;
  }
  return { samples, ...readParameterSets(view, file) };
}

function readParameterSets(view: DataView, file: Uint8Array): { sps: Uint8Array; pps: Uint8Array } {
  // Entry boxes lie deep inside moov; the record is found by its name, which no size or time can imitate there.
  const movie = findBox(view, 'moov', 0, file.length);
  invariant(movie !== undefined, 'the encoder wrote a movie box');
  let at = movie.start;
  while (at < movie.end && !hasName(view, at, 'avcC')) at++;
  invariant(at < movie.end, 'the encoder wrote an avcC box');
  const spsAt = at + 4 + 8;
  const spsEnd = spsAt + view.getUint16(spsAt - 2);
  const ppsAt = spsEnd + 3;
  const ppsEnd = ppsAt + view.getUint16(ppsAt - 2);
  return { sps: file.slice(spsAt, spsEnd), pps: file.slice(ppsAt, ppsEnd) };
}

function findBox(view: DataView, name: string, from: number, to: number) {
  for (let at = from; at + 8 <= to;) {
    const short = view.getUint32(at);
    const isLong = short === 1;
    const size = isLong ? Number(view.getBigUint64(at + 8)) : short;
    if (hasName(view, at + 4, name)) return { start: at + (isLong ? 16 : 8), end: at + size };
    if (size < 8) return undefined;
    at += size;
  }
  return undefined;
}

function hasName(view: DataView, at: number, name: string): boolean {
  for (let k = 0; k < 4; k++) if (view.getUint8(at + k) !== name.charCodeAt(k)) return false;
  return true;
}
