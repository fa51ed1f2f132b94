/**
 * Rules of a business on top of scores: licences, ages, how many of one series, variety, room for what is not known yet. Rules that only forbid are one pass over typed arrays; those that look at the
 * list as a whole choose from its best candidates.
 */
import { ValueError } from '@limelight/core';
import { Random } from '../base/random.ts';
import { attributeSets, jaccard } from '../evaluate/diversity.ts';
import type { Catalogue } from '../log/catalogue.ts';
import type { Vocabulary } from '../log/vocabulary.ts';
import { topK } from './topK.ts';

export interface Rules {
  /** licences, ages, series and attributes; needed by all rules but `exploration` */ readonly catalogue?: Catalogue;
  /** seconds since 1970: only items that may be shown then (`from`, `until` of the catalogue); default: now, where there is a catalogue; false: licences do not count */ readonly now?: number | false;
  /** of who watches, in years: nothing for older ones; default: no limit */ readonly age?: number;
  /** at most so many of one franchise in a list */ readonly maxPerFranchise?: number;
  /** 0 to 1: how much variety of attributes counts beside the score (maximal marginal relevance; Carbonell and Goldstein 1998); default 0 */ readonly diversity?: number;
  /** share of the list, at its end, for items that would not be in it, rather such with few events; default 0 */ readonly exploration?: number;
  /** of the exploration; another number shows other items; default 0 */ readonly seed?: number;
}
/** Chosen items, best first, and how many at the end are there to explore. */
export interface Selection { readonly items: Int32Array; readonly explored: number }

/** What the rules need of a catalogue, by item number. */
interface Facts { readonly from: Float64Array; readonly until: Float64Array; readonly age: Float32Array; readonly franchise: Int32Array; readonly attributes: Int32Array[] }
const known = new WeakMap<Catalogue, { readonly items: Vocabulary; readonly facts: Facts }>();

function factsOf(catalogue: Catalogue, items: Vocabulary): Facts {
  const cached = known.get(catalogue);
  if (cached !== undefined && cached.items === items && cached.facts.age.length === items.size) return cached.facts;
  const series = new Map<string, number>(), number = (name: string | undefined): number => { if (name === undefined) return -1; const n = series.get(name) ?? series.size; series.set(name, n); return n; };
  const rows = items.ids.map((id) => catalogue.get(id)), facts: Facts = {
    from: Float64Array.from(rows, (row) => row?.from ?? -Infinity), until: Float64Array.from(rows, (row) => row?.until ?? Infinity), age: Float32Array.from(rows, (row) => row?.age ?? 0),
    franchise: Int32Array.from(rows, (row) => number(row?.franchise)), attributes: attributeSets(catalogue, items),
  };
  known.set(catalogue, { items, facts });
  return facts;
}

/** @throws ValueError for a number out of its range, or a rule that needs a catalogue where there is none */
export function checkRules(rules: Rules): void {
  const { catalogue, diversity = 0, exploration = 0, maxPerFranchise = 1, age = 0 } = rules;
  for (const [name, value] of Object.entries({ diversity, exploration })) if (!(value >= 0 && value <= 1)) throw new ValueError(`rules: ${name} must lie between 0 and 1, not ${value}.`);
  if (!Number.isInteger(maxPerFranchise) || maxPerFranchise < 1) throw new ValueError(`rules: maxPerFranchise must be a whole number of at least 1, not ${maxPerFranchise}.`);
  if (!(age >= 0)) throw new ValueError(`rules: age must be a number of years, not ${age}.`);
  if (catalogue !== undefined) return;
  for (const name of ['now', 'age', 'maxPerFranchise', 'diversity'] as const) if (rules[name] !== undefined && rules[name] !== false) throw new ValueError(`rules: '${name}' needs a catalogue: { catalogue: … }.`);
}

/**
 * The list for one row of scores.
 * @param scores -Infinity where an item may not be shown; the rules add to that
 * @param counts events of each item
 */
