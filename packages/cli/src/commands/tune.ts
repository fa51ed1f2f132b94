/** `limelight tune`: searches for good settings in parallel workers, shows how it goes and what came out. Can be stopped, killed and resumed. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hyperband, Study, successiveHalving, type Space, type TrialRecord, type TrialResult } from '@limelight/tune';
import Table from 'cli-table3';
import pc from 'picocolors';
import { Interrupted, UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { checkWritable } from '../output.ts';
import { MNIST_DEFAULTS, mnistNetwork, mnistStudy, rowsOf, type MnistParams } from '../studies/mnist.ts';
import { loadData, tell } from './shared.ts';
import { importUserModule } from './user-module.ts';

export interface TuneOptions {
  readonly trials?: number;
  readonly timeout?: number;
  readonly sampler?: 'random' | 'tpe' | 'grid';
  readonly scheduler?: 'none' | 'hyperband' | 'asha';
  readonly workers?: number;
  readonly samples: number;
  readonly epochs: number;
  readonly seed?: number;
  readonly journal?: string;
  readonly resume: boolean;
  readonly json: boolean;
}

export async function tune(what: string, options: TuneOptions): Promise<void> {
  const { journal, resume, json } = options;
  if (journal !== undefined) checkWritable(journal, '--journal');
  if (resume && (journal === undefined || !existsSync(journal))) throw new UsageError(`--resume: ${journal === undefined ? 'give the --journal of the stopped study' : `there is no journal ${journal}; start without --resume`}`);
  const base = what === 'mnist' ? mnist(options) : await ofModule(what);
  const most = options.epochs, study = base.with({
    ...(journal === undefined ? {} : { journal }), ...(options.sampler === undefined ? {} : { sampler: options.sampler }), ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.scheduler === undefined ? {} : { scheduler: options.scheduler === 'none' ? null : options.scheduler === 'asha' ? successiveHalving({ maxEpochs: most }) : hyperband({ maxEpochs: most }) }),
  });
  const trials = options.trials ?? (options.timeout === undefined ? 20 : undefined), progress = new Progress(study, trials, json), interrupt = onInterrupt((line) => { progress.clear(); tell(line); });
  const started = performance.now();
  try {
    await study[resume ? 'resume' : 'optimize']({
      ...(trials === undefined ? {} : { trials }), ...(options.timeout === undefined ? {} : { timeout: options.timeout }), ...(options.workers === undefined ? {} : { workers: options.workers }), signal: interrupt.signal,
      onStart: () => { progress.begun(); }, onTrial: (trial) => { progress.ended(trial); },
    });
  } catch (error) {
    progress.clear();
    if (!interrupt.signal.aborted) throw error;
    throw new Interrupted(journal === undefined ? 'stopped; without a --journal nothing was kept.' : `stopped; the journal is ${journal}. The same command with --resume goes on.`);
  } finally {
    interrupt.release();
  }
  progress.clear();
  const seconds = (performance.now() - started) / 1000, heldOut = what === 'mnist' ? await compareWithDefaults(study.best.params as unknown as MnistParams, options) : null;
  if (json) { console.log(JSON.stringify(asJson(study, seconds, heldOut), null, 2)); return; }
  show(study, seconds, heldOut);
  if (journal !== undefined) console.log(`Journal: ${journal} (Optuna's format)`);
}

function mnist(options: TuneOptions): Study<Space> {
  if (options.samples < 50 || options.samples > 60_000) throw new UsageError(`--samples ${options.samples}: give 50 to 60000 of the training images`);
  // From the sources there is no built module for workers to import; then trials run here, one after the other.
  const built = import.meta.url.endsWith('.ts') ? undefined : new URL(`./studies/mnist-worker.js?samples=${options.samples}&epochs=${options.epochs}`, import.meta.url).href;
  return mnistStudy(options, built) as unknown as Study<Space>;
}
/** The study that a module of the user exports. */
async function ofModule(path: string): Promise<Study<Space>> {
  if (!existsSync(path)) throw new UsageError(`tune ${path}: give mnist, or the path of a module that exports a study`);
  const exports = await importUserModule(pathToFileURL(resolve(path)).href), found = [exports['default'], exports['study'], ...Object.values(exports)].find((value) => value instanceof Study);
  if (found === undefined) throw new UsageError(`tune ${path}: the module exports no study; write export default createStudy({ module: import.meta.url, … })`);
  return found as Study<Space>;
}

