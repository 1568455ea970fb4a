import { z } from 'zod';
import type { WireError } from '#common/contract/wire';

/** Caller to host. Ids are the caller's, each used once per connection. */
export type CallerMessage = z.output<typeof callerMessageSchema>;

/** What arrives at the host's door. Method, event and params are judged behind it, where their names are known. */
export const callerMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('invoke'),
    id: z.int().min(0),
    method: z.string().max(100),
    /** Absent where JSON dropped an undefined. */
    params: z.unknown(),
  }),
  z.strictObject({ kind: z.literal('subscribe'), event: z.string().max(100) }),
  z.strictObject({ kind: z.literal('unsubscribe'), event: z.string().max(100) }),
]);

/** Host to caller. */
export type HostMessage =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'event'; readonly event: string; readonly payload: unknown };

/**
 * What the caller reads of a message; undefined for anything else. The host is the caller's own program, so only
 * the outline is checked: a stray message must not throw in the caller.
 */
export function readHostMessage(raw: unknown): HostMessage | undefined {
  if (typeof raw !== 'object' || raw === null || !('kind' in raw)) return undefined;
  if (raw.kind === 'event') return 'event' in raw ? (raw as HostMessage) : undefined;
  if (raw.kind === 'result') return 'id' in raw ? (raw as HostMessage) : undefined;
  if (raw.kind === 'error') return 'id' in raw && 'error' in raw ? (raw as HostMessage) : undefined;
  return undefined;
}
