// Limelight: tokens drawn from a small untrained language model, with the cache of keys and values and by computing the whole sequence at each step.
import { generate } from '@limelight/core';
import { config, median, peakMegabytes, tell } from '../lib/child.mjs';
import { languageModel } from './transformer-model.mjs';

const net = languageModel(config);
const prompt = Array.from({ length: config.prompt }, (_, i) => i % config.classes);
async function tokensPerSecond(cache, rounds) {
  const rates = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await generate(net, prompt, { length: config.tokens, seed: round, cache });
    rates.push((config.tokens / (performance.now() - start)) * 1000);
  }
  return median(rates.slice(1));
}
tell([
  { case: 'cache', metric: 'tokens_per_s', value: await tokensPerSecond(true, 9) },
  { case: 'no-cache', metric: 'tokens_per_s', value: 0 },
  { case: 'generate', metric: 'peak_mb', value: peakMegabytes() },
]);
