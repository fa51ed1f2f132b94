/** A file of rows as a source of tables, by its ending: RecBole's .inter and .item, MovieLens's .dat, and what @limelight/data reads. */
import { ValueError } from '@limelight/core';
import { openCsv, openNdjson, openParquet, openTable, openTsv, type TableOptions, type TableSource } from '@limelight/data';

export type FileFormat = 'csv' | 'tsv' | 'inter' | 'dat' | 'ndjson' | 'parquet';

/** What stands for a quote where a format has none: no text holds it. */
const NO_QUOTE = '\u0001';
const ENDINGS: Readonly<Record<string, FileFormat>> = { inter: 'inter', item: 'inter', user: 'inter', dat: 'dat', csv: 'csv', tsv: 'tsv', tab: 'tsv', ndjson: 'ndjson', jsonl: 'ndjson', parquet: 'parquet' };

export function formatOf(path: string): FileFormat | undefined {
  const name = path.toLowerCase().replace(/\.gz$/, '');
  return ENDINGS[name.slice(name.lastIndexOf('.') + 1)];
}

/** @param names columns of a .dat file, which has no header */
export function openFile(path: string, format: FileFormat | undefined, names: readonly string[], options: TableOptions): TableSource {
  const kind = format ?? formatOf(path);
  switch (kind) {
    case 'inter': return openTsv(path, { ...options, quote: NO_QUOTE });
    case 'dat': return openCsv(path, { ...options, delimiter: '::', quote: NO_QUOTE, header: names, encoding: 'latin1' });
    case 'csv': return openCsv(path, options);
    case 'tsv': return openTsv(path, options);
    case 'ndjson': return openNdjson(path, options);
    case 'parquet': return openParquet(path, options);
    case undefined: return openTable(path, options);
    default: throw new ValueError(`'${String(kind)}' is no format of files; there are csv, tsv, inter, dat, ndjson, parquet.`);
  }
}
