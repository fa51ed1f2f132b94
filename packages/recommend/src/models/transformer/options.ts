/** Settings of the sequential transformer, their defaults and their bounds. */
import { ValueError } from '@limelight/core';

export interface TransformerOptions {
  /** numbers that stand for an item and for a state; default 64 */ readonly width?: number;
  /** default 2 */ readonly blocks?: number;
  /** default 2; must divide `width` */ readonly heads?: number;
  /** width inside the feed-forward part of a block; default 4 × width */ readonly hidden?: number;
  /** events of a history that are looked at, the latest ones; default 200 */ readonly length?: number;
  /** default 0.2 */ readonly dropout?: number;
  /**
   * items that each right one is told from: so many, drawn anew for each step and shared by its positions (sampled softmax), or 'all' of the catalogue. Default: 'all' up to 1,000 items, else 512.
   */
  readonly negatives?: number | 'all' | null;
  /** the highest; it rises over `warmup` steps and falls to a twentieth along a cosine. Default 0.001 */ readonly learningRate?: number;
  /** steps; default 200, at most a tenth of all */ readonly warmup?: number;
  /** passes over the users; default 40 */ readonly epochs?: number;
  /** epochs without a better NDCG@10 of the validation set after which training ends; default null: never */ readonly patience?: number | null;
  /** events in a step, over several users; default 6,400 */ readonly batchEvents?: number;
}
export type Settings = Required<Omit<TransformerOptions, 'hidden'>> & { readonly hidden: number };

const DEFAULTS = { width: 64, blocks: 2, heads: 2, length: 200, dropout: 0.2, negatives: null, learningRate: 0.001, warmup: 200, epochs: 40, patience: null, batchEvents: 6400 } as const;

/** @throws ValueError for a setting out of its bounds */
export function settingsOf(options: TransformerOptions): Settings {
  const known = { ...DEFAULTS, ...options }, settings: Settings = { ...known, hidden: options.hidden ?? 4 * known.width };
  const fail = (what: string): never => { throw new ValueError(`transformer: ${what}`); };
  for (const name of ['width', 'blocks', 'heads', 'hidden', 'length', 'epochs', 'batchEvents'] as const) if (!Number.isInteger(settings[name]) || settings[name] < 1) fail(`${name} must be a whole number of at least 1, not ${settings[name]}.`);
  if (settings.width % settings.heads !== 0) fail(`${settings.heads} heads do not divide a width of ${settings.width}.`);
  if (!(settings.dropout >= 0 && settings.dropout < 1)) fail(`dropout must lie between 0 and 1, not ${settings.dropout}.`);
  if (!(settings.learningRate > 0)) fail(`learningRate must be above 0, not ${settings.learningRate}.`);
  if (!Number.isInteger(settings.warmup) || settings.warmup < 0) fail(`warmup must be a whole number of steps, not ${settings.warmup}.`);
  const { negatives, patience } = settings;
  if (negatives !== null && negatives !== 'all' && !(Number.isInteger(negatives) && negatives >= 1)) fail(`negatives must be 'all' or a whole number of at least 1, not ${negatives}.`);
  if (patience !== null && !(Number.isInteger(patience) && patience >= 1)) fail(`patience must be null or a whole number of epochs, not ${patience}.`);
  return settings;
}

/** Catalogues up to this size are compared as a whole: a step then costs less than what drawing from them costs in accuracy. */
const WHOLE = 1000;
export const negativesOf = ({ negatives }: Settings, items: number): number | 'all' => negatives ?? (items <= WHOLE ? 'all' : 512);
