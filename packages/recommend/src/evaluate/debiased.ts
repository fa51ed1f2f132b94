/**
 * Figures in which popular targets count less. A log holds what was popular more often than what was liked, so a target with n training events gets the weight 1 / n^power, and the weighted mean is
 * divided by the sum of the weights (self-normalized inverse propensity scoring, with the propensity of Yang et al. 2018 as a power of the popularity). Power 0 is the plain mean over targets.
 */
export class Debiased {
  readonly #ks: readonly number[];
  readonly #power: number;
  readonly #hits: number[];
  readonly #gains: number[];
  #weights = 0;
  constructor(ks: readonly number[], power: number) {
    this.#ks = ks;
    this.#power = power;
    this.#hits = ks.map(() => 0);
    this.#gains = ks.map(() => 0);
  }
  /** One target: its rank (from 1) and its training events; one without events counts as one with one. */
  add(rank: number, events: number): void {
    const weight = Math.max(1, events) ** -this.#power;
    this.#weights += weight;
    this.#ks.forEach((k, i) => {
      if (rank > k) return;
      this.#hits[i] = (this.#hits[i] as number) + weight;
      this.#gains[i] = (this.#gains[i] as number) + weight / Math.log2(rank + 1);
    });
  }
  figures(): Record<string, number> {
    return Object.fromEntries(this.#ks.flatMap((k, i) => [[`hr@${k} debiased`, (this.#hits[i] as number) / this.#weights], [`ndcg@${k} debiased`, (this.#gains[i] as number) / this.#weights]]));
  }
}
