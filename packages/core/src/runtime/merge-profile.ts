/** Profiles of several programs as one. */
import type { ProfileRow } from '../backend/backend.ts';

/** Adds up rows of the same name. */
export function mergeProfile(rows: readonly ProfileRow[]): ProfileRow[] {
  const merged = new Map<string, ProfileRow>();
  for (const row of rows) {
    const old = merged.get(row.name);
    merged.set(row.name, old === undefined ? row : { name: row.name, calls: old.calls + row.calls, ms: old.ms + row.ms, flops: old.flops + row.flops, bytes: old.bytes + row.bytes });
  }
  return [...merged.values()];
}
