import { describeIssue } from '#common/contract/dispatchCall';
import { AppError } from '#common/contract/errors';
import type { HostEventName } from '#common/contract/events';
import { HOST_EVENTS } from '#common/contract/events';
import type { MessageBudget } from '#common/contract/messageBudget';
import { DEFAULT_MESSAGE_BUDGET, refusalOfMessage } from '#common/contract/messageBudget';
import type { Port } from '#common/contract/port';
import type { HostMessage } from '#common/contract/portMessages';
import { callerMessageSchema } from '#common/contract/portMessages';
import type { HostDoor } from '#common/contract/transport';
import { toWire } from '#common/contract/wire';

export interface ServeHostOptions {
  /** Calls of one caller that may run at a time; one more is answered with `contract.overloaded`. */
  readonly maximumOpenCalls?: number;
  readonly budget?: MessageBudget;
  /** Told of every message that was not understood; `reason` says why, never what was in it. */
  readonly onRefused?: (reason: string) => void;
}

/** The page has a handful open; an autosaving editor in a bad minute some dozens. */
const DEFAULT_MAXIMUM_OPEN_CALLS = 256;

/**
 * Answers one caller over a port; returns a function that ends the service (not the port).
 *
 * Nothing that arrives is believed: a message over its budget or of an unknown shape is answered with
 * `contract.invalidParams` where it carries a usable id, and dropped otherwise. A port that throws while sending
 * ends this service and nothing else. Answers to calls that were open when the service ended are dropped.
 */
export function serveHost(port: Port, door: HostDoor, options: ServeHostOptions = {}): () => void {
  const { maximumOpenCalls = DEFAULT_MAXIMUM_OPEN_CALLS, budget = DEFAULT_MESSAGE_BUDGET } = options;
  const subscriptions = new Map<HostEventName, () => void>();
  const openCalls = new Set<number>();
  let isEnded = false;

  const end = (): void => {
    isEnded = true;
    removeListener();
    for (const remove of subscriptions.values()) remove();
    subscriptions.clear();
  };

  const post = (message: HostMessage): void => {
    if (isEnded) return;
    try {
      port.post(message);
    } catch (error) {
      // A result that cannot be carried is the host's fault and must still end the call; a port that cannot even
      // carry that is gone.
      if (message.kind !== 'result') end();
      else post({ kind: 'error', id: message.id, error: toWire(error) });
    }
  };

  const refuse = (raw: unknown, reason: string): void => {
    options.onRefused?.(reason);
    const id = usableId(raw);
    if (id === undefined || openCalls.has(id)) return;
    const message = `The message ${reason}.`;
    post({ kind: 'error', id, error: toWire(new AppError('contract.invalidParams', message)) });
  };

  const invoke = (id: number, method: string, params: unknown): void => {
    if (openCalls.size >= maximumOpenCalls) {
      const message = `${maximumOpenCalls} calls are open already; wait for one of them.`;
      post({ kind: 'error', id, error: toWire(new AppError('contract.overloaded', message)) });
      return;
    }
    openCalls.add(id);
    const answer = (message: HostMessage): void => {
      openCalls.delete(id);
      post(message);
    };
    door.dispatch(method, params).then(
      (result) => answer({ kind: 'result', id, result }),
      (error: unknown) => answer({ kind: 'error', id, error: toWire(error) }),
    );
  };

  const subscribe = (name: string, wanted: boolean): void => {
    const event = HOST_EVENTS.find((known) => known === name);
    // A newer caller may know events that this host does not: they never happen here.
    if (event === undefined) return;
    subscriptions.get(event)?.();
    subscriptions.delete(event);
    if (!wanted) return;
    subscriptions.set(
      event,
      door.subscribe(event, (payload) => post({ kind: 'event', event, payload })),
    );
  };

  const removeListener = port.onMessage((raw) => {
    if (isEnded) return;
    const refusal = refusalOfMessage(raw, budget);
    if (refusal !== undefined) return refuse(raw, refusal);
    const parsed = callerMessageSchema.safeParse(raw);
    if (!parsed.success) {
      const { field, reason } = describeIssue(parsed.error.issues[0]);
      return refuse(raw, `has a bad "${field}": ${reason}`);
    }
    const message = parsed.data;
    if (message.kind !== 'invoke') return subscribe(message.event, message.kind === 'subscribe');
    if (openCalls.has(message.id)) return refuse(raw, `reuses the id ${message.id} of an open call`);
    invoke(message.id, message.method, message.params);
  });

  return end;
}

/** The id to answer a bad message with; read without trusting anything else of it. */
function usableId(raw: unknown): number | undefined {
  if (typeof raw !== 'object' || raw === null || !Object.hasOwn(raw, 'id')) return undefined;
  const { id } = raw as { readonly id: unknown };
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : undefined;
}
