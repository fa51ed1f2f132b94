/** Rules of a business on the command line: which items may be shown, and what a list as a whole must hold to. The same words as in a request over HTTP. */
import { existsSync, readFileSync } from 'node:fs';
import type { Catalogue, Recommender, Request, Rules } from '@limelight/recommend';
import { UsageError } from '../../errors.ts';
import { tell } from '../shared.ts';

export interface RuleOptions { readonly allow?: readonly string[]; readonly deny?: readonly string[]; readonly rules?: string; readonly filterSeen: boolean }

const NUMBERS = ['age', 'maxPerFranchise', 'diversity', 'exploration', 'seed'], NAMES = ['now', ...NUMBERS];

/**
 * What the options ask of a list. With a catalogue, licence windows always count, as when the model is served.
 * @throws UsageError for a file that is missing, a rule that there is not, or one that needs a catalogue where the model has none
 */
export function rulesOf({ allow, deny, rules, filterSeen }: RuleOptions, model: Recommender, catalogue: Catalogue | undefined): Pick<Request, 'allow' | 'deny' | 'filterSeen' | 'rules'> {
  const own = rules === undefined ? {} : readRules(rules), needy = (['now', 'age', 'maxPerFranchise', 'diversity'] as const).find((name) => own[name] !== undefined && own[name] !== false);
  if (catalogue === undefined && needy !== undefined) throw new UsageError(`--rules: '${needy}' needs what a catalogue says of the items; train with --catalogue.`);
  return {
    filterSeen, ...(allow === undefined ? {} : { allow: idsOf(allow, '--allow', model) }), ...(deny === undefined ? {} : { deny: idsOf(deny, '--deny', model) }),
    rules: { ...own, ...(catalogue === undefined ? {} : { catalogue }) },
  };
}

/** Ids as they were given, or one a line in a file: @FILE. */
function idsOf(given: readonly string[], option: string, model: Recommender): readonly string[] {
  const ids = given.flatMap((word) => (word.startsWith('@') ? readText(word.slice(1), option).split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '') : [word]));
  const unknown = ids.filter((id) => model.items.index(id) < 0);
  if (unknown.length > 0) tell(`${option}: the model does not know ${unknown.slice(0, 5).map((id) => `'${id}'`).join(', ')}${unknown.length > 5 ? ` and ${unknown.length - 5} more` : ''}.`);
  return ids;
}

function readRules(given: string): Omit<Rules, 'catalogue'> {
  const text = given.trimStart().startsWith('{') ? given : readText(given, '--rules');
  let read: unknown;
  try { read = JSON.parse(text); } catch (error) { throw new UsageError(`--rules ${given}: this is no JSON (${(error as Error).message}).`); }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw new UsageError(`--rules: give an object, for example {"maxPerFranchise": 1}.`);
  for (const [name, value] of Object.entries(read)) {
    if (!NAMES.includes(name)) throw new UsageError(`--rules: there is no rule '${name}'; there are ${NAMES.join(', ')}.`);
    if (typeof value !== 'number' && !(name === 'now' && value === false)) throw new UsageError(`--rules: '${name}' must be a number${name === 'now' ? ' of seconds since 1970, or false' : ''}, not ${JSON.stringify(value)}.`);
  }
  return read;
}
function readText(path: string, option: string): string {
  if (!existsSync(path)) throw new UsageError(`${option}: there is no file ${path}.`);
  return readFileSync(path, 'utf8');
}