export function select(scores: Float32Array, k: number, rules: Rules, items: Vocabulary, counts: Int32Array): Selection {
  checkRules(rules);
  const { catalogue, diversity = 0, exploration = 0, maxPerFranchise = Infinity, age = Infinity, now = Date.now() / 1000 } = rules, facts = catalogue === undefined ? null : factsOf(catalogue, items);
  if (facts !== null) {
    for (let item = 0; item < scores.length; item++) {
      if ((facts.age[item] as number) > age || (now !== false && ((facts.from[item] as number) > now || (facts.until[item] as number) <= now))) scores[item] = -Infinity;
    }
  }
  if (diversity === 0 && exploration === 0 && maxPerFranchise === Infinity) return { items: topK(scores, k), explored: 0 };
  const perSeries = new Map<number, number>(), chosen: number[] = [], isFree = (item: number): boolean => {
    const series = facts?.franchise[item] ?? -1;
    return series < 0 || (perSeries.get(series) ?? 0) < maxPerFranchise;
  };
  const choose = (item: number): void => {
    const series = facts?.franchise[item] ?? -1;
    if (series >= 0) perSeries.set(series, (perSeries.get(series) ?? 0) + 1);
    chosen.push(item);
  };
  const explore = Math.min(k, Math.round(exploration * k)), main = k - explore;
  // A long series at the top may need more candidates than the first ones.
  for (let size = Math.max(10 * k, 100); ; size *= 4) {
    const pool = topK(scores, size), isWhole = pool.length < size;
    chosen.length = 0;
    perSeries.clear();
    if (diversity > 0 && facts !== null) greedy(pool, scores, main, diversity, facts, isFree, choose);
    else for (const item of pool) { if (chosen.length >= main) break; if (isFree(item)) choose(item); }
    if (chosen.length < main && !isWhole) continue;
    const before = chosen.length;
    if (explore > 0) drawSome(pool, explore, new Random(rules.seed ?? 0, hash(pool)), counts, isFree, choose, new Set(chosen));
    return { items: Int32Array.from(chosen), explored: chosen.length - before };
  }
}

/** Takes the item with the best of (1 - diversity) * score - diversity * likeness to what is taken, again and again. Scores are scaled to 0 … 1 within the pool. */
function greedy(pool: Int32Array, scores: Float32Array, count: number, diversity: number, facts: Facts, isFree: (item: number) => boolean, choose: (item: number) => void): void {
  const high = scores[pool[0] ?? 0] as number, low = scores[pool.at(-1) ?? 0] as number, spread = high - low || 1, likeness = new Float64Array(pool.length), taken = new Uint8Array(pool.length);
  for (let n = 0; n < count; n++) {
    let best = -1, bestValue = -Infinity;
    pool.forEach((item, i) => {
      if (taken[i] === 1) return;
      const value = (1 - diversity) * (((scores[item] as number) - low) / spread) - diversity * (likeness[i] as number);
      if (value > bestValue && isFree(item)) { best = i; bestValue = value; }
    });
    if (best < 0) return;
    taken[best] = 1;
    const item = pool[best] as number, own = facts.attributes[item] as Int32Array;
    choose(item);
    pool.forEach((other, i) => { if (taken[i] === 0) likeness[i] = Math.max(likeness[i] as number, jaccard(own, facts.attributes[other] as Int32Array)); });
  }
}

/** Draws from the pool without what is chosen, with chances of 1 / sqrt(events + 1) (exponential races: the least of -log(u) * sqrt(events + 1) wins). */
function drawSome(pool: Int32Array, count: number, random: Random, counts: Int32Array, isFree: (item: number) => boolean, choose: (item: number) => void, taken: ReadonlySet<number>): void {
  const raced = Array.from(pool, (item) => ({ item, at: -Math.log(1 - random.uniform()) * Math.sqrt((counts[item] as number) + 1) })).filter(({ item }) => !taken.has(item)).sort((a, b) => a.at - b.at || a.item - b.item);
  let left = count;
  for (const { item } of raced) {
    if (left === 0) return;
    if (!isFree(item)) continue;
    choose(item);
    left--;
  }
}
/** So that users with different lists explore different items. */
const hash = (list: Int32Array): number => list.subarray(0, 20).reduce((h, item) => (Math.imul(h, 31) + item) | 0, 7) >>> 1;
