/**
 * What is watched most, the same for everybody: the least that any other model must beat, and what new users get. With a half-life, an event counts half as much after so many days, counted
 * back from the log's last event; so what is watched now comes first.
 */
import { ValueError, type JsonValue } from '@limelight/core';
import type { History, Interactions } from '../log/interactions.ts';
import type { Contribution } from '../reasons/occlusion.ts';
import { Recommender, type Report } from './recommender.ts';
import type { Change, ModelState } from './types.ts';

export interface PopularityOptions {
  /** days after which an event counts half; default null: all events count alike. Needs a log with times. */ readonly halfLife?: number | null;
}

const DAY = 86_400;

export class Popularity extends Recommender {
  readonly kind = 'popularity';
  readonly halfLife: number | null;
  #scores = new Float64Array(0);
  /** seconds since 1970 to which the scores are counted back */
  #now = 0;

  constructor(options: PopularityOptions = {}) {
    super();
    const { halfLife = null } = options;
    if (halfLife !== null && !(halfLife > 0)) throw new ValueError(`popularity: halfLife must be a number of days above 0, or null, not ${halfLife}.`);
    this.halfLife = halfLife;
  }

  protected train(log: Interactions): Report {
    if (this.halfLife !== null && !log.timed) throw new ValueError('popularity: a half-life needs times, and the log has none. Leave halfLife out.');
    this.#scores = new Float64Array(log.items.size);
    this.#now = log.span?.[1] ?? 0;
    this.#add(log, 0, log.rows);
    return {};
  }
  #add(log: Interactions, from: number, to: number): void {
    for (let row = from; row < to; row++) {
      const item = log.item[row] as number;
      this.#scores[item] = (this.#scores[item] as number) + (this.halfLife === null ? 1 : 2 ** (((log.time[row] as number) - this.#now) / (this.halfLife * DAY)));
    }
  }

  override get cold(): ArrayLike<number> { return this.#scores; }
  score(histories: readonly History[], out: Float32Array): void {
    histories.forEach((_, row) => out.set(this.#scores, row * this.#scores.length));
  }

  /** Exact: old counts are aged to the new last event, new rows are added. */
  protected learn({ before, after, touched }: Change): Report {
    const now = after.span?.[1] ?? 0, grown = new Float64Array(after.items.size), ageing = this.halfLife === null ? 1 : 2 ** ((this.#now - now) / (this.halfLife * DAY));
    grown.set(this.#scores);
    for (let item = 0; item < grown.length; item++) grown[item] = (grown[item] as number) * ageing;
    this.#scores = grown;
    this.#now = now;
    // A user's rows may have come in between older ones, so all of a touched user's rows are taken out and put in again.
    for (const user of touched) {
      if (user < before.users.size) {
        const rows = [before.starts[user] as number, before.starts[user + 1] as number] as const, log = before;
        for (let row = rows[0]; row < rows[1]; row++) {
          const item = log.item[row] as number;
          this.#scores[item] = (this.#scores[item] as number) - (this.halfLife === null ? 1 : 2 ** (((log.time[row] as number) - now) / (this.halfLife * DAY)));
        }
      }
      this.#add(after, after.starts[user] as number, after.starts[user + 1] as number);
    }
    return {};
  }

  /** Popularity knows no reasons of one's own. */
  override contributions(): Contribution[] { return []; }

  protected state(): ModelState { return { settings: { halfLife: this.halfLife, now: this.#now }, arrays: { scores: this.#scores } }; }
  protected restore({ settings, arrays }: ModelState): void {
    this.#now = (settings as { now: number }).now;
    this.#scores = Float64Array.from(arrays['scores'] ?? []);
  }
}

/** What is watched most. */
export const popularity = (options: PopularityOptions = {}): Popularity => new Popularity(options);
/** @internal */
export const popularityFrom = (settings: JsonValue): Popularity => new Popularity(settings as PopularityOptions);
