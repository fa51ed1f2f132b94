/** `limelight recommend compare FILE`: several models on the same held-back users; each is compared with the best in pairs. */
import { compareEvaluations, type Comparison, type Evaluation } from '@limelight/recommend';
import pc from 'picocolors';
import { Interrupted, UsageError } from '../../errors.ts';
import { onInterrupt } from '../../interrupt.ts';
import { checkWritable } from '../../output.ts';
import { recommenderNamed } from '@limelight/recommend';
import { tell, useThreads } from '../shared.ts';
import { holdBack, openCatalogue, openLog, say, writePage, type LogOptions, type SplitOptions } from './files.ts';
import { comparisonPage } from './page.ts';
import { epochLine, KS, makeTable } from './show.ts';
import { makeModel } from './train.ts';

export interface CompareOptions extends LogOptions, SplitOptions { readonly models: readonly string[]; readonly metric: string; readonly html?: string; readonly json: boolean; readonly threads?: number }
export interface Compared { readonly model: string; readonly seconds: number; readonly evaluation: Evaluation; /** the best minus this one; null for the best */ behind: Comparison | null }

export async function compare(file: string, options: CompareOptions): Promise<void> {
  for (const name of options.models) recommenderNamed(name);
  if (new Set(options.models).size !== options.models.length) throw new UsageError('--models: a name stands there twice.');
  if (options.html !== undefined) checkWritable(options.html, '--html');
  useThreads(options.threads);
  const interrupt = onInterrupt(tell);
  try {
    const log = await openLog(file, options, interrupt.signal), catalogue = await openCatalogue(file, options), held = holdBack(log, options);
    if (held.test === null) throw new UsageError('--split none: nothing would be measured.');
    const done: Compared[] = [];
    for (const name of options.models) {
      tell(`${name} …`);
      const model = makeModel(name), { seconds } = await model.fit(held.train, {
        seed: options.seed, signal: interrupt.signal, onEpoch: epochLine, ...(catalogue === undefined ? {} : { catalogue }), ...(recommenderNamed(name).epochs && held.validation !== null ? { validation: held.validation } : {}),
      });
      const evaluation = model.evaluate(held.test, { ks: KS, ...(catalogue === undefined ? {} : { catalogue }) });
      evaluation.get(options.metric); // a wrong name is told after the first model
      done.push({ model: name, seconds, evaluation, behind: null });
    }
    done.sort((a, b) => b.evaluation.get(options.metric) - a.evaluation.get(options.metric));
    const best = done[0] as Compared;
    for (const one of done.slice(1)) one.behind = compareEvaluations(best.evaluation, one.evaluation, options.metric);
    if (options.json) console.log(JSON.stringify({ split: held.kind, users: best.evaluation.users, metric: options.metric, models: done.map(({ model, seconds, evaluation, behind }) => ({ model, seconds, ...evaluation.figures, interval: evaluation.interval(options.metric), behind })) }, null, 2));
    else {
      console.log(makeTable(['model', 'hr@10', 'ndcg@10', `95 % of ${options.metric}`, 'mrr', 'coverage', 'best ahead by', 's'], done.map(({ model, seconds, evaluation, behind }, i) => {
        const [low, high] = evaluation.interval(options.metric), cells = [model, evaluation.get('hr@10').toFixed(4), evaluation.get('ndcg@10').toFixed(4), `${low.toFixed(4)} – ${high.toFixed(4)}`, evaluation.get('mrr').toFixed(4), evaluation.get('coverage').toFixed(3), aheadBy(behind), seconds.toFixed(1)];
        return i === 0 ? cells.map((cell) => pc.green(cell)) : cells;
      }), [1, 2, 4, 5, 7]));
      console.log(`${say(best.evaluation.users)} users, split ${held.kind}; differences in pairs of the same users, with 95 % intervals.`);
    }
    if (options.html !== undefined) writePage(options.html, comparisonPage(done, options.metric, file, held.kind));
  } catch (error) {
    if (interrupt.signal.aborted) throw new Interrupted('stopped; nothing was written.');
    throw error;
  } finally {
    interrupt.release();
  }
}
export const aheadBy = (behind: Comparison | null): string => (behind === null ? '' : `${behind.difference.toFixed(4)} (${behind.interval[0].toFixed(4)} – ${behind.interval[1].toFixed(4)})${behind.isSure ? '' : ' not sure'}`);
