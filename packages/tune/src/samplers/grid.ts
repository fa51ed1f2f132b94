/** Grid search: every combination once, the last parameter changing fastest. Floats without a step are taken at a few even points. */
import { StateError, ValueError } from '@limelight/core';
import type { Distribution, Space } from '../space/parameters.ts';
import { cardinality, draw, snap } from '../space/space.ts';
import type { Sampler } from './sampler.ts';

/** The values of one parameter, in inside form. */
function valuesOf(name: string, d: Distribution, points: number): number[] {
  if (d.kind === 'choice') return [...d.choices.keys()];
  const count = d.step !== null && !d.log ? cardinality(d) : Math.min(points, cardinality(d));
  if (count > 10_000) throw new ValueError(`grid: parameter '${name}' has ${count} values; give it a larger step.`);
  const spaced = Array.from({ length: count }, (_, i) => {
    if (d.step !== null && !d.log) return d.low + i * d.step;
    const share = count === 1 ? 0 : i / (count - 1);
    return d.log ? Math.exp(Math.log(d.low) + share * (Math.log(d.high) - Math.log(d.low))) : d.low + share * (d.high - d.low);
  });
  return [...new Set(spaced.map((x) => snap(d, x)))];
}

/** All combinations, as values by name. */
export function gridPoints(space: Space, points: number): Map<string, number>[] {
  const all: Map<string, number>[] = [];
  // Like an odometer: each round walks the space with the digits so far, learns which parameters exist, and turns the last digit that can still turn.
  for (let digits: number[] = []; ;) {
    const point = new Map<string, number>(), sizes: number[] = [];
    draw(space, (name, d) => {
      const values = valuesOf(name, d, points), i = sizes.push(values.length) - 1, x = values[digits[i] ??= 0] as number;
      point.set(name, x);
      return x;
    });
    all.push(point);
    if (all.length > 1_000_000) throw new ValueError('grid: more than a million combinations; use random search, or fewer values.');
    let place = sizes.length - 1;
    while (place >= 0 && (digits[place] as number) + 1 >= (sizes[place] as number)) place--;
    if (place < 0) return all;
    digits = digits.slice(0, place + 1);
    digits[place] = (digits[place] as number) + 1;
  }
}

/** @param options points of a float without a step or a logarithmic range, its ends included; default 5 */
export function grid(options: { readonly points?: number } = {}): Sampler {
  const { points = 5 } = options;
  if (!Number.isInteger(points) || points < 1) throw new ValueError(`grid: points must be a whole number of at least 1, not ${points}.`);
  const known = new WeakMap<Space, Map<string, number>[]>();
  const pointsOf = (space: Space): Map<string, number>[] => {
    const made = known.get(space) ?? gridPoints(space, points);
    known.set(space, made);
    return made;
  };
  return {
    name: 'grid',
    size: (space) => pointsOf(space).length,
    begin: (space, { trials, number }) => {
      // A retried trial takes the place of the one that failed.
      const place = number - trials.filter((t) => t.systemAttributes.has('failed_trial')).length, point = pointsOf(space)[place];
      if (point === undefined) throw new StateError(`grid: there is no combination number ${place}.`);
      return (name) => point.get(name) as number;
    },
  };
}
