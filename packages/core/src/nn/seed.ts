/**
 * The seed behind initial weights that nobody seeded: a stream that `setRandomSeed` restarts. A model with its own seed does not use it.
 */
import { ValueError } from '../base/errors.ts';
import { hostRandom, type HostRandom } from '../tensor/host-random.ts';

let stream: HostRandom | null = null;

/** Makes every unseeded layer and model made from now on reproducible. */
export function setRandomSeed(seed: number): void {
  if (!Number.isInteger(seed)) throw new ValueError(`setRandomSeed: ${seed} must be a whole number.`);
  stream = hostRandom([seed >>> 0, 0x5eed]);
}
/** The next seed of the stream: 32 bits. */
export function nextSeed(): number {
  stream ??= hostRandom([Math.floor(Math.random() * 0x100000000), 0x5eed]);
  return stream.word();
}

/** A different seed for each part (a round of the splitmix32 mixer). */
export function mixSeed(seed: number, index: number): number {
  let z = (seed + Math.imul(index + 1, 0x9e37_79b9)) >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85eb_ca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2_ae35);
  return (z ^ (z >>> 16)) >>> 0;
}
