/** `limelight recommend explain DIR ITEM`: how much each event of a history speaks for or against an item, and where the item stands. */
import { ranksOf } from '@limelight/recommend';
import { UsageError } from '../../errors.ts';
import { whoOf, type WhoOptions } from './ask.ts';
import { openSaved, say } from './files.ts';
import { makeTable } from './show.ts';

export interface ExplainItemOptions extends WhoOptions { readonly json: boolean }

export async function explainItem(dir: string, id: string, options: ExplainItemOptions): Promise<void> {
  const { model, catalogue } = await openSaved(dir), item = model.items.index(id), title = (one: string): string => catalogue?.title(one) ?? one;
  if (item < 0) throw new UsageError(`The model does not know the item '${id}'.`);
  const history = model.historyOf(whoOf(model, options));
  if (history.items.length === 0) throw new UsageError('The history has no item that the model knows, so there is nothing to explain by: such a user gets what is popular.');
  const scores = new Float32Array(model.items.size);
  model.score([history], scores);
  const rank = ranksOf(scores, Int32Array.of(item))[0] ?? 0, parts = model.contributions(history, item).map(({ index, weight }) => ({ event: index + 1, item: model.items.id(history.items[index] as number), weight })).sort((a, b) => b.weight - a.weight);
  if (options.json) { console.log(JSON.stringify({ model: model.kind, item: id, title: title(id), score: scores[item], rank, of: model.items.size, contributions: parts }, null, 2)); return; }
  console.log(`${title(id)}: score ${(scores[item] as number).toPrecision(4)}, place ${say(rank)} of ${say(model.items.size)}`);
  const shown = parts.length <= 16 ? parts : [...parts.slice(0, 10), ...parts.slice(-5)];
  console.log(makeTable(['event', 'item', ...(catalogue === undefined ? [] : ['title']), 'speaks for it with'], shown.map((one) => [String(one.event), one.item, ...(catalogue === undefined ? [] : [title(one.item)]), one.weight.toPrecision(3)]), [0, catalogue === undefined ? 2 : 3]));
  if (shown.length < parts.length) console.log(`The 10 strongest and the 5 weakest of ${say(parts.length)} events; --json has all.`);
}
