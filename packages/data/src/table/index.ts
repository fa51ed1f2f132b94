/** Tables: typed columns from CSV, TSV, NDJSON and Parquet, in memory or streamed. */
export { MISSING_WORDS, type Cell } from './cell.ts';
export { COLUMN_TYPES, type CategoryColumn, type ColumnType, type NumericColumn, type TableColumn, type TextColumn } from './column.ts';
export type { FeatureOptions } from './features.ts';
export { openCsv, openNdjson, openParquet, openTable, openTsv } from './open.ts';
export type { ProblemKind, ReadProblem } from './problems.ts';
export type { Schema, SchemaColumn } from './schema.ts';
export { TableSource, type TableOptions } from './source.ts';
export { Table, type Fill, type TableArrays } from './table.ts';
export type { CsvOptions } from '../read/csv.ts';
export type { NdjsonOptions } from '../read/ndjson.ts';
export type { Input } from '../read/text.ts';
