/** Catalogues in files: .item (RecBole), movies.dat (MovieLens), .csv, .tsv, .ndjson, .parquet. */
import { DataError } from '@limelight/core';
import { Catalogue, type CatalogueItem } from './catalogue.ts';
import { findColumn, needColumn } from './columns.ts';
import { formatOf, openFile, type FileFormat } from './openFile.ts';

export interface ReadCatalogueOptions {
  /** default: by the file's ending */ readonly format?: FileFormat;
  /** names of columns; default: guessed */ readonly id?: string;
  readonly title?: string;
  readonly text?: string;
  /** columns with words of which an item may have several; default: genres and the like, by name */ readonly attributes?: readonly string[];
  /** between such words; default: a bar where there is one, else a space in .item files and a comma in others */ readonly separator?: string;
  /** columns with numbers; default: year, by name */ readonly numbers?: readonly string[];
  readonly franchise?: string;
  /** lowest age */ readonly age?: string;
  /** seconds since 1970, or dates */ readonly from?: string;
  readonly until?: string;
}

const ID = ['itemid', 'item', 'movieid', 'id', 'productid', 'contentid', 'titleid', 'asin'], TITLE = ['movietitle', 'title', 'name', 'itemname'], TEXT = ['description', 'overview', 'text', 'plot', 'summary', 'synopsis'];
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = { genre: ['genres', 'genre', 'class', 'categories', 'category'], tag: ['tags', 'keywords'], director: ['director', 'directors'], actor: ['actors', 'cast'], language: ['language', 'languages'], country: ['country', 'countries'] };

/** @throws DataError where the file, or a column of ids, is missing, or an id stands there twice */
export async function readCatalogue(path: string, options: ReadCatalogueOptions = {}): Promise<Catalogue> {
  const format = options.format ?? formatOf(path), open = (types: Record<string, 'text'>) => openFile(path, format, ['id', 'title', 'genres'], { types, strict: false });
  const schema = await open({}).schema(), names = schema.columns.map(({ name }) => name), typeOf = (name: string | undefined): string | undefined => schema.columns.find((column) => column.name === name)?.type;
  const id = needColumn(path, 'id', options.id, names, ID), title = findColumn('title', options.title, names, TITLE), text = findColumn('text', options.text, names, TEXT);
  const attributes = new Map<string, string>();
  for (const given of options.attributes ?? []) attributes.set(given, needColumn(path, 'attribute', given, names, []));
  if (options.attributes === undefined) for (const [key, guesses] of Object.entries(ATTRIBUTES)) { const found = findColumn(key, undefined, names, guesses); if (found !== undefined) attributes.set(key, found); }
  const numbers = new Map<string, string>();
  for (const given of options.numbers ?? []) numbers.set(given, needColumn(path, 'number', given, names, []));
  const year = options.numbers === undefined ? findColumn('year', undefined, names, ['releaseyear', 'year']) : undefined;
  if (year !== undefined) numbers.set('year', year);
  const franchise = findColumn('franchise', options.franchise, names, ['franchise', 'series', 'collection']), age = findColumn('age', options.age, names, ['agerating', 'minage', 'age']);
  const from = findColumn('from', options.from, names, ['availablefrom', 'licencefrom', 'licensefrom']), until = findColumn('until', options.until, names, ['availableuntil', 'licenceuntil', 'licenseuntil', 'expires']);
  // Ids and words are texts, whatever they look like.
  const types: Record<string, 'text'> = { [id]: 'text' };
  for (const name of [title, text, franchise, ...attributes.values()]) if (name !== undefined) types[name] = 'text';
  const items: CatalogueItem[] = [];
  for await (const part of open(types).parts()) {
    for (let r = 0; r < part.rows; r++) {
      const row = part.row(r), word = (name: string | undefined): string | undefined => { const value = name === undefined ? null : row[name]; return value === null || value === undefined || value === '' ? undefined : String(value); };
      const own = word(id);
      if (own === undefined) throw new DataError(`${path}: row ${items.length + 1} has no id.`);
      const time = (name: string | undefined): number | undefined => { const value = word(name); return value === undefined ? undefined : typeOf(name) === 'date' ? Date.parse(value) / 1000 : Number(value); };
      const words: Record<string, string[]> = {}, figures: Record<string, number> = {};
      for (const [key, name] of attributes) { const all = split(word(name), options.separator, format); if (all.length > 0) words[key] = all; }
      for (const [key, name] of numbers) { const value = Number(word(name)); if (Number.isFinite(value)) figures[key] = value; }
      const lowest = word(age), made: Record<string, unknown> = { id: own, title: word(title), text: word(text), attributes: words, numbers: figures, franchise: word(franchise), age: lowest === undefined ? undefined : Number(lowest), from: time(from), until: time(until) };
      items.push(Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as unknown as CatalogueItem);
    }
  }
  return new Catalogue(items);
}

function split(text: string | undefined, separator: string | undefined, format: FileFormat | undefined): string[] {
  if (text === undefined) return [];
  if (text.startsWith('[') && text.endsWith(']')) { // a list of NDJSON or Parquet
    try { return (JSON.parse(text) as unknown[]).map(String); } catch { /* a text in brackets */ }
  }
  return text.split(separator ?? (text.includes('|') ? '|' : format === 'inter' ? ' ' : ',')).map((word) => word.trim()).filter((word) => word !== '');
}
