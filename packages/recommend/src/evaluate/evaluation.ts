/** Figures of a model on a set: means over users, the users' own values, and intervals. */
import { NameError } from '@limelight/core';
import { bootstrapInterval, type BootstrapOptions } from './bootstrap.ts';

/** Numbers by name. */
export type Figures = Readonly<Record<string, number>>;

export class Evaluation {
  /** name of the figure → mean over users, for example 'ndcg@10' */
  readonly figures: Figures;
  /** name of the figure → one value for each user of the set, in its order; what is not a mean over users (coverage) is not here */
  readonly perUser: Readonly<Record<string, Float64Array>>;
  readonly users: number;
  constructor(parts: { readonly figures: Figures; readonly perUser: Readonly<Record<string, Float64Array>>; readonly users: number }) {
    this.figures = parts.figures;
    this.perUser = parts.perUser;
    this.users = parts.users;
  }
  /** @throws NameError that lists the figures */
  get(metric: string): number {
    const value = this.figures[metric];
    if (value === undefined) throw new NameError('figure', metric, Object.keys(this.figures));
    return value;
  }
  /** Bounds of the mean over users (bootstrap). @throws NameError where the figure is not a mean over users */
  interval(metric: string, options: BootstrapOptions = {}): readonly [low: number, high: number] {
    const values = this.perUser[metric];
    if (values === undefined) throw new NameError('figure with values of its users', metric, Object.keys(this.perUser));
    return bootstrapInterval(values, options);
  }
  toJSON(): Figures { return { ...this.figures, users: this.users }; }
}
