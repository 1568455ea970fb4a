import { HOST_EVENTS } from '#common/contract/events';
import { HOST_METHODS } from '#common/contract/hostApi';
import type { SeededRandom } from '#common/math/seededRandom';

/** One thing a host must refuse. */
export interface MalformedMessage {
  readonly name: string;
  readonly data: string | Uint8Array;
  /** An answer with this id is due, and it must be an error. */
  readonly id?: number;
}

type Make = (random: SeededRandom, id: number) => MalformedMessage;

/** Every kind of malformed message, each made anew from the random stream. `id` is one nobody has used. */
const KINDS: readonly Make[] = [
  (random) => ({ name: 'random bytes', data: randomBytes(random, 1 + random.integer(400)) }),
  (random) => ({ name: 'random text', data: randomText(random, random.integer(400)) }),
  (random, id) => ({ name: 'half a message', data: cut(random, invoke(id, 'motions.list', {})) }),
  (random) => ({ name: 'a bare value', data: JSON.stringify(randomValue(random, 3)) }),
  (random) => ({ name: 'an unusable id', data: `{"kind":"invoke","id":${pick(random, BAD_IDS)},"method":"motions.list","params":{}}` }),
  (random, id) => ({ name: 'an unknown kind', data: JSON.stringify({ kind: randomValue(random, 1), id }), id }),
  (random, id) => ({ name: 'a method that is no text', data: JSON.stringify({ kind: 'invoke', id, method: [random.uniform()], params: {} }), id }),
  (random, id) => ({ name: 'a member too many', data: JSON.stringify({ kind: 'invoke', id, method: 'motions.list', params: {}, [randomText(random, 5)]: 1 }), id }),
  (random, id) => ({ name: 'an unknown method', data: invoke(id, pick(random, BAD_METHODS) + randomText(random, 3), {}), id }),
  (random, id) => ({ name: 'a method of Object', data: invoke(id, pick(random, BAD_METHODS), {}), id }),
  (random, id) => ({ name: 'params that are no object', data: invoke(id, pick(random, HOST_METHODS), pick(random, [1, 'a', null, [], true])), id }),
  (random, id) => ({ name: 'params with a member too many', data: invoke(id, pick(random, HOST_METHODS), { ...randomRecord(random, 2), zz: 1 }), id }),
  (random, id) => ({ name: 'a prototype key', data: prototypeKey(random, id), id }),
  (random, id) => ({ name: 'deep nesting', data: deep(random, id), id }),
  (random, id) => ({ name: 'a long text', data: invoke(id, 'x'.repeat(101 + random.integer(2000)), {}), id }),
  (random) => ({ name: 'an unknown event', data: JSON.stringify({ kind: 'subscribe', event: randomText(random, 12) }) }),
  (random) => ({ name: 'a bad subscription', data: JSON.stringify({ kind: 'subscribe', event: pick(random, HOST_EVENTS), [randomText(random, 3)]: 0 }) }),
  (random) => ({ name: 'an event that is no text', data: JSON.stringify({ kind: 'unsubscribe', event: randomValue(random, 1) === '' ? 0 : [] }) }),
]; // prettier-ignore

/** The kinds in turn, so that each has its share of any count. */
export function malformedMessage(random: SeededRandom, index: number): MalformedMessage {
  return KINDS[index % KINDS.length](random, index + 1000);
}

const BAD_IDS = ['-1', '0.5', '1e308', '9007199254740993', '"1"', 'null', '[]', '{}', 'true'];
const BAD_METHODS = [
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'host',
  'avatars.',
  '',
];

function invoke(id: number, method: string, params: unknown): string {
  return JSON.stringify({ kind: 'invoke', id, method, params });
}

function prototypeKey(random: SeededRandom, id: number): string {
  const poison = '{"isPolluted":true}';
  const params = pick(random, [
    `{"__proto__":${poison}}`,
    `{"changes":{"__proto__":${poison}}}`,
    `{"changes":{},"constructor":{"prototype":${poison}}}`,
    `{"changes":{"viewport":{"__proto__":${poison}}}}`,
  ]);
  return `{"kind":"invoke","id":${id},"method":"settings.update","params":${params}}`;
}

function deep(random: SeededRandom, id: number): string {
  const depth = 150 + random.integer(20_000);
  const [open, close] = pick(random, [
    ['[', ']'],
    ['{"a":', '}'],
  ]);
  return `{"kind":"invoke","id":${id},"method":"settings.update","params":${open.repeat(depth)}0${close.repeat(depth)}}`;
}

function randomValue(random: SeededRandom, depth: number): unknown {
  const kind = random.integer(depth > 0 ? 7 : 5);
  if (kind === 0) return null;
  if (kind === 1) return random.uniform() < 0.5;
  if (kind === 2) return random.normal() * 10 ** random.integer(300);
  if (kind <= 4) return randomText(random, random.integer(20));
  if (kind === 5) return Array.from({ length: random.integer(5) }, () => randomValue(random, depth - 1));
  return randomRecord(random, depth - 1);
}

function randomRecord(random: SeededRandom, depth: number): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (let i = random.integer(4); i > 0; i--) record[randomText(random, 4)] = randomValue(random, depth);
  return record;
}

function randomText(random: SeededRandom, length: number): string {
  let text = '#';
  for (let i = 0; i < length; i++) text += String.fromCharCode(random.integer(0xd800));
  return text;
}

function randomBytes(random: SeededRandom, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.integer(256));
}

function cut(random: SeededRandom, text: string): string {
  return text.slice(0, 1 + random.integer(text.length - 1));
}

function pick<Value>(random: SeededRandom, values: readonly Value[]): Value {
  return values[random.integer(values.length)];
}
