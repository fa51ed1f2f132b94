/**
 * Tree-structured Parzen estimator (Bergstra et al. 2011; details as in Optuna's, see Watanabe 2023): the trials are parted into good and others; each parameter's values among
 * the good make a density l, the others' g, and of some draws from l that with the greatest l/g is taken. Parameters are looked at one by one, each over the trials in which
 * it exists, so conditions cost nothing. With several objectives the good are the first Pareto fronts.
 */
import { ValueError } from '@limelight/core';
import { Random } from '../random.ts';
import type { Distribution } from '../space/parameters.ts';
import { snap } from '../space/space.ts';
import { normalCdf, normalQuantile } from '../stats/normal.ts';
import { paretoRanks, signOf } from '../study/objective.ts';
import { lastStep, scoresOf, type TrialRecord } from '../study/record.ts';
import { drawValue } from './random.ts';
import type { Sampler, SamplerContext } from './sampler.ts';

export interface TpeOptions {
  /** trials drawn at random before the estimator begins; default 10 */ readonly startup?: number;
  /** draws from the good density of which the best is taken; default 24 */ readonly candidates?: number;
  /** the good: this share of the trials; default 0.1 */ readonly gamma?: number;
  /** at most so many are good; default 25 */ readonly mostGood?: number;
}

export function tpe(options: TpeOptions = {}): Sampler {
  const { startup = 10, candidates = 24, gamma = 0.1, mostGood = 25 } = options;
  if (!(startup >= 1) || !(candidates >= 1) || !(gamma > 0 && gamma < 1)) throw new ValueError('tpe: startup and candidates must be at least 1, gamma between 0 and 1.');
  return {
    name: 'tpe',
    size: () => null,
    begin: (_space, context) => {
      const rng = new Random(context.seed, context.number, 0x7e), ranked = rankTrials(context);
      if (ranked.length < startup) return (_name, d) => drawValue(d, rng);
      const good = new Set(ranked.slice(0, Math.min(Math.ceil(gamma * ranked.length), mostGood)));
      // Trials that run now count with the others: workers that ask at the same time do not all get the same answer.
      const running = context.trials.filter((t) => t.state === 'running' && t.number !== context.number && scoresOf(t) === null);
      return (name, d) => {
        const same = [...ranked, ...running].filter((t) => t.inside.has(name));
        const valuesOf = (list: readonly TrialRecord[]): number[] => list.map((t) => t.inside.get(name) as number);
        const l = density(d, valuesOf(same.filter((t) => good.has(t)))), g = density(d, valuesOf(same.filter((t) => !good.has(t))));
        let best = drawValue(d, rng), most = -Infinity;
        for (let i = 0; i < candidates; i++) {
          const x = l.draw(rng), gain = l.log(x) - g.log(x);
          if (gain > most) { best = x; most = gain; }
        }
        return best;
      };
    },
  };
}

/** Trials with a score, the best first. Those that were stopped early stand behind those that went further, as far as neither is finished. */
function rankTrials({ trials, goals }: SamplerContext): TrialRecord[] {
  const scored = trials.flatMap((trial) => { const scores = scoresOf(trial); return scores === null || scores.some(Number.isNaN) ? [] : [{ trial, scores }]; });
  const [first] = goals;
  if (goals.length > 1 || first === undefined) {
    const done = scored.filter(({ trial }) => trial.state === 'complete'), ranks = paretoRanks(done.map(({ scores }) => scores), goals);
    return done.map(({ trial }, i) => ({ trial, rank: ranks[i] ?? 0 })).sort((a, b) => a.rank - b.rank || a.trial.number - b.trial.number).map(({ trial }) => trial);
  }
  const sign = signOf(first.direction), reach = ({ trial }: { trial: TrialRecord }): number => (trial.state === 'complete' ? Infinity : lastStep(trial));
  return scored.sort((a, b) => (reach(a) === reach(b) ? 0 : reach(b) - reach(a)) || sign * ((b.scores[0] ?? 0) - (a.scores[0] ?? 0)) || a.trial.number - b.trial.number).map(({ trial }) => trial);
}

interface Density { log(x: number): number; draw(rng: Random): number }

/** The newest 25 count fully, older ones less and less. */
function weightsOf(count: number): number[] {
  const full = 25;
  if (count <= full) return new Array<number>(count).fill(1);
  return Array.from({ length: count }, (_, i) => (i >= count - full ? 1 : 1 / count + ((1 - 1 / count) * i) / Math.max(1, count - full - 1)));
}

function density(d: Distribution, values: readonly number[]): Density {
  if (d.kind === 'choice') {
    const counts = new Array<number>(d.choices.length).fill(1 / d.choices.length), weights = weightsOf(values.length);
    values.forEach((v, i) => { counts[v] = (counts[v] ?? 0) + (weights[i] ?? 1); });
    const total = counts.reduce((a, b) => a + b, 0);
    return { log: (x) => Math.log((counts[x] ?? 0) / total), draw: (rng) => pick(counts, rng.uniform() * total) };
  }
  return parzen(d, values);
}
function pick(weights: readonly number[], at: number): number {
  let left = at;
  for (const [i, w] of weights.entries()) if ((left -= w) < 0) return i;
  return weights.length - 1;
}

/** A mixture of normals cut to the range, one around each value and a wide one over all; ranges with steps: the mass of each step. */
function parzen(d: Exclude<Distribution, { kind: 'choice' }>, values: readonly number[]): Density {
  const into = d.log ? Math.log : (x: number): number => x, outOf = d.log ? Math.exp : (x: number): number => x, half = d.step === null ? 0 : d.step / 2;
  const low = into(d.low - half), high = into(d.high + half), range = Math.max(high - low, 1e-12);
  const centres = [...values.map(into), (low + high) / 2], weights = [...weightsOf(values.length), 1];
  const order = [...centres.keys()].sort((a, b) => (centres[a] as number) - (centres[b] as number)), least = range / Math.min(100, 1 + centres.length);
  const widths = new Array<number>(centres.length).fill(range);
  order.forEach((i, place) => {
    if (i === centres.length - 1) return; // the wide one
    const c = centres[i] as number, before = place > 0 ? c - (centres[order[place - 1] as number] as number) : c - low, after = place + 1 < order.length ? (centres[order[place + 1] as number] as number) - c : high - c;
    widths[i] = Math.min(range, Math.max(least, before, after));
  });
  const total = weights.reduce((a, b) => a + b, 0), inside = centres.map((c, i) => normalCdf((high - c) / (widths[i] as number)) - normalCdf((low - c) / (widths[i] as number)));
  return {
    log: (x) => {
      const sum = centres.reduce((all, c, i) => {
        const s = widths[i] as number, share = (weights[i] as number) / total / (inside[i] as number);
        if (half > 0) return all + share * (normalCdf((into(x + half) - c) / s) - normalCdf((into(x - half) - c) / s));
        const z = (into(x) - c) / s;
        return all + (share * Math.exp(-0.5 * z * z)) / (s * Math.sqrt(2 * Math.PI));
      }, 0);
      return Math.log(sum + 1e-300);
    },
    draw: (rng) => {
      const i = pick(weights, rng.uniform() * total), c = centres[i] as number, s = widths[i] as number, from = normalCdf((low - c) / s);
      return snap(d, outOf(c + s * normalQuantile(from + rng.uniform() * (inside[i] as number))));
    },
  };
}
