/** The options of `compile` from JSON, so that a loaded model trains on. Writing them: saveCompile.ts. */
import { FormatError } from '../base/errors.ts';
import type { SerializedObject } from '../nn/registry-table.ts';
import type { CompileOptions } from './compiled.ts';

export function loadCompile(saved: unknown, name: string): CompileOptions | null {
  if (saved === null || saved === undefined) return null;
  if (typeof saved !== 'object') throw new FormatError(`${name}: the metadata entry 'compile' is damaged.`);
  const { optimizer, own, ...rest } = saved as Record<string, unknown>;
  if (own === true) return null;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)) as Omit<CompileOptions, 'optimizer'>;
  return { ...given, optimizer: optimizer as SerializedObject };
}

/** The class of the optimizer whose state an archive holds. */
export function savedOptimizer(saved: unknown): string | null {
  if (saved === null || typeof saved !== 'object') return null;
  const { optimizer } = saved as { optimizer?: { className?: unknown } };
  return typeof optimizer?.className === 'string' ? optimizer.className : null;
}
