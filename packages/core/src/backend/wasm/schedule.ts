/**
 * Where the threads of a step must meet. The planner lets buffers share memory, so dependencies are seen in byte ranges, not in names.
 *
 * An item is one phase of a kernel (run by all threads or by thread 0 only) or a loop. A barrier stands before a phase when something since the
 * last barrier overlaps what it touches, one of both writes, and not both are thread 0's own work. Loops are walked until their back edge adds
 * no more barriers.
 */

/** Bytes lo..hi-1. */
export interface Range { readonly lo: number; readonly hi: number }

/** What a piece of work touches. */
interface Work { /** true: split between the threads; false: thread 0 alone */ readonly all: boolean; readonly reads: readonly Range[]; readonly writes: readonly Range[] }

export interface PhaseItem extends Work {
  readonly kind: 'phase';
  /** phases of one kernel depend on each other whatever they touch */
  readonly kernel: number;
}
/** `all`: some phase within is split; a loop that is all thread 0's own is one piece of work. `reads` and `writes` are those of its body. */
export interface LoopItem<P extends PhaseItem> extends Work { readonly kind: 'loop'; readonly trip: number; readonly reverse: boolean; readonly body: readonly Item<P>[] }
export type Item<P extends PhaseItem = PhaseItem> = P | LoopItem<P>;

/** A loop item over `body`. */
export function loopItem<P extends PhaseItem>(trip: number, reverse: boolean, body: readonly Item<P>[]): LoopItem<P> {
  return { kind: 'loop', trip, reverse, body, all: body.some((i) => i.all), reads: body.flatMap((i) => i.reads), writes: body.flatMap((i) => i.writes) };
}

const overlap = (a: readonly Range[], b: readonly Range[]): boolean => a.some((x) => b.some((y) => x.lo < y.hi && y.lo < x.hi));

function conflict<P extends PhaseItem>(a: Item<P>, b: Item<P>): boolean {
  if (!a.all && !b.all) return false;
  if (a.kind === 'phase' && b.kind === 'phase' && a.kernel === b.kernel) return true;
  return overlap(a.writes, b.writes) || overlap(a.writes, b.reads) || overlap(a.reads, b.writes);
}

/** The items (phases, and loops that are thread 0's own) before which a barrier must stand. */
export function planBarriers<P extends PhaseItem>(items: readonly Item<P>[]): Set<Item<P>> {
  const barriers = new Set<Item<P>>();
  const walk = (list: readonly Item<P>[], before: ReadonlySet<Item<P>>): Set<Item<P>> => {
    let pending = new Set(before);
    for (const item of list) {
      if (item.kind === 'loop' && item.trip === 0) continue;
      if (item.kind === 'phase' || !item.all) {
        if (!barriers.has(item) && [...pending].some((p) => conflict(p, item))) barriers.add(item);
        if (barriers.has(item)) pending = new Set();
        pending.add(item);
        continue;
      }
      let out = walk(item.body, pending);
      // The back edge: what one iteration leaves pending meets the next one. Barriers only ever grow in number, so this ends.
      for (let known = -1; item.trip > 1 && known !== barriers.size;) {
        known = barriers.size;
        out = walk(item.body, new Set([...pending, ...out]));
      }
      pending = out;
    }
    return pending;
  };
  walk(items, new Set());
  return barriers;
}
