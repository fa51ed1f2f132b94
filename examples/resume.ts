/**
 * Saving and resuming: a run that is stopped in the middle of an epoch and resumed ends with the same bits as one that was never stopped, and a
 * saved model goes on training where it was, because its file holds the optimizer too.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AbortedError, LambdaCallback, layers, loadModel, random, sequential, type Model } from '@limelight/core';

const x = random.normal([512, 8], 1);
const y = x.square().sum(1, true);
const folder = mkdtempSync(join(tmpdir(), 'limelight-resume-'));
const backup = join(folder, 'run.backup'), file = join(folder, 'model.safetensors');

function build(): Model {
  const model = sequential([layers.dense(16, { activation: 'relu' }), layers.dropout(0.1), layers.dense(1)], { seed: 3 });
  return model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
}
const options = { epochs: 4, batchSize: 32, verbose: 0 } as const;
const weights = async (model: Model): Promise<string> => JSON.stringify((await model.getWeights()).map((array) => Array.from(array)));

const whole = build();
await whole.fit(x, y, options);

// Stop in the third epoch, as Ctrl-C would: the backup keeps the very step.
const stop = new AbortController();
let steps = 0;
const stopper = new LambdaCallback({ onTrainBatchEnd: () => { if (++steps === 40) stop.abort(); } });
try {
  await build().fit(x, y, { ...options, backup, callbacks: [stopper], signal: stop.signal });
} catch (error) {
  if (!(error instanceof AbortedError)) throw error;
  console.log(`stopped after ${steps} steps`);
}
const resumed = build();
await resumed.fit(x, y, { ...options, backup, callbacks: [new LambdaCallback({ onTrainBatchEnd: () => { steps++; } })] });
console.log(`resumed, ${steps} steps in all`);
const sameRun = (await weights(resumed)) === (await weights(whole));

// Save, load, and train one more epoch in both.
await whole.save(file);
const loaded = await loadModel(file);
await whole.fit(x, y, { batchSize: 32, verbose: 0 });
await loaded.fit(x, y, { batchSize: 32, verbose: 0 });
const sameModel = (await weights(loaded)) === (await weights(whole));
rmSync(folder, { recursive: true });

console.log(`same bits: resumed run ${sameRun}, loaded model ${sameModel}`);
if (!sameRun || !sameModel || steps !== 64) throw new Error('the resumed run differs');
