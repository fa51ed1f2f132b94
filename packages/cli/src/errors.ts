/** How a failed command ends: one clear line on standard error and an exit code that a script can test. LIMELIGHT_DEBUG shows the stack. */
import { LimelightError } from '@limelight/core';

/** Exit codes of the command line. 130 is what a shell reports for Ctrl-C. */
export const EXIT = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The user asked for something that cannot be: exit code 2. */
export class UsageError extends Error {}

/** The work was stopped with Ctrl-C; the message says what was kept. */
export class Interrupted extends Error {}

const wantsStack = (): boolean => !['', '0', undefined].includes(process.env['LIMELIGHT_DEBUG']);

/** The line (or with LIMELIGHT_DEBUG the stack) and the exit code for anything that was thrown. */
export function explain(error: unknown): { readonly text: string; readonly code: ExitCode } {
  const known = error instanceof Error ? error : new Error(String(error));
  const aborted = known instanceof Interrupted || (known instanceof LimelightError && known.code === 'aborted');
  const code = aborted ? EXIT.interrupted : known instanceof UsageError ? EXIT.usage : EXIT.failure;
  const line = known.message.replaceAll(/\s*\n\s*/g, ' ').trim() || known.name;
  return { text: wantsStack() && !aborted ? known.stack ?? line : line, code };
}
