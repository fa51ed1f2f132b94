import { describe, expect, it } from 'vitest';
import { loopItem, planBarriers, type Item, type PhaseItem, type Range } from './schedule.ts';

let kernels = 0;
const at = (...bytes: number[]): Range[] => bytes.map((lo) => ({ lo, hi: lo + 10 }));
const phase = (all: boolean, reads: Range[], writes: Range[]): PhaseItem => ({ kind: 'phase', all, reads, writes, kernel: kernels++ });
const placed = (items: Item[]): number[] => { const b = planBarriers(items); return items.flatMap((item, i) => (b.has(item) ? [i] : [])); };

describe('planBarriers', () => {
  it('puts none between independent phases, nor between phases of thread 0', () => {
    expect(placed([phase(true, at(0), at(10)), phase(true, at(0), at(20)), phase(false, at(0), at(30)), phase(false, at(30), at(40))])).toEqual([]);
  });
  it('sees read after write, write after read, write after write', () => {
    expect(placed([phase(true, at(0), at(10)), phase(true, at(10), at(20))])).toEqual([1]);
    expect(placed([phase(true, at(10), at(0)), phase(false, at(20), at(10))])).toEqual([1]);
    expect(placed([phase(false, at(10), at(0)), phase(true, at(20), at(0))])).toEqual([1]);
  });
  it('sees overlap of bytes, not only equal places', () => {
    expect(placed([phase(true, [], [{ lo: 0, hi: 100 }]), phase(true, [], [{ lo: 99, hi: 101 }])])).toEqual([1]);
    expect(placed([phase(true, [], [{ lo: 0, hi: 100 }]), phase(true, [], [{ lo: 100, hi: 101 }])])).toEqual([]);
  });
  it('one barrier serves all that came before', () => {
    expect(placed([phase(true, [], at(0)), phase(true, [], at(10)), phase(true, at(0), at(20)), phase(true, at(10), at(30)), phase(true, at(20), at(40))])).toEqual([2, 4]);
  });
  it('separates the phases of one kernel', () => {
    const first = phase(true, at(0), at(10));
    expect(placed([first, { ...phase(true, at(0), at(20)), kernel: first.kernel }])).toEqual([1]);
  });
  it('looks along the back edge of a loop', () => {
    // writes what the next iteration reads: only the back edge needs the barrier
    const reader = phase(true, at(0), at(10)), writer = phase(true, at(20), at(0));
    expect(planBarriers([loopItem(3, false, [reader, writer])])).toEqual(new Set([reader, writer]));
    const once = [phase(true, at(0), at(10)), phase(true, at(20), at(30))];
    expect(planBarriers([loopItem(5, false, once)]).size).toBe(1); // each writes again what another thread may still be writing
    expect(planBarriers([loopItem(1, false, once)]).size).toBe(0);
  });
  it('treats a loop of thread 0 as one piece of work', () => {
    const inner = phase(false, at(0), at(50)), loop = loopItem(4, false, [inner]);
    expect(planBarriers([phase(true, [], at(0)), loop, phase(true, at(50), at(60))]).has(loop)).toBe(true);
    expect(placed([phase(true, [], at(0)), loop, phase(true, at(50), at(60))])).toEqual([1, 2]);
  });
  it('hands on what is pending behind a loop', () => {
    const inner = phase(true, [], at(0));
    expect(placed([loopItem(2, false, [inner]), phase(false, at(0), at(10))])).toEqual([1]);
    expect(placed([loopItem(0, false, [inner]), phase(false, at(0), at(10))])).toEqual([]);
  });
});
