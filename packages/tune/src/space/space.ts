/** Walking through a space: each parameter that exists is asked for by its full name, so a sampler sees a flat list and conditions need no code of their own. */
import { ValueError } from '@limelight/core';
import type { Choice, Distribution, Parameter, Params, Space } from './parameters.ts';

/** Gives the value (inside form: a number or the index of a choice) of a parameter. */
export type Suggest = (name: string, distribution: Distribution) => number;

const isParameter = (entry: Parameter<unknown> | Space): entry is Parameter<unknown> => 'parameter' in entry && 'distribution' in entry;

/** What the inside form stands for. */
export function outside(distribution: Distribution, inside: number): Choice {
  if (distribution.kind !== 'choice') return inside;
  const choice = distribution.choices[inside];
  if (choice === undefined) throw new ValueError(`There is no choice number ${inside} among ${distribution.choices.length}.`);
  return choice;
}

/** Draws one value for every parameter that exists, choices of scopes before what depends on them. Names: 'head.units', and in scopes 'optimizer.sgd.momentum'. */
export function draw<S extends Space>(space: S, suggest: Suggest): Params<S> {
  const visit = (part: Space, path: string): Record<string, unknown> => Object.fromEntries(Object.entries(part).map(([key, entry]) => {
    const name = path === '' ? key : `${path}.${key}`;
    if (!isParameter(entry)) return [key, visit(entry, name)];
    if (entry.distribution === null) return [key, entry.constant];
    const chosen = outside(entry.distribution, suggest(name, entry.distribution));
    return [key, entry.scopes === undefined ? chosen : { kind: chosen, ...visit(entry.scopes[String(chosen)] ?? {}, `${name}.${String(chosen)}`) }];
  }));
  return visit(space, '') as Params<S>;
}

/** Throws ValueError where there is nothing to search: an empty space, or fixed values alone. */
export function checkSpace(space: Space): void {
  let count = 0;
  const visit = (part: Space, path: string): void => {
    for (const [key, entry] of Object.entries(part)) {
      if (entry === null || typeof entry !== 'object') throw new ValueError(`Search space: '${path}${key}' is ${String(entry)}, not a parameter. Write float(…), int(…), choice([…]), boolean(), scope({…}) or fixed(${JSON.stringify(entry)}).`);
      if (!isParameter(entry)) visit(entry, `${path}${key}.`);
      else if (entry.parameter !== 'fixed') count++;
    }
  };
  visit(space, '');
  if (count === 0) throw new ValueError('The search space is empty: it has no parameter that may vary. Add at least one float, int, choice, boolean or scope.');
}

/** The number of different values; Infinity for a float without a step. */
export function cardinality(distribution: Distribution): number {
  if (distribution.kind === 'choice') return distribution.choices.length;
  return distribution.step === null ? (distribution.low === distribution.high ? 1 : Infinity) : Math.round((distribution.high - distribution.low) / distribution.step) + 1;
}

/** Nearest allowed value. */
export function snap(distribution: Distribution, x: number): number {
  if (distribution.kind === 'choice') return Math.min(distribution.choices.length - 1, Math.max(0, Math.round(x)));
  const { low, high, step } = distribution, clipped = Math.min(high, Math.max(low, x));
  return step === null ? clipped : Number(Math.min(high, low + Math.round((clipped - low) / step) * step).toPrecision(12));
}

/** Two values of one parameter of one name must come from the same kind of range. */
export const sameDistribution = (a: Distribution, b: Distribution): boolean => JSON.stringify(a) === JSON.stringify(b);
