/**
 * A catalogue and a log as a streaming service has them, with known tastes: for tests, demonstrations and measurements where there is no data.
 *
 * Items have genres, parts of series, a release date and a popularity (few have most). Each user has tastes (shares of genres) and comes back for sessions of a few events. The next item is the
 * next part of the series, or one of the genre just watched, or one of a genre drawn from the tastes; within a genre by popularity, new ones more. Nobody watches an item twice.
 */
import { ValueError } from '@limelight/core';
import { Random } from '../base/random.ts';
import { Catalogue, type CatalogueItem } from './catalogue.ts';
import { Interactions } from './interactions.ts';
import { Vocabulary } from './vocabulary.ts';

export interface GenerateOptions {
  /** default 1,000 */ readonly users?: number;
  /** default 500 */ readonly items?: number;
  /** mean events of a user; a few users have many more; default 40 */ readonly events?: number;
  /** exponent of the popularity of the items by rank; default 0.8. 0: all alike. */ readonly skew?: number;
  /** chance to go on with the series; default 0.5 */ readonly series?: number;
  /** chance to stay in the genre just watched; default 0.5 */ readonly stay?: number;
  /** days that the log covers; default 365 */ readonly days?: number;
  /** seconds since 1970 of its first day; default 2024-01-01 */ readonly start?: number;
  /** default 0 */ readonly seed?: number;
}
export interface GeneratedLog {
  readonly log: Interactions;
  readonly catalogue: Catalogue;
  /** names of the genres */ readonly genres: readonly string[];
  /** users x genres: each user's share of interest, rows sum to 1; users in the order of the log's vocabulary */ readonly tastes: Float32Array;
}

const GENRES = ['Action', 'Adventure', 'Animation', 'Comedy', 'Crime', 'Documentary', 'Drama', 'Fantasy', 'Horror', 'Mystery', 'Romance', 'Science Fiction'] as const;
const FIRST = ['Silent', 'Crimson', 'Last', 'Hidden', 'Broken', 'Golden', 'Distant', 'Electric', 'Midnight', 'Paper', 'Northern', 'Hollow', 'Burning', 'Glass', 'Wandering', 'Second'] as const;
const SECOND = ['River', 'Signal', 'Garden', 'Empire', 'Letters', 'Harbour', 'Machine', 'Winter', 'Orchestra', 'Shadow', 'Island', 'Promise', 'Circus', 'Station', 'Horizon', 'Kingdom'] as const;
const AGES = [0, 6, 12, 16, 18] as const;
const DAY = 86_400;

interface Made { readonly item: CatalogueItem; readonly genres: readonly number[]; readonly released: number; readonly weight: number; readonly next: number }

export function generateLog(options: GenerateOptions = {}): GeneratedLog {
  const { users = 1000, items = 500, events = 40, skew = 0.8, series = 0.5, stay = 0.5, days = 365, start = 1_704_067_200, seed = 0 } = options;
  for (const [name, value] of Object.entries({ users, items, events, days })) if (!(value >= 1)) throw new ValueError(`generateLog: ${name} must be at least 1, not ${value}.`);
  const made = makeItems(items, skew, days, start, new Random(seed, 1)), byGenre = GENRES.map((_, genre) => tableOf(made, genre)), everything = tableOf(made, -1);
  const random = new Random(seed, 2), tastes = new Float32Array(users * GENRES.length), limit = Math.max(1, Math.floor(items * 0.8));
  const lengths = Int32Array.from({ length: users }, () => Math.max(1, Math.min(limit, Math.round(events * Math.exp(0.8 * random.normal() - 0.32))))), rows = lengths.reduce((a, b) => a + b, 0);
  const user = new Int32Array(rows), item = new Int32Array(rows), time = new Float64Array(rows), seen = new Int32Array(items).fill(-1), end = start + days * DAY;
  let row = 0;
  for (let u = 0; u < users; u++) {
    const own = tastes.subarray(u * GENRES.length, (u + 1) * GENRES.length), count = lengths[u] as number;
    let sum = 0;
    for (let g = 0; g < own.length; g++) { own[g] = random.uniform() ** 4; sum += own[g] as number; } // few genres have most of the interest
    for (let g = 0; g < own.length; g++) own[g] = (own[g] as number) / sum;
    const joined = start + random.uniform() * days * DAY * 0.6, times = sessionTimes(count, joined, end, random);
    let last = -1;
    for (let n = 0; n < count; n++) {
      const now = times[n] as number, isNewSession = n === 0 || now - (times[n - 1] as number) > 6 * 3600;
      const chosen = chooseNext(made, byGenre, everything, own, seen, u, isNewSession ? -1 : last, last, now, series, stay, random);
      seen[chosen] = u;
      user[row] = u;
      item[row] = chosen;
      time[row++] = now;
      last = chosen;
    }
  }
  const catalogue = new Catalogue(made.map((one) => one.item));
  return { log: new Interactions({ users: Vocabulary.of(Array.from({ length: users }, (_, u) => `u${u + 1}`)), items: Vocabulary.of(catalogue.ids), user, item, time }), catalogue, genres: GENRES, tastes };
}

