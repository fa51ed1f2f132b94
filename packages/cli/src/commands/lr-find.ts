/** `limelight lr-find`: the learning-rate range test, drawn in the terminal and as SVG. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Model } from '@limelight/core';
import { findLearningRate, type LabelledData } from '@limelight/tune';
import { UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { checkWritable } from '../output.ts';
import { MNIST_DEFAULTS, mnistNetwork, rowsOf } from '../studies/mnist.ts';
import { loadData, tell, useThreads } from './shared.ts';
import { importUserModule } from './user-module.ts';

export interface LrFindOptions { readonly min: number; readonly max: number; readonly steps: number; readonly batchSize: number; readonly seed: number; readonly svg?: string; readonly json: boolean; readonly threads?: number }
interface Subject { readonly build: (context: { readonly seed: number }) => Model | Promise<Model>; readonly data: LabelledData }

export async function lrFind(what: string, options: LrFindOptions): Promise<void> {
  const { min, max, steps, batchSize, seed, svg, json } = options;
  if (max <= min) throw new UsageError(`--max ${max} must be above --min ${min}`);
  if (svg !== undefined) checkWritable(svg, '--svg');
  useThreads(options.threads);
  const { build, data } = what === 'mnist' ? await mnist() : await ofModule(what);
  if (!json) tell(`Training with learning rates from ${min} to ${max}, ${steps} steps of ${batchSize} samples …`);
  const interrupt = onInterrupt(tell);
  const test = await findLearningRate(build, data, { min, max, steps, batchSize, seed, signal: interrupt.signal }).finally(() => { interrupt.release(); });
  if (svg !== undefined) { mkdirSync(dirname(resolve(svg)), { recursive: true }); writeFileSync(svg, test.svg()); }
  if (json) {
    const { suggestion, candidates, diverged, rates, losses, smoothed } = test;
    console.log(JSON.stringify({ suggestion, candidates, diverged, rates, losses, smoothed }, null, 2));
    return;
  }
  console.log(test.text());
  console.log('');
  console.log(`Suggestion: ${Number(test.suggestion.toPrecision(2))}`);
  console.log(`(steepest descent at ${Number(test.candidates.steepest.toPrecision(2))}, a tenth of the lowest point ${Number(test.candidates.tenth.toPrecision(2))}, ${test.diverged === null ? 'the loss never blew up' : `the loss blew up at ${Number(test.diverged.toPrecision(2))}`})`);
  if (svg !== undefined) console.log(`Picture: ${svg}`);
}

async function mnist(): Promise<Subject> {
  const { train } = await loadData('mnist');
  return { build: ({ seed }) => mnistNetwork(MNIST_DEFAULTS, seed), data: rowsOf(train, 0, train.x.shape[0] ?? 0) };
}
async function ofModule(path: string): Promise<Subject> {
  if (!existsSync(path)) throw new UsageError(`lr-find ${path}: give mnist, or the path of a module that exports build and data`);
  const { build, data } = (await importUserModule(pathToFileURL(resolve(path)).href)) as Partial<Subject>;
  if (typeof build !== 'function' || data === undefined) throw new UsageError(`lr-find ${path}: the module must export build (gives a compiled model) and data ({ x, y })`);
  return { build, data };
}
