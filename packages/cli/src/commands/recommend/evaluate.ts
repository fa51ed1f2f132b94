/** `limelight recommend evaluate DIR`: figures of a saved model on sequences in files. */
import { checkWritable } from '../../output.ts';
import { tell, useThreads } from '../shared.ts';
import { openSaved, readSet, say, writePage } from './files.ts';
import { recommenderPage } from './page.ts';
import { figuresOf, figureTable, KS } from './show.ts';

export interface EvaluateSavedOptions { readonly history: string; readonly target: string; readonly filterSeen: boolean; readonly html?: string; readonly json: boolean; readonly threads?: number }

export async function evaluateSaved(dir: string, options: EvaluateSavedOptions): Promise<void> {
  if (options.html !== undefined) checkWritable(options.html, '--html');
  useThreads(options.threads);
  const { model, catalogue } = await openSaved(dir), set = readSet(options.history, options.target, model.items), started = performance.now();
  tell(`Measuring ${model.kind} on ${say(set.histories.length)} users, all ${say(model.items.size)} items ranked …`);
  const evaluation = model.evaluate(set, { ks: KS, filterSeen: options.filterSeen, ...(catalogue === undefined ? {} : { catalogue }) }), seconds = (performance.now() - started) / 1000;
  if (options.json) console.log(JSON.stringify({ model: model.kind, users: evaluation.users, ...evaluation.figures, intervals: figuresOf(evaluation).intervals, seconds }, null, 2));
  else {
    console.log(figureTable(evaluation));
    console.log(`${model.kind}: ${say(evaluation.users)} users in ${seconds.toFixed(1)} s`);
  }
  if (options.html !== undefined) writePage(options.html, recommenderPage({ model, catalogue, set, evaluation, source: options.history, split: 'files', seconds }));
}
