import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { callbacks } from '@limelight/core';
import { blobs, network } from '../../test/data.ts';
import { makeTrial } from './trial.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-trial-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

describe('trial.fit', () => {
  const { x, y } = blobs(60), steps: number[] = [];
  const trial = (budget: number, checkpoint: string | null, everyEpoch: boolean) =>
    makeTrial({ number: 0, params: {}, seed: 1, budget, checkpoint, everyEpoch }, { report: (step) => { steps.push(step); }, note: () => { /* none */ } }, new AbortController().signal);
  it.each([[false, [false, false]], [true, [false, true]]])('goes on with the bits of a run that was not stopped; every epoch kept: %s', async (everyEpoch, kept) => {
    const whole = await trial(4, null, false).fit(network(1), x, y, { batchSize: 10 });
    const path = join(folder, `${everyEpoch}.safetensors`), seen: boolean[] = [], look = new callbacks.LambdaCallback({ onEpochEnd: () => { seen.push(existsSync(path)); } });
    await trial(2, path, everyEpoch).fit(network(1), x, y, { batchSize: 10, callbacks: [look] });
    expect([seen, existsSync(path)]).toEqual([kept, true]);
    steps.length = 0;
    expect(await trial(4, path, everyEpoch).fit(network(1), x, y, { batchSize: 10 })).toEqual(whole);
    expect(steps).toEqual([3, 4]);
  });
  it('keeps a rung that another callback ended early', async () => {
    const path = join(folder, 'early.safetensors'), stop = new callbacks.EarlyStopping({ monitor: 'loss', patience: 1, minDelta: 100 });
    steps.length = 0;
    await trial(9, path, false).fit(network(1), x, y, { batchSize: 10, callbacks: [stop] });
    expect(steps.length).toBeLessThan(9);
    expect(existsSync(path)).toBe(true);
  });
});
