import type { PickleMachine } from '#engine/checkpoints/pickle/PickleMachine';

/** One instruction: its byte, its name in Python's pickletools, what it does to the machine. */
export interface Opcode {
  readonly code: number;
  readonly name: string;
  readonly run: (machine: PickleMachine) => void;
}

/** @param character the opcode's byte as pickletools shows it; protocols 2 to 5 have bytes beyond ASCII */
export function opcode(character: string | number, name: string, run: Opcode['run']): Opcode {
  return { code: typeof character === 'number' ? character : character.charCodeAt(0), name, run };
}
