/**
 * The profile as a table: where the time of a run goes, kernel by kernel, with what each reaches of the machine (GFLOP/s, GB/s).
 */
import type { ProfileRow } from '../backend/backend.ts';
import { mergeProfile } from './merge-profile.ts';

/** Work per ms as 10^9 per second. */
const giga = (amount: number, ms: number): string => (ms > 0 && amount > 0 ? (amount / ms / 1e6).toFixed(1) : '-');

/**
 * The rows as a text table, longest time first: ms in all, share of the total, calls, µs per call, GFLOP/s, GB/s. `limit` rows are printed, the rest is
 * summed up.
 */
export function formatProfile(rows: readonly ProfileRow[], limit = 40): string {
  const merged = mergeProfile(rows).sort((a, b) => b.ms - a.ms);
  const total = merged.reduce((ms, row) => ms + row.ms, 0);
  const line = (row: ProfileRow): string[] => [
    row.name, row.ms.toFixed(2), `${(total > 0 ? (row.ms / total) * 100 : 0).toFixed(1)} %`, String(row.calls),
    row.calls > 0 ? ((row.ms * 1000) / row.calls).toFixed(1) : '-', giga(row.flops, row.ms), giga(row.bytes, row.ms),
  ];
  const sum = (name: string, list: readonly ProfileRow[]): ProfileRow =>
    list.reduce<ProfileRow>((s, r) => ({ name, calls: s.calls + r.calls, ms: s.ms + r.ms, flops: s.flops + r.flops, bytes: s.bytes + r.bytes }), { name, calls: 0, ms: 0, flops: 0, bytes: 0 });
  const rest = merged.slice(limit);
  const body = [...merged.slice(0, limit), ...(rest.length > 0 ? [sum(`(${rest.length} more)`, rest)] : []), sum('total', merged)].map(line);
  const table = [['kernel', 'ms', 'share', 'calls', 'us/call', 'GFLOP/s', 'GB/s'], ...body];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((cells) => (cells[column] ?? '').length)));
  return table.map((cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ').trimEnd()).join('\n');
}
