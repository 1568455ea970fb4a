import { AppError, ERROR_FAMILIES } from '#common/contract/errors';
import type { ErrorCode } from '#common/contract/errors';

/** An error as a plain record: what crosses every boundary (worker, socket, IPC, JSON on stdout). */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: WireCause;
}

/** A link of the cause chain; causes are often foreign errors, so their code is free text. */
export interface WireCause {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly cause?: WireCause;
}

const MAXIMUM_CAUSES = 8;

/** Any thrown value as a plain record; what is not an AppError becomes `internal.invariant`. */
export function toWire(error: unknown): WireError {
  const known = error instanceof AppError;
  const wire = {
    code: known ? error.code : ('internal.invariant' as const),
    message: known ? error.message : `Unexpected failure: ${describe(error).message}`,
    ...(known && error.details !== undefined ? { details: error.details } : {}),
  };
  const cause = known ? error.cause : error;
  return cause === undefined ? wire : { ...wire, cause: toWireCause(cause, 0) };
}

/** The AppError a record stands for; an unknown code (a newer host) becomes `contract.versionMismatch`. */
export function fromWire(wire: WireError): AppError {
  const code: ErrorCode = Object.hasOwn(ERROR_FAMILIES, wire.code) ? wire.code : 'contract.versionMismatch';
  return new AppError(code, wire.message, {
    ...(wire.details === undefined ? {} : { details: wire.details }),
    ...(wire.cause === undefined ? {} : { cause: fromWireCause(wire.cause) }),
  });
}

function toWireCause(error: unknown, depth: number): WireCause {
  const described = describe(error);
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined || depth >= MAXIMUM_CAUSES
    ? described
    : { ...described, cause: toWireCause(cause, depth + 1) };
}

function describe(error: unknown): WireCause {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { name: error.name, message: error.message, ...code };
}

function fromWireCause(wire: WireCause): Error {
  const cause = wire.cause === undefined ? undefined : { cause: fromWireCause(wire.cause) };
  const error = new Error(wire.message, cause);
  error.name = wire.name;
  return wire.code === undefined ? error : Object.assign(error, { code: wire.code });
}
