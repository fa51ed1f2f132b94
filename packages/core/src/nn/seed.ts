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