/** One line that changes on a terminal, one line for each trial elsewhere. */
class Progress {
  readonly #study: Study<Space>;
  readonly #trials: number | undefined;
  readonly #live = process.stderr.isTTY === true;
  readonly #started = Date.now();
  #running = 0;
  constructor(study: Study<Space>, trials: number | undefined, quiet: boolean) {
    this.#study = study;
    this.#trials = trials;
    if (!quiet || this.#live) tell(`Study '${study.name}': ${study.goals.map((g) => `${g.direction} ${g.name}`).join(', ')}, ${study.options.sampler === undefined ? 'random' : typeof study.options.sampler === 'string' ? study.options.sampler : study.options.sampler.name}${trials === undefined ? '' : `, ${trials} trials`}`);
  }
  begun(): void { this.#running++; if (this.#live) this.#draw(); }
  ended(trial: TrialRecord): void {
    this.#running--;
    if (this.#live) this.#draw();
    else tell(`trial ${trial.number} ${trial.state}${trial.values === null ? ` ${lastReport(trial)}` : ` ${trial.values.map((v) => v.toPrecision(4)).join(' ')}`}${trial.state === 'failed' ? `: ${String(trial.userAttributes.get('error'))}` : ''}`);
  }
  clear(): void { if (this.#live) process.stderr.write('\r\u001b[2K'); }
  #draw(): void {
    const trials = this.#study.trials, done = trials.filter((t) => t.state !== 'running' && t.state !== 'waiting').length, seconds = (Date.now() - this.#started) / 1000;
    const complete = trials.some((t) => t.state === 'complete'), best = complete && this.#study.goals.length === 1 ? ` · best ${this.#study.best.values?.[0]?.toPrecision(4)} (trial ${this.#study.best.number})` : '';
    process.stderr.write(`\r\u001b[2K${bar(done, this.#trials)} ${done}${this.#trials === undefined ? '' : `/${this.#trials}`} trials · ${this.#running} running${best} · ${seconds.toFixed(0)} s`);
  }
}
const lastReport = (trial: TrialRecord): string => [...trial.reports].at(-1)?.[1]?.toPrecision(4) ?? '';
const bar = (done: number, all: number | undefined): string => (all === undefined ? '' : `[${'='.repeat(Math.min(20, Math.round((20 * done) / all))).padEnd(20)}]`);

interface HeldOut { readonly best: number; readonly defaults: number }
/** Both trained anew on all the samples, tested on the test images, which no trial saw. Means of three seeds. */
async function compareWithDefaults(best: MnistParams, { samples, epochs, seed = 0 }: TuneOptions): Promise<HeldOut> {
  const { train, test } = await loadData('mnist'), own = rowsOf(train, 0, samples);
  const accuracyOf = async (params: MnistParams): Promise<number> => {
    let sum = 0;
    for (let s = 1; s <= 3; s++) {
      const model = mnistNetwork(params, seed + s);
      await model.fit(own.x, own.y, { epochs, batchSize: params.batchSize, verbose: 0 });
      sum += (await model.evaluate(test.x, test.y, { batchSize: 256 }))['accuracy'] ?? Number.NaN;
    }
    return sum / 3;
  };
  return { best: await accuracyOf(best), defaults: await accuracyOf(MNIST_DEFAULTS) };
}

const secondsOf = (record: TrialRecord): number => Number(record.userAttributes.get('seconds') ?? 0);
function ordered(study: Study<Space>): TrialResult<unknown>[] {
  const sign = study.goals[0]?.direction === 'maximize' ? -1 : 1, rank = (t: TrialResult<unknown>): number => ['complete', 'pruned', 'failed', 'waiting', 'running'].indexOf(t.state);
  return [...study.trials].sort((a, b) => rank(a) - rank(b) || sign * ((a.values?.[0] ?? 0) - (b.values?.[0] ?? 0)) || a.number - b.number);
}
function show(study: Study<Space>, seconds: number, heldOut: HeldOut | null): void {
  const all = ordered(study), top = all.slice(0, 10), states = top.some((t) => t.state !== 'complete') ? ['state'] : [], names = [...new Set(top.flatMap((t) => [...t.record.params.keys()]))];
  const table = new Table({
    head: ['trial', ...study.goals.map((g) => g.name), ...names, 'epochs', 's', ...states], colAligns: ['right', ...study.goals.map(() => 'right' as const), ...names.map(() => 'right' as const), 'right', 'right', ...states.map(() => 'left' as const)],
    // Only outer lines, so that it fits into a terminal.
    style: { head: [], border: [], compact: true, 'padding-left': 1, 'padding-right': 1 },
    chars: { middle: '', mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '', 'top-mid': '', 'bottom-mid': '' },
  });
  top.forEach((t, i) => {
    const row = [String(t.number), ...study.goals.map((_, g) => t.values?.[g]?.toFixed(4) ?? '–'), ...names.map((n) => cell(t.record.params.get(n))), String(Math.max(0, ...t.record.reports.keys()) || '–'), secondsOf(t.record).toFixed(1), ...states.map(() => t.state)];
    table.push(i === 0 && t.state === 'complete' ? row.map((c) => pc.green(c)) : row);
  });
  console.log(table.toString());
  const counts = ['complete', 'pruned', 'failed'].map((s) => [all.filter((t) => t.state === s).length, s] as const).filter(([n]) => n > 0).map(([n, s]) => `${n} ${s}`).join(', ');
  console.log(`${all.length} trials (${counts}) in ${seconds.toFixed(1)} s${all.length > top.length ? '; the first 10 are shown' : ''}.`);
  if (heldOut !== null) console.log(`Held-out test images: ${heldOut.best.toFixed(4)} with the best settings, ${heldOut.defaults.toFixed(4)} with the defaults (${heldOut.best >= heldOut.defaults ? '+' : ''}${(100 * (heldOut.best - heldOut.defaults)).toFixed(2)} points, means of 3 seeds).`);
}
const cell = (value: unknown): string => (typeof value === 'number' ? (Number.isInteger(value) ? String(value) : value.toPrecision(3)) : value === undefined ? '' : String(value));

const asJson = (study: Study<Space>, seconds: number, heldOut: HeldOut | null): unknown => ({
  study: study.name, objectives: study.goals, seconds, best: study.goals.length === 1 ? plain(study.best) : null, front: study.goals.length > 1 ? study.front.map(plain) : undefined, heldOut, trials: study.trials.map(plain),
});
const plain = (t: TrialResult<unknown>): unknown => ({ number: t.number, state: t.state, values: t.values, params: t.params, reports: Object.fromEntries(t.record.reports), seconds: secondsOf(t.record), error: t.record.userAttributes.get('error') });
