import type { ByteSource } from '#engine/checkpoints/bytes/ByteSource';
import { refused } from '#engine/checkpoints/checkpointErrors';
import { CONSTANT_OPCODES } from '#engine/checkpoints/pickle/opcodes/constants';
import { CONTAINER_OPCODES } from '#engine/checkpoints/pickle/opcodes/containers';
import { OBJECT_OPCODES } from '#engine/checkpoints/pickle/opcodes/objects';
import type { Opcode } from '#engine/checkpoints/pickle/opcodes/opcode';
import { PickleCursor } from '#engine/checkpoints/pickle/PickleCursor';
import type { PickleLimits } from '#engine/checkpoints/pickle/PickleMachine';
import { PICKLE_LIMITS, PickleMachine } from '#engine/checkpoints/pickle/PickleMachine';
import type { PicklePersistent, PickleValue } from '#engine/checkpoints/pickle/pickleValues';

const BY_CODE: readonly (Opcode | undefined)[] = tableOf([
  ...CONSTANT_OPCODES,
  ...CONTAINER_OPCODES,
  ...OBJECT_OPCODES,
]);

/** What one pickle says, and where it ends. */
export interface ReadPickle {
  readonly value: PickleValue;
  /** First byte after STOP: legacy torch files have one pickle after the other. */
  readonly end: number;
  /** Every reference to something outside, in the order of the file. */
  readonly persistent: readonly PicklePersistent[];
}

/**
 * Reads a pickle of protocol 0 to 5 without making anything of what it describes: no name is looked up, no call is
 * made, large strings of bytes stay where they are.
 *
 * @throws AppError checkpoint.damaged or checkpoint.refused, with the opcode and its byte
 */
export function readPickle(source: ByteSource, start = 0, limits: PickleLimits = PICKLE_LIMITS): ReadPickle {
  const cursor = new PickleCursor(source, start);
  const machine = new PickleMachine(cursor, limits);
  for (let count = 0; machine.result === undefined; count++) {
    if (count >= limits.opcodes) throw refused(`its pickle has more than ${limits.opcodes} instructions`);
    const byte = cursor.position;
    const code = cursor.u8();
    const opcode = BY_CODE[code];
    if (opcode === undefined) {
      const shown = `0x${code.toString(16).padStart(2, '0')}`;
      throw refused(`byte ${byte} of its pickle is ${shown}, which is no instruction`, {
        byte,
        opcode: shown,
      });
    }
    machine.opcode.name = opcode.name;
    machine.opcode.byte = byte;
    opcode.run(machine);
  }
  return { value: machine.result.value, end: cursor.position, persistent: machine.persistent };
}

function tableOf(opcodes: readonly Opcode[]): readonly (Opcode | undefined)[] {
  const table = new Array<Opcode | undefined>(256).fill(undefined);
  for (const each of opcodes) table[each.code] = each;
  return table;
}
