import { AppError } from '#common/contract/errors';
import type { HostHandlers, HostMethod } from '#common/contract/hostApi';
import { PARAMS_SCHEMAS } from '#common/contract/hostApi';
import type { z } from 'zod';

/**
 * Runs one call from outside: checks the method and the shape of its params, then calls the handler.
 *
 * @throws AppError `contract.unknownMethod`, `contract.invalidParams` (naming the field) or the handler's own.
 */
export async function dispatchCall(
  handlers: HostHandlers,
  method: string,
  params: unknown,
): Promise<unknown> {
  if (!Object.hasOwn(PARAMS_SCHEMAS, method)) {
    throw new AppError('contract.unknownMethod', `This host has no method "${method}".`, {
      details: { method },
    });
  }
  const known = method as HostMethod;
  const checked = checkParams(known, params);
  // The handler and the schema belong to the same key, which TypeScript cannot follow through a union.
  const handler = handlers[known] as (params: unknown) => unknown;
  return await handler(checked);
}

function checkParams(method: HostMethod, params: unknown): unknown {
  const parsed = (PARAMS_SCHEMAS[method] as z.ZodType).safeParse(params);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const { field, reason } = describeIssue(issue);
  throw new AppError('contract.invalidParams', `${method}: "${field}" ${reason}.`, {
    details: { method, field },
  });
}

/** The field a schema issue is about (dotted; "params" for the whole) and what is wrong with it. */
export function describeIssue(issue: z.core.$ZodIssue): { field: string; reason: string } {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return { field: [...path, issue.keys[0]].join('.'), reason: 'is not known here' };
  }
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.flat().at(-1);
    const reason = inner === undefined ? issue.message : inner.message;
    return { field: path.join('.') || 'params', reason: lowerFirst(reason) };
  }
  return { field: path.join('.') || 'params', reason: lowerFirst(issue.message) };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}
