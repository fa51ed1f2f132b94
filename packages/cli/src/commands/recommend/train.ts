/** `limelight recommend train FILE`: from a log to a measured and saved recommender. */
import { recommenderNamed, type Evaluation, type FitReport, type Recommender } from '@limelight/recommend';
import { Interrupted, UsageError } from '../../errors.ts';
import { onInterrupt } from '../../interrupt.ts';
import { checkWritable } from '../../output.ts';
import { tell, useThreads } from '../shared.ts';
import { checkFolder, holdBack, openCatalogue, openLog, say, writePage, writeSaved, type LogOptions, type SplitOptions } from './files.ts';
import { recommenderPage } from './page.ts';
import { epochLine, figuresOf, figureTable, KS } from './show.ts';

export interface TrainOptions extends LogOptions, SplitOptions {
  readonly model: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly out: string;
  readonly refit?: boolean;
  readonly html?: string;
  readonly json: boolean;
  readonly threads?: number;
}

/** A model by name with the user's settings. @throws NameError for an unknown model; UsageError for a setting that it has not */
export function makeModel(name: string, settings: Readonly<Record<string, unknown>> = {}): Recommender {
  const model = recommenderNamed(name).make(settings), { options, settings: inner } = model as { options?: object; settings?: object }, known = options ?? inner;
  for (const key of Object.keys(settings)) if (!(key in (known ?? {})) && !(Object.hasOwn(model, key) && key !== 'kind')) throw new UsageError(`--set ${key}: the ${name} model has no such setting; it has ${Object.keys(known ?? model).filter((own) => own !== 'kind').join(', ') || 'none'}.`);
  return model;
}

export async function train(file: string, options: TrainOptions): Promise<void> {
  checkFolder(options.out, '--out');
  if (options.html !== undefined) checkWritable(options.html, '--html');
  const { epochs } = recommenderNamed(options.model), model = makeModel(options.model, options.set), refit = options.refit ?? !epochs;
  useThreads(options.threads);
  const interrupt = onInterrupt(tell);
  try {
    const log = await openLog(file, options, interrupt.signal), catalogue = await openCatalogue(file, options), held = holdBack(log, options), started = performance.now();
    const fit = async (on: typeof log, watched: boolean): Promise<FitReport> => model.fit(on, {
      seed: options.seed, signal: interrupt.signal, onEpoch: epochLine, ...(catalogue === undefined ? {} : { catalogue }), ...(watched && epochs && held.validation !== null ? { validation: held.validation } : {}),
    });
    tell(`Fitting ${options.model} on ${say(held.train.rows)} events …`);
    const report = await fit(held.train, true);
    let evaluation: Evaluation | null = null;
    if (held.test !== null) {
      tell(`Measuring on ${say(held.test.histories.length)} users, all ${say(model.items.size)} items ranked …`);
      evaluation = model.evaluate(held.test, { ks: KS, ...(catalogue === undefined ? {} : { catalogue }) });
    }
    const page = options.html === undefined || held.test === null || evaluation === null ? null : recommenderPage({ model, catalogue, set: held.test, evaluation, source: file, split: held.kind, seconds: report.seconds });
    const again = refit && held.train !== log;
    if (again) {
      tell('Fitting again on the whole log (--no-refit saves the measured model) …');
      await fit(log, false);
    }
    const seconds = (performance.now() - started) / 1000, result = {
      model: options.model, split: held.kind, rows: report.rows, users: report.users, items: report.items, testUsers: held.test?.histories.length ?? 0,
      ...(evaluation === null ? {} : evaluation.figures), ...(evaluation === null ? {} : { intervals: figuresOf(evaluation).intervals }),
      fitSeconds: report.seconds, seconds, refit: again, seed: options.seed, ...(report.epochs === undefined ? {} : { epochs: report.epochs }), ...(report.notes === undefined ? {} : { notes: report.notes }),
    };
    const path = await writeSaved(options.out, model, catalogue, result);
    if (options.json) console.log(JSON.stringify({ ...result, path }, null, 2));
    else {
      if (evaluation !== null) console.log(figureTable(evaluation));
      console.log(`${options.model}: fitted in ${report.seconds.toFixed(1)} s${again ? ', then again on the whole log' : ''}; ${path}`);
    }
    if (page !== null && options.html !== undefined) writePage(options.html, page);
    else if (options.html !== undefined) tell('No page was written: with --split none nothing is measured.');
  } catch (error) {
    if (interrupt.signal.aborted) throw new Interrupted('stopped; nothing was written.');
    throw error;
  } finally {
    interrupt.release();
  }
}
