/** Files of the recommendation commands: logs, catalogues, saved models with what belongs to them, and what is held back to measure on. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  Catalogue, Interactions, leaveLastOut, loadRecommender, readCatalogue, readLog, readSequences, setFromSequences, splitByTime, type CatalogueItem, type EvaluationSet, type Recommender,
} from '@limelight/recommend';
import { downloads, findDataset } from '@limelight/data';
import { UsageError } from '../../errors.ts';
import { tell } from '../shared.ts';

export interface LogOptions { readonly sequences: boolean; readonly userColumn?: string; readonly itemColumn?: string; readonly timeColumn?: string; readonly drop: boolean; readonly catalogue?: string }
export interface SplitOptions { readonly split?: 'time' | 'leave-last-out' | 'none'; readonly history?: string; readonly target?: string; readonly seed: number }

/** A log: a file, or the name of a data set that `limelight data get` has fetched. */
export async function openLog(file: string, options: LogOptions, signal?: AbortSignal): Promise<Interactions> {
  const path = fetchedUnder(file)?.log ?? file;
  if (!existsSync(path)) throw new UsageError(downloads.some(({ name }) => name === file) ? `${file} is not on this machine: limelight data get ${file}` : `There is no file ${path}.`);
  if (statSync(path).isDirectory()) throw new UsageError(`${path} is a folder; give the file with the log.`);
  const { userColumn: user, itemColumn: item, timeColumn: time } = options, problems: string[] = [];
  const log = options.sequences || path.endsWith('.txt') ? Interactions.fromSequences(readSequences(path)) : await readLog(path, {
    problems, ...(user === undefined ? {} : { user }), ...(item === undefined ? {} : { item }), ...(time === undefined ? {} : { time }), ...(options.drop ? { missing: 'drop' } : {}), ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => { throw error instanceof Error && error.message.includes("{ missing: 'drop' }") ? new UsageError(error.message.replace("{ missing: 'drop' }", '--drop')) : error; });
  for (const problem of problems) tell(`${path}: ${problem}`);
  tell(`${path}: ${say(log.rows)} events of ${say(log.users.size)} users on ${say(log.items.size)} items`);
  return log;
}
/** The catalogue that was named, or that of the data set. */
export async function openCatalogue(file: string, options: { readonly catalogue?: string }): Promise<Catalogue | undefined> {
  const path = options.catalogue ?? fetchedUnder(file)?.catalogue;
  return path === undefined ? undefined : readCatalogue(path);
}
const fetchedUnder = (name: string) => (!existsSync(name) && downloads.some((one) => one.name === name) ? findDataset(name) : undefined);

/** What trains and what is measured on. */
export interface Held {
  readonly kind: 'time' | 'leave-last-out' | 'none' | 'files';
  readonly train: Interactions;
  /** looked at while a model trains */ readonly validation: EvaluationSet | null;
  readonly test: EvaluationSet | null;
}
/** Users that a model which trains in epochs is measured on after each: more would cost more time than they tell. */
const WATCHED = 512;

export function holdBack(log: Interactions, options: SplitOptions): Held {
  const { history, target } = options;
  if ((history === undefined) !== (target === undefined)) throw new UsageError('--history and --target belong together: give both files.');
  if (history !== undefined && target !== undefined) {
    if (options.split !== undefined && options.split !== 'none') throw new UsageError(`--split ${options.split} holds something back from the log, --history and --target measure on other files; give one of the two.`);
    const set = readSet(history, target, log.items);
    return { kind: 'files', train: log, validation: few(set), test: { ...set, counts: countsFor(log.counts, set) } };
  }
  const kind = options.split ?? (log.timed ? 'time' : 'leave-last-out');
  if (options.split === undefined && !log.timed) tell('The log has no times, so each user\'s last item is held back (--split leave-last-out).');
  if (kind === 'none') return { kind, train: log, validation: null, test: null };
  if (kind === 'time' && !log.timed) throw new UsageError('--split time: the log has no times. Name their column with --time-column, or use --split leave-last-out.');
  const { train, validation, test } = kind === 'time' ? splitByTime(log) : leaveLastOut(log);
  return { kind, train, validation: validation === null ? null : few(validation), test };
}
/** Evenly spread users, so that the choice needs no random numbers. */
function few(set: EvaluationSet): EvaluationSet {
  const n = set.histories.length;
  if (n <= WATCHED) return set;
  const pick = <T>(list: readonly T[]): T[] => Array.from({ length: WATCHED }, (_, i) => list[Math.floor((i * n) / WATCHED)] as T);
  return { ...set, histories: pick(set.histories), targets: pick(set.targets), ...(set.seen === undefined ? {} : { seen: pick(set.seen) }) };
}
const countsFor = (counts: Int32Array, set: EvaluationSet): Int32Array => { const all = new Int32Array(set.items.size); all.set(counts); return all; };

export function readSet(history: string, target: string, items: Interactions['items']): EvaluationSet {
  for (const [option, path] of [['--history', history], ['--target', target]] as const) if (!existsSync(path)) throw new UsageError(`${option}: there is no file ${path}.`);
  const set = setFromSequences(readSequences(history), readSequences(target), items);
  if (set.items.size > items.size) tell(`${say(set.items.size - items.size)} ids in ${history} and ${target} are not in the model: in histories they are left out, as targets they count as misses.`);
  return set;
}

/** A saved model: `model.safetensors`, `report.json` and, where there was one, `catalogue.json` in one folder. */
export interface Saved { readonly model: Recommender; readonly catalogue: Catalogue | undefined; readonly path: string }
export const modelPath = (dir: string): string => join(dir, 'model.safetensors');

export async function openSaved(dir: string): Promise<Saved> {
  const isFolder = existsSync(dir) && statSync(dir).isDirectory(), path = isFolder ? modelPath(dir) : dir;
  if (!existsSync(path)) throw new UsageError(isFolder ? `${dir} holds no model.safetensors; give the folder that limelight recommend train wrote (--out).` : `There is no folder ${dir}; give the one that limelight recommend train wrote (--out).`);
  const beside = join(dirname(path), 'catalogue.json');
  return { path, model: await loadRecommender(path), catalogue: existsSync(beside) ? new Catalogue(JSON.parse(readFileSync(beside, 'utf8')) as CatalogueItem[]) : undefined };
}
export async function writeSaved(dir: string, model: Recommender, catalogue: Catalogue | undefined, report: unknown): Promise<string> {
  mkdirSync(dir, { recursive: true });
  await model.save(modelPath(dir));
  if (catalogue !== undefined) writeFileSync(join(dir, 'catalogue.json'), JSON.stringify([...catalogue]));
  writeFileSync(join(dir, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  return modelPath(dir);
}
/** Refuses a place for a folder where there is a file. */
export function checkFolder(path: string, option: string): void {
  if (existsSync(path) && !statSync(path).isDirectory()) throw new UsageError(`${option} ${path}: this is a file; give a folder.`);
}
export const writePage = (path: string, page: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, page);
  tell(`Page: ${path}`);
};

export const say = (n: number): string => n.toLocaleString('en-US');
