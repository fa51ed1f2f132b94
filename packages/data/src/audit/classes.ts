/** How the samples are spread over the classes. */
import type { LabelIds } from './samples.ts';
import type { Classes } from './types.ts';

export function classBalance({ ids, names }: LabelIds): Classes {
  const counts = new Array<number>(names.length).fill(0);
  let missing = 0;
  for (const id of ids) { if (id < 0) missing++; else counts[id] = (counts[id] ?? 0) + 1; }
  const present = counts.filter((n) => n > 0), total = present.reduce((a, b) => a + b, 0);
  const entropy = -present.reduce((sum, n) => sum + (n / total) * Math.log(n / total), 0);
  return {
    names, counts, missing, ratio: present.length === 0 ? 1 : Math.max(...present) / Math.min(...present),
    balance: present.length > 1 ? entropy / Math.log(present.length) : 1,
    weights: counts.map((n) => (n === 0 ? 0 : total / (present.length * n))),
  };
}
