import type { ErrorFamily } from '#common/contract/errors';
import { assertNever } from '#common/contract/errors';

/** What the process returns to its caller; documented in `--help`. */
export const EXIT_OK = 0;
export const EXIT_FAULT = 1;
export const EXIT_INPUT = 2;
export const EXIT_ENVIRONMENT = 3;
/** 128 + SIGINT, as shells count. */
export const EXIT_CANCELLED = 130;

export function exitCodeOf(family: ErrorFamily): number {
  switch (family) {
    case 'input':
      return EXIT_INPUT;
    case 'environment':
      return EXIT_ENVIRONMENT;
    case 'cancelled':
      return EXIT_CANCELLED;
    case 'contract':
    case 'bug':
      return EXIT_FAULT;
    default:
      return assertNever(family, 'error family');
  }
}

export const EXIT_CODES_HELP = `
Exit codes:
  0    done
  1    a fault in the program
  2    something about the input or the options; the message says what would be right
  3    the machine: disk full or not writable, a model or encoder missing
  130  cancelled (Ctrl-C; a second Ctrl-C ends the program at once)`;
