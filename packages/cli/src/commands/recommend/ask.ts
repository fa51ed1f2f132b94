/** `limelight recommend recommend DIR`: a list for a user of the log, or for any history, within the rules of a business. */
import type { Recommender } from '@limelight/recommend';
import { UsageError } from '../../errors.ts';
import { tell } from '../shared.ts';
import { openSaved } from './files.ts';
import { rulesOf, type RuleOptions } from './rules.ts';
import { listTable } from './show.ts';

export interface WhoOptions { readonly user?: string; readonly history?: readonly string[] }
export interface AskOptions extends WhoOptions, RuleOptions { readonly k: number; readonly reasons: number; readonly json: boolean }

/** The request for a user or a history; ids that the model does not know are told, not refused: they are cold starts. */
export function whoOf(model: Recommender, { user, history }: WhoOptions): { user: string } | { history: readonly string[] } {
  if ((user === undefined) === (history === undefined)) throw new UsageError('give --user or --history.');
  if (user !== undefined) {
    if (model.users.index(user) < 0) tell(`The model does not know the user '${user}': the list is what is popular.`);
    return { user };
  }
  const unknown = (history ?? []).filter((id) => model.items.index(id) < 0);
  if (unknown.length > 0) tell(`The model does not know ${unknown.map((id) => `'${id}'`).join(', ')}: left out.`);
  return { history: history ?? [] };
}

export async function ask(dir: string, options: AskOptions): Promise<void> {
  const { model, catalogue } = await openSaved(dir), list = model.recommend({ ...whoOf(model, options), ...rulesOf(options, model, catalogue), k: options.k, reasons: options.reasons });
  if (options.json) console.log(JSON.stringify({ model: model.kind, items: catalogue === undefined ? list : list.map((one) => ({ ...one, title: catalogue.title(one.item) })) }, null, 2));
  else {
    console.log(listTable(list, catalogue));
    if (list.some(({ explored }) => explored === true)) console.log('* is there to explore');
    if (list.length < options.k) tell(`${list.length} of ${options.k}: no more are left that may be shown.`);
  }
}
