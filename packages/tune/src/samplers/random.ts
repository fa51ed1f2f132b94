/** Random search: every value is drawn by itself, uniformly in its range (logarithmic ranges: in the exponent). Bergstra and Bengio 2012. */
import { Random } from '../random.ts';
import type { Distribution } from '../space/parameters.ts';
import { snap } from '../space/space.ts';
import type { Sampler } from './sampler.ts';

/** One draw, in inside form. All values of a range with steps are equally likely. */
export function drawValue(d: Distribution, rng: Random): number {
  if (d.kind === 'choice') return rng.below(d.choices.length);
  const half = d.step === null ? 0 : d.step / 2; // so that the ends of a stepped range are as likely as the others
  if (d.log) {
    const low = Math.log(d.low - half), high = Math.log(d.high + half);
    return snap(d, Math.exp(low + rng.uniform() * (high - low)));
  }
  return snap(d, d.low - half + rng.uniform() * (d.high - d.low + 2 * half));
}

export const random = (): Sampler => ({
  name: 'random',
  size: () => null,
  begin: (_space, { seed, number }) => {
    const rng = new Random(seed, number, 0x52);
    return (_name, distribution) => drawValue(distribution, rng);
  },
});
