/** How long one request for an unseen history takes, in one process: 2,000 histories of random length. `npm run test:slow -- packages/recommend/src/models/transformer/latency` */
import { describe, expect, it } from 'vitest';
import { Random } from '../../base/random.ts';
import { generateLog } from '../../log/generate.ts';
import { transformer } from './transformer.ts';

describe('latency of the transformer', () => {
  it.each([[3416, 128, 128, 10], [3416, 64, 256, 10], [100_000, 128, 128, 25], [100_000, 64, 256, 25]])('%i items, width %i, hidden %i: p99 within %i ms, and no request waits for a compiler', async (items, width, hidden, limit) => {
    const { log } = generateLog({ users: 600, items, events: 60, seed: 1 }), model = transformer({ width, hidden, epochs: 1, negatives: 64 }), random = new Random(7);
    await model.fit(log);
    const started = performance.now();
    await model.warm();
    const warm = performance.now() - started, times = new Float64Array(2000);
    for (let i = 0; i < times.length; i++) {
      const history = Array.from({ length: 1 + random.below(250) }, () => `m${1 + random.below(items)}`), from = performance.now();
      expect(model.recommend({ history, k: 10 })).toHaveLength(10);
      times[i] = performance.now() - from;
    }
    const first = Math.max(...times.subarray(0, 20));
    times.sort();
    const at = (part: number): string => (times[Math.floor(part * times.length)] as number).toFixed(2);
    console.log(`${items} items, width ${width}, hidden ${hidden}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${(times.at(-1) as number).toFixed(1)} ms, of the first twenty ${first.toFixed(1)} ms; warm ${warm.toFixed(0)} ms`);
    expect(Number(at(0.99))).toBeLessThan(limit);
    expect(first).toBeLessThan(2 * limit);
  }, 300_000);
});
