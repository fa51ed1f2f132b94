/** The training loop: epochs, rate, drawn items, validation, the best weights, a checkpoint after each epoch. Order and draws of an epoch follow from seed and epoch alone. */
import { FormatError, readSafetensors, writeSafetensors, type HostArray, type NamedTensor } from '@limelight/core';
import { existsSync } from 'node:fs';
import { readFileWhole, writeFileWhole } from '../../base/files.ts';
import { Random } from '../../base/random.ts';
import type { Epochs } from '../../factors/epochs.ts';
import type { Interactions } from '../../log/interactions.ts';
import type { EpochReport } from '../types.ts';
import type { Network } from './network.ts';
import { epochOf } from './windows.ts';

export interface TrainingOptions {
  readonly network: Network;
  readonly log: Interactions;
  /** whose windows an epoch takes */ readonly users: ArrayLike<number>;
  readonly negatives: number | 'all';
  readonly epochs: number;
  /** true: the end of each history alone */ readonly ends?: boolean;
  /** of step 0 to steps - 1 */ readonly rate: (step: number, steps: number) => number;
  readonly seed: number;
  readonly patience: number | null;
  /** measures and tells; the best 'ndcg@10' of a validation set decides which weights stay */ readonly course: Epochs;
  /** where the state is kept after each epoch, and from where an interrupted training goes on */ readonly checkpoint?: string | undefined;
  /** what the training is of; a checkpoint of another one is refused */ readonly about: string;
}
export interface Trained { readonly steps: number; readonly best: number }

/** Highest rate after `warmup` steps, then along a cosine to a twentieth. */
export const rateOf = (highest: number, warmup: number) => (step: number, steps: number): number => {
  const first = Math.min(warmup, Math.floor(steps / 10));
  return step < first ? (highest * (step + 1)) / first : highest * (0.05 + 0.95 * 0.5 * (1 + Math.cos((Math.PI * (step - first)) / Math.max(1, steps - first))));
};

/** Stream numbers of `Random`: one for each epoch. */
const STREAM = 100;

export async function trainNetwork(options: TrainingOptions): Promise<Trained> {
  const { network, log, users, negatives, epochs, rate, seed, patience, course, checkpoint, about } = options, { reports } = course;
  let best: { value: number; epoch: number; weights: HostArray[] } | null = null, step = 0;
  if (checkpoint !== undefined && existsSync(checkpoint)) {
    const saved = readCheckpoint(checkpoint, about, network);
    reports.push(...saved.reports);
    step = saved.step;
    best = saved.best;
  }
  for (let epoch = reports.length; epoch < epochs; epoch++) {
    if (best !== null && patience !== null && epoch - best.epoch > patience) break;
    const random = new Random(seed, STREAM + epoch);
    const batches = epochOf(log, users, { length: network.settings.length, batchEvents: network.settings.batchEvents, random, ends: options.ends ?? false });
    const steps = epochs * batches.length;
    let sum = 0;
    for (const batch of batches) {
      const drawn = new Int32Array(negatives === 'all' ? 1 : negatives);
      if (negatives !== 'all') for (let i = 0; i < drawn.length; i++) drawn[i] = 1 + random.below(network.items);
      sum += network.step(batch, drawn, rate(step++, steps));
      await course.breathe();
    }
    await course.done(sum / Math.max(1, batches.length), (figures) => {
      const value = figures?.['ndcg@10'];
      if (value !== undefined && value > (best?.value ?? -Infinity)) best = { value, epoch: epoch + 1, weights: network.weights() };
      if (checkpoint !== undefined) writeCheckpoint(checkpoint, about, network, reports, step, best);
    });
  }
  if (best !== null && best.epoch < reports.length) network.restore(best.weights);
  return { steps: step, best: best?.epoch ?? reports.length };
}

type Best = { value: number; epoch: number; weights: HostArray[] } | null;
const KEY = 'limelight.transformer.training';
const named = (data: HostArray): NamedTensor => ({ dtype: data instanceof Float32Array ? 'f32' : data instanceof Int32Array ? 'i32' : 'u32', shape: [data.length], data });

function writeCheckpoint(path: string, about: string, network: Network, reports: readonly EpochReport[], step: number, best: Best): void {
  const tensors = new Map<string, NamedTensor>();
  network.variables.forEach((variable, i) => { tensors.set(`state.${i}`, named(variable.read())); });
  best?.weights.forEach((weight, i) => { tensors.set(`best.${i}`, named(weight)); });
  writeFileWhole(path, writeSafetensors(tensors, { [KEY]: JSON.stringify({ about, reports, step, best: best === null ? null : { value: best.value, epoch: best.epoch } }) }));
}
/** @throws FormatError where the file is none, or of a training with other data or settings */
function readCheckpoint(path: string, about: string, network: Network): { readonly reports: EpochReport[]; readonly step: number; readonly best: Best } {
  const { tensors, metadata } = readSafetensors(readFileWhole(path), `'${path}'`), head = metadata[KEY];
  if (head === undefined) throw new FormatError(`'${path}' is no checkpoint of a transformer. Delete it, or name another file.`);
  const saved = JSON.parse(head) as { about: string; reports: EpochReport[]; step: number; best: { value: number; epoch: number } | null };
  if (saved.about !== about) throw new FormatError(`'${path}' is the checkpoint of a training with other data, settings or seed. Delete it to begin anew, or name another file.`);
  const get = (name: string): HostArray => {
    const found = tensors.get(name);
    if (found === undefined) throw new FormatError(`'${path}' lacks '${name}'. Delete it to begin anew.`);
    return found.data;
  };
  network.variables.forEach((variable, i) => { variable.write(get(`state.${i}`)); });
  return { reports: saved.reports, step: saved.step, best: saved.best === null ? null : { ...saved.best, weights: network.body.weights.map((_, i) => get(`best.${i}`)) } };
}
