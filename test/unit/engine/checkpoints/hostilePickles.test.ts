import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '#engine/checkpoints/bytes/ByteSource';
import { AppError } from '#common/contract/errors';
import { readContents } from '#engine/checkpoints/openCheckpoint';
import { readPickle } from '#engine/checkpoints/pickle/readPickle';
import type { Piece } from '#test/helpers/pickleBytes';
import { call, dict, global, integer, pickle, text, tuple, u32, u64 } from '#test/helpers/pickleBytes';
import { tensorPiece, zipOf } from '#test/helpers/torchZip';

const read = (...pieces: readonly Piece[]) => readContents(bytesSource(pickle(...pieces)));

/** What a reader may answer to any bytes whatever. */
function expectHandled(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(['checkpoint.damaged', 'checkpoint.refused']).toContain(error.code);
  }
}

describe('pickles made to attack', () => {
  it.each<[string, Piece]>([
    ['os.system by REDUCE', call('os', 'system', text('touch hacked'))],
    ['posix.system', call('posix', 'system', text('touch hacked'))],
    ['nt.system', call('nt', 'system', text('calc'))],
    ['builtins.eval', call('builtins', 'eval', text('1'))],
    ['builtins.exec', call('builtins', 'exec', text('1'))],
    ['__builtin__.eval', call('__builtin__', 'eval', text('1'))],
    ['builtins.__import__', call('builtins', '__import__', text('os'))],
    ['builtins.getattr', call('builtins', 'getattr', global('collections', 'x'), text('y'))],
    ['builtins.open', call('builtins', 'open', text('/etc/passwd'))],
    ['subprocess.Popen', call('subprocess', 'Popen', text('sh'))],
    ['subprocess by INST', ['(', text('sh'), 'isubprocess\nPopen\n']],
    ['os by OBJ', ['(', global('os', 'system'), text('sh'), 'o']],
    ['os by NEWOBJ', [global('os', 'system'), tuple(text('sh')), 0x81]],
    ['os by NEWOBJ_EX', [global('os', 'system'), tuple(), dict(), 0x92]],
    ['os by STACK_GLOBAL', [text('os'), text('system'), 0x93]],
    ['a detour through an innocent module', call('torch', 'os.system', text('sh'))],
    ['a module inside a forbidden one', call('os.path', 'join')],
    ['numpy.load', call('numpy', 'load', text('x'))],
    ['torch.load', call('torch', 'load', text('x'))],
    ['torch.hub', call('torch.hub', 'load', text('x'))],
    ['pickle in pickle', call('pickle', 'loads', text('x'))],
    ['marshal and types', call('types', 'FunctionType', call('marshal', 'loads', text('x')))],
    ['operator.attrgetter', call('operator', 'attrgetter', text('system'))],
    ['socket', call('socket', 'socket')],
    ['runpy', call('runpy', 'run_path', text('x'))],
    ['webbrowser', call('webbrowser', 'open', text('http://x'))],
    ['a name with spaces', global('os ;', 'system')],
    ['an extension code', [0x82, 1]],
    ['an out-of-band buffer', [0x97]],
    ['a call of a result', [call('a', 'b'), tuple(), 'R']],
    ['a call of a text', [text('os.system'), tuple(), 'R']],
    ['a call of something from outside', [text('x'), 'Q', tuple(), 'R']],
  ])('%s is refused', (_, piece) => {
    // Hidden where a tensor would be, behind one that is honest.
    const before = [text('ok'), call('collections', 'OrderedDict')] as const;
    expect(() => read(0x80, 2, dict(before, [text('weight'), piece]), '.')).toThrow(
      expect.objectContaining({ code: 'checkpoint.refused' }),
    );
  });

  it('says which name, in which instruction, at which byte', () => {
    try {
      read(0x80, 2, call('os', 'system', text('x')), '.');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ details: { global: 'os.system', byte: 2, opcode: 'GLOBAL' } });
      expect((error as AppError).message).toContain('Nothing in it was run');
    }
  });

  it('keeps what it does not know as names', () => {
    const odd = [call('my.own', 'Thing', text('x')), dict([text('state'), integer(1)]), 'b'];
    const { tensors, inertClasses } = read(0x80, 2, dict([text('a'), odd]), '.');
    expect(tensors).toEqual([]);
    expect([...inertClasses]).toEqual([['my.own.Thing', 1]]);
  });

  it.each<[string, Piece]>([
    ['a text of 4 GB', ['X', u32(0xfffffff0)]],
    ['bytes of 2^62', [0x8e, u64(1n << 62n)]],
    ['bytes of 2^64 - 1', [0x8e, u64((1n << 64n) - 1n)]],
    ['a whole number of 2 GB', [0x8b, u32(0x7fffffff)]],
    ['a frame larger than the file', [0x95, u64(1 << 30), 'N.']],
    ['a missing memo', ['h', 7, '.']],
    ['a negative memo', ['Ng-1\n.']],
    ['a huge memo number', ['Ng99999999999999\n.']],
    ['a memo of an empty stack', ['q', 0]],
    ['MEMOIZE of an empty stack', [0x94]],
    ['a mark that was never set', ['t.']],
    ['STOP of an empty stack', ['.']],
    ['SETITEM of a number', [integer(1), text('a'), 'N', 's.']],
    ['APPEND to a dictionary', ['}', 'N', 'a.']],
    ['BUILD of a number', [integer(1), '}', 'b.']],
    ['a key without a value', ['}', '(', text('a'), 'u.']],
    ['protocol 99', [0x80, 99, 'N.']],
    ['an unknown instruction', [0xff, '.']],
    ['a number that is none', ['Iabc\n.']],
    ['a line without an end', ['V', 'x'.repeat(2000)]],
  ])('%s is no way in', (_, piece) => {
    expect(() => readPickle(bytesSource(pickle(piece)))).toThrow(AppError);
  });

  it('does not follow a structure without end', () => {
    // Forty lists, each holding the one before twice: 2^40 paths.
    const doubling = Array.from({ length: 40 }, (_, level): Piece => [
      ']', '(', 'j', u32(level), 'j', u32(level), 'e', 'r', u32(level + 1),
    ]); // prettier-ignore
    expect(() => read(0x80, 2, ']', 'r', u32(0), ...doubling, '.')).toThrow(/without end/);
  });

  it('ends at a cycle', () => {
    const { tensors } = read(0x80, 2, ']', 'q', 0, 'h', 0, 'a', '.');
    expect(tensors).toEqual([]);
  });

  it('bounds nesting, brackets, the stack and the memo', () => {
    const deep = [']'.repeat(5000), 'a'.repeat(4999)];
    expect(() => read(0x80, 2, ...deep, '.')).toThrow(/nested deeper/);
    expect(() => read(0x80, 2, '('.repeat(20_000), '.')).toThrow(/brackets/);
    const limits = { opcodes: 1e6, values: 1000, items: 1000, characters: 1000, stack: 100, memo: 100 };
    const bounded = (...pieces: readonly Piece[]) => readPickle(bytesSource(pickle(...pieces)), 0, limits);
    expect(() => bounded('N'.repeat(200), '.')).toThrow(/stack/);
    expect(() => bounded('N', ...Array.from({ length: 200 }, (_, id) => ['r', u32(id)]), '.')).toThrow(/remembers/);
    expect(() => bounded(']0'.repeat(2000), '.')).toThrow(/values/);
    expect(() => bounded(text('x'.repeat(2000)), '.')).toThrow(/text/);
    expect(() => bounded(']', '(NNNNe'.repeat(300), '.')).toThrow(/items/);
    expect(() => bounded(']0]'.repeat(300), '0'.repeat(300), 'N0'.repeat(1e6), 'N.')).toThrow(AppError);
  }); // prettier-ignore

  it('reads pickles of torch cut off at any byte as damaged, never as something else', () => {
    const tensor = tensorPiece({ name: 'a', shape: [2], values: Float32Array.of(1, 2) }, '0');
    const index = pickle(0x80, 2, dict([text('a'), tensor]), '.');
    for (let length = 0; length < index.length; length++) {
      const archive = zipOf([
        { name: 'x/data.pkl', bytes: index.slice(0, length) },
        { name: 'x/data/0', bytes: new Uint8Array(8) },
      ]);
      expect(() => readContents(bytesSource(archive))).toThrow(
        expect.objectContaining({ code: 'checkpoint.damaged' }),
      );
    }
  });

  it.each<[string, Partial<Parameters<typeof tensorPiece>[0]>]>([
    ['beyond its storage', { shape: [3] }],
    ['an offset beyond', { offset: 1 }],
    ['a negative offset', { offset: -1 }],
    ['a negative stride', { strides: [-1] }],
    ['a negative size', { shape: [-2] }],
    ['a stride beyond', { strides: [2] }],
    ['sizes whose product overflows', { shape: [2 ** 40, 2 ** 40], strides: [0, 0] }],
    ['one element repeated to gigabytes', { shape: [100_000, 100_000], strides: [0, 0] }],
  ])('refuses a tensor with %s', (_, lie) => {
    const tensor = { name: 'a', shape: [2], values: Float32Array.of(1, 2), ...lie };
    const archive = zipOf([
      { name: 'x/data.pkl', bytes: pickle(0x80, 2, dict([text('a'), tensorPiece(tensor, '0')]), '.') },
      { name: 'x/data/0', bytes: new Uint8Array(8) },
    ]);
    expect(() => readContents(bytesSource(archive))).toThrow(AppError);
  });

  it('answers any bytes at all', () => {
    const opcodes = fc.constantFrom(...'(.0123FGIJKLMNPQRSTUVX]abcdeghijlopqrstu})\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8c\x8d\x8e\x90\x91\x92\x93\x94\x95\x96'); // prettier-ignore
    const piece = fc.oneof(
      { weight: 6, arbitrary: opcodes.map((character) => Buffer.from(character, 'latin1')) },
      { weight: 2, arbitrary: fc.uint8Array({ maxLength: 6 }) },
      { weight: 1, arbitrary: fc.constantFrom('torch._utils\n_rebuild_tensor_v2\n', 'collections\nOrderedDict\n').map((name) => Buffer.from(name)) },
    ); // prettier-ignore
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expectHandled(() => readContents(bytesSource(new Uint8Array(Buffer.concat(pieces)))));
      }),
      { numRuns: 2000 },
    );
  });
});
