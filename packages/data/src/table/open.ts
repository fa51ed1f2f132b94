/** Opens tables in files: nothing is read before it is asked for. */
import { ValueError } from '@limelight/core';
import { csvReader, type CsvOptions } from '../read/csv.ts';
import { ndjsonReader, type NdjsonOptions } from '../read/ndjson.ts';
import { parquetReader } from '../read/parquet.ts';
import type { Input } from '../read/text.ts';
import { TableSource, type TableOptions } from './source.ts';

/** A CSV file, plain or .gz: `const homes = await openCsv('homes.csv').read()`. */
export const openCsv = (input: Input, options: TableOptions & CsvOptions = {}): TableSource => new TableSource(input, csvReader(input, options), options);
/** A file with tabs between cells. */
export const openTsv = (input: Input, options: TableOptions & CsvOptions = {}): TableSource => openCsv(input, { delimiter: '\t', ...options });
/** A file with one JSON object per line, plain or .gz. */
export const openNdjson = (input: Input, options: TableOptions & NdjsonOptions = {}): TableSource => new TableSource(input, ndjsonReader(input, options), options);
/** A Parquet file, in any of its compressions. */
export const openParquet = (input: string | URL | Uint8Array, options: TableOptions = {}): TableSource => new TableSource(input, parquetReader(input), options);

const BY_ENDING: Readonly<Record<string, (path: string | URL, options: TableOptions) => TableSource>> = {
  csv: openCsv, txt: openCsv, data: openCsv, tsv: openTsv, tab: openTsv, ndjson: openNdjson, jsonl: openNdjson, parquet: openParquet,
};

/**
 * A table by the ending of its file: .csv, .txt, .data, .tsv, .tab, .ndjson, .jsonl (each also with .gz), .parquet.
 * @throws ValueError for other endings
 */
export function openTable(path: string | URL, options: TableOptions = {}): TableSource {
  const name = String(path).toLowerCase().replace(/\.gz$/, ''), open = BY_ENDING[name.slice(name.lastIndexOf('.') + 1)];
  if (open === undefined) throw new ValueError(`'${String(path)}' has an ending that says nothing of its kind; known are ${Object.keys(BY_ENDING).map((ending) => `.${ending}`).join(', ')}. Use openCsv, openTsv, openNdjson or openParquet.`);
  return open(path, options);
}
