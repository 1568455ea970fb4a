import { connect } from 'node:net';
import type { SeededRandom } from '#common/math/seededRandom';

/**
 * Opens a WebSocket by hand, sends bytes that are no frames (or half of one), and resolves once the server has
 * closed the connection. `head` are the header lines that let us in.
 */
export function sendBrokenFrame(
  port: number,
  headers: Readonly<Record<string, string>>,
  frame: Uint8Array,
  endsEarly: boolean,
): Promise<void> {
  const lines = Object.entries({ ...headers, ...UPGRADE }).map(([name, value]) => `${name}: ${value}`);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(10_000, () => socket.destroy(new Error('The server kept a broken connection open.')));
    socket.write(['GET /socket HTTP/1.1', ...lines, '', ''].join('\r\n'));
    socket.once('data', () => {
      socket.on('data', () => undefined);
      if (endsEarly) socket.end(frame, () => socket.destroy());
      else socket.write(frame);
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      DROPPED.has(error.code) ? undefined : reject(error),
    );
    socket.on('close', () => resolve());
  });
}

const DROPPED = new Set<string | undefined>(['ECONNRESET', 'EPIPE']);

const UPGRADE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** Kinds of broken frames (RFC 6455, section 5.2), and whether we hang up after it. */
const FRAMES: readonly ((random: SeededRandom) => { bytes: number[]; endsEarly: boolean })[] = [
  // Not masked, as every frame of a client must be.
  () => ({ bytes: [0x81, 0x02, 0x7b, 0x7d], endsEarly: false }),
  // Reserved bits and reserved operations.
  () => ({ bytes: [0xf1, 0x80, 0, 0, 0, 0], endsEarly: false }),
  (random) => ({ bytes: [0x83 + random.integer(5), 0x80, 0, 0, 0, 0], endsEarly: false }),
  // A length of 2^63 and one just over the limit.
  () => ({ bytes: [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], endsEarly: false }),
  () => ({ bytes: [0x81, 0xff, 0, 0, 0, 0, 0x01, 0, 0, 0x01, 0, 0, 0, 0], endsEarly: false }),
  // A continuation of nothing, a split ping, a close of one byte, a text that is no UTF-8.
  () => ({ bytes: [0x80, 0x80, 0, 0, 0, 0], endsEarly: false }),
  () => ({ bytes: [0x09, 0x80, 0, 0, 0, 0], endsEarly: false }),
  () => ({ bytes: [0x88, 0x81, 0, 0, 0, 0, 0x03], endsEarly: false }),
  () => ({ bytes: [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], endsEarly: false }),
  // Half a frame, a message that never ends, noise; then we are gone.
  () => ({ bytes: [0x81, 0xfe, 0x40], endsEarly: true }),
  () => ({ bytes: [0x01, 0x81, 0, 0, 0, 0, 0x7b], endsEarly: true }),
  (random) => ({ bytes: Array.from({ length: 64 }, () => random.integer(256)), endsEarly: true }),
];

export function brokenFrame(random: SeededRandom, index: number): { bytes: Uint8Array; endsEarly: boolean } {
  const { bytes, endsEarly } = FRAMES[index % FRAMES.length](random);
  return { bytes: Uint8Array.from(bytes), endsEarly };
}
