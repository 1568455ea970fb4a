/** Bounds of one message from outside, far above what the page ever sends (a full history is below 1 MB). */
export interface MessageBudget {
  /** Objects, arrays and plain values, counted together. */
  readonly values: number;
  /** Characters of all strings and keys together. */
  readonly characters: number;
  /** Objects within objects; schemas walk recursively, so this also bounds their stack. */
  readonly depth: number;
}

export const DEFAULT_MESSAGE_BUDGET: MessageBudget = {
  values: 1_000_000,
  characters: 16 * 1024 * 1024,
  depth: 100,
};

/**
 * Why a message may not be looked at any further, or undefined where it is plain JSON-like data within the
 * budget. `undefined` members pass (structured cloning keeps them); functions, class instances, typed arrays and
 * keys named `__proto__` do not. Iterative, and gives up as soon as a bound is met.
 */
export function refusalOfMessage(
  message: unknown,
  budget: MessageBudget = DEFAULT_MESSAGE_BUDGET,
): string | undefined {
  let values = 0;
  let characters = 0;
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: message, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (++values > budget.values) return `has more than ${budget.values} values`;
    if (typeof value === 'string') characters += value.length;
    else if (typeof value === 'object' && value !== null) {
      if (depth >= budget.depth) return `is nested deeper than ${budget.depth}`;
      if (!isPlain(value)) return 'holds something that is not plain data';
      for (const [key, member] of Object.entries(value)) {
        if (key === '__proto__') return 'has a member named __proto__';
        if (!Array.isArray(value)) characters += key.length;
        open.push({ value: member, depth: depth + 1 });
      }
      if (open.length > budget.values) return `has more than ${budget.values} values`;
    } else if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
      return `holds a ${typeof value}`;
    }
    if (characters > budget.characters) return `has more than ${budget.characters} characters`;
  }
  return undefined;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects cloned from another realm have that realm's Object.prototype, whose own prototype is null.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
