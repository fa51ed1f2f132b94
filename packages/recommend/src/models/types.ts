/** What goes into models and comes out of them. */
import type { HostArray, JsonValue } from '@limelight/core';
import type { EvaluationSet } from '../evaluate/set.ts';
import type { Catalogue } from '../log/catalogue.ts';
import type { Interactions } from '../log/interactions.ts';
import type { Rules } from '../rank/rules.ts';

export interface EpochReport {
  /** from 1 */ readonly epoch: number;
  readonly loss: number;
  readonly seconds: number;
  /** of the validation set, where one was given */ readonly figures?: Readonly<Record<string, number>>;
}
export interface FitOptions {
  /** attributes and texts of items, for models that use them */ readonly catalogue?: Catalogue;
  /** what models that train in epochs measure themselves on, and stop by */ readonly validation?: EvaluationSet;
  /** after each epoch, of models that have them */ readonly onEpoch?: (report: EpochReport) => void;
  readonly signal?: AbortSignal;
  /** 1 prints progress; default 0 */ readonly verbose?: 0 | 1;
  /** of initial values, negatives and order; default 0 */ readonly seed?: number;
}
export interface FitReport {
  readonly kind: string;
  readonly rows: number;
  readonly users: number;
  readonly items: number;
  readonly seconds: number;
  /** of models that train in epochs */ readonly epochs?: readonly EpochReport[];
  /** what the model says of its training besides */ readonly notes?: Readonly<Record<string, number | string>>;
}
export interface UpdateReport { readonly rows: number; readonly newUsers: number; readonly newItems: number; readonly seconds: number; readonly notes?: Readonly<Record<string, number | string>> }

/** What an update brings: the log before, the log with the new rows, and the users (numbers of the new log) who have new rows. Numbers of the old log are valid in the new one. */
export interface Change { readonly before: Interactions; readonly after: Interactions; readonly touched: Int32Array }

/** What a model is made of besides its vocabularies: settings and named arrays. */
export interface ModelState { readonly settings: JsonValue; readonly arrays: Readonly<Record<string, HostArray>> }

export interface Request {
  /** ids of what was watched, oldest first; unknown ids are left out. In place of `user`. */ readonly history?: readonly string[];
  /** seconds since 1970 of each of `history`, for models that look at times */ readonly times?: readonly number[];
  /** id of a user of the model's log; an unknown one has an empty history */ readonly user?: string;
  /** length of the list; default 10. Fewer come back where fewer are left. */ readonly k?: number;
  /** true (default): nothing of the history */ readonly filterSeen?: boolean;
  /** only these ids */ readonly allow?: Iterable<string>;
  /** none of these ids */ readonly deny?: Iterable<string>;
  /** licences, ages, series, variety, exploration */ readonly rules?: Rules;
  /** true: three reasons for each item; or how many. Default false. */ readonly reasons?: number | boolean;
}
/** An event of the history and how much of the score it gives. */
export interface Reason { readonly item: string; readonly weight: number }
export interface Recommendation { readonly item: string; readonly score: number; /** true: it is there to explore, see `Rules` */ readonly explored?: boolean; readonly reasons?: readonly Reason[] }