function makeItems(count: number, skew: number, days: number, start: number, random: Random): Made[] {
  const made: Made[] = [], order = random.shuffle(Array.from({ length: count }, (_, i) => i));
  while (made.length < count) {
    const title = `${FIRST[random.below(FIRST.length)]} ${SECOND[random.below(SECOND.length)]}`, parts = random.uniform() < 0.15 ? Math.min(count - made.length, 2 + random.below(4)) : 1;
    const genres = [...new Set([random.below(GENRES.length), ...(random.uniform() < 0.5 ? [random.below(GENRES.length)] : [])])], age = AGES[random.below(AGES.length)] as number;
    const director = `Director ${1 + random.below(Math.max(2, Math.ceil(count / 8)))}`, base = made.length;
    // Most of the catalogue is older than the log; the rest comes out while it runs.
    const first = random.uniform() < 0.8 ? start - random.uniform() * 7000 * DAY : start + random.uniform() * days * DAY * 0.9;
    for (let part = 0; part < parts; part++) {
      const released = Math.floor(first + part * 30 * DAY), id = made.length + 1, words = genres.map((g) => GENRES[g] as string);
      made.push({
        genres, released, weight: 1 / (1 + (order[base + part] as number)) ** skew, next: part + 1 < parts ? base + part + 1 : -1,
        item: {
          id: `m${id}`, title: parts > 1 ? `${title}, Part ${part + 1}` : title, text: `A ${words.join(' and ').toLowerCase()} film by ${director}.`, attributes: { genre: words, director: [director] },
          numbers: { year: new Date(released * 1000).getUTCFullYear() }, age, from: released, ...(parts > 1 ? { franchise: `${title} (${base + 1})` } : {}),
        },
      });
    }
  }
  return made;
}

/** Items of a genre (-1: all) and their cumulative weights. */
interface Table { readonly items: Int32Array; readonly ends: Float64Array }
function tableOf(made: readonly Made[], genre: number): Table {
  const items = Int32Array.from(made.keys()).filter((i) => genre < 0 || made[i]?.genres.includes(genre) === true), ends = new Float64Array(items.length);
  let sum = 0;
  items.forEach((i, at) => { sum += made[i]?.weight ?? 0; ends[at] = sum; });
  return { items, ends };
}
function drawFrom({ items, ends }: Table, random: Random): number {
  const goal = random.uniform() * (ends[ends.length - 1] ?? 0);
  let low = 0, high = ends.length - 1;
  while (low < high) { const middle = (low + high) >> 1; if ((ends[middle] as number) > goal) high = middle; else low = middle + 1; }
  return items[low] ?? -1;
}

/** `recent`: the item before in the same session, -1 at its start; `last`: the item before, whenever. */
function chooseNext(made: readonly Made[], byGenre: readonly Table[], all: Table, taste: Float32Array, seen: Int32Array, user: number, recent: number, last: number, now: number, series: number, stay: number, random: Random): number {
  const free = (i: number): boolean => i >= 0 && seen[i] !== user && (made[i] as Made).released <= now;
  const next = last < 0 ? -1 : (made[last] as Made).next;
  if (free(next) && random.uniform() < series) return next;
  for (let attempt = 0; attempt < 30; attempt++) {
    let genre = 0;
    if (recent >= 0 && random.uniform() < stay) genre = (made[recent] as Made).genres[0] as number;
    else for (let goal = random.uniform() - (taste[0] as number); goal > 0 && genre < taste.length - 1;) goal -= taste[++genre] as number;
    const chosen = drawFrom(attempt < 20 ? (byGenre[genre] as Table) : all, random);
    if (!free(chosen)) continue;
    const age = (now - (made[chosen] as Made).released) / DAY;
    if (age < 60 || random.uniform() < 0.6) return chosen; // new films are watched more
  }
  for (let i = 0; i < made.length; i++) if (free(i)) return i;
  return seen.findIndex((u) => u !== user);
}

/** Times of a user's events: sessions of one to six at evenings from `joined` on, with pauses that grow with how little the user watches. */
function sessionTimes(count: number, joined: number, end: number, random: Random): Float64Array {
  const times = new Float64Array(count), starts: number[] = [];
  let left = count;
  const lengths: number[] = [];
  while (left > 0) { const length = Math.min(left, 1 + random.below(6)); lengths.push(length); left -= length; }
  for (let s = 0; s < lengths.length; s++) starts.push(Math.floor((joined + random.uniform() * (end - joined - DAY)) / DAY) * DAY + 17 * 3600 + random.below(4 * 3600));
  starts.sort((a, b) => a - b);
  let n = 0, now = 0;
  starts.forEach((first, s) => {
    now = Math.max(first, now + 3600);
    for (let e = 0; e < (lengths[s] as number); e++) { times[n++] = Math.floor(now); now += 1200 + random.below(6000); }
  });
  return times;
}
