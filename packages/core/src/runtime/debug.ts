/**
 * Looking inside: what LIMELIGHT_DEBUG prints while programs are compiled. Everything goes to the error stream, so that a program's own output
 * stays clean.
 *
 * 1: one line for each program. 2: also the graph before and after optimization, and the fused kernels. 3: also the generated code.
 * 4: also the memory plan, and scratch memory is filled with NaN before each run.
 */
import { ValueError } from '../base/errors.ts';

export type DebugLevel = 0 | 1 | 2 | 3 | 4;
export const DEBUG_LEVELS: readonly DebugLevel[] = [0, 1, 2, 3, 4];

/** Where debug text goes, and how much of it is wanted. */
export interface DebugSink { readonly level: DebugLevel; write(text: string): void }

/** A sink that writes whole texts; default to the error stream. */
export function debugSink(level: DebugLevel, write: (text: string) => void = (text) => { console.error(text); }): DebugSink {
  return { level, write };
}

/** '0' to '4'; ValueError otherwise. */
export function parseDebugLevel(text: string): DebugLevel {
  const level = DEBUG_LEVELS.find((l) => String(l) === text.trim());
  if (level === undefined) throw new ValueError(`LIMELIGHT_DEBUG must be one of ${DEBUG_LEVELS.join(', ')}, got '${text}'.`);
  return level;
}
