/**
 * One cell of a table as files give it, and what its text means: missing, a number, a truth value, a date. Words for missing values follow pandas.
 */

/** A value as a reader gives it. CSV gives strings; NDJSON and Parquet give values of their own. Missing is null or undefined. */
export type Cell = string | number | boolean | bigint | Date | null | undefined;

/** Texts that mean "no value", besides empty and blank ones. */
export const MISSING_WORDS: readonly string[] = ['#N/A', '<NA>', 'N/A', 'n/a', 'NA', 'NaN', 'nan', 'None', 'NULL', 'null'];

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** The number that a text writes (decimal, with an exponent, ±Infinity); undefined where it is none. Hexadecimal and thousands marks are none. */
export function parseNumber(text: string): number | undefined {
  const word = text.trim();
  if (NUMBER.test(word)) return Number(word);
  return /^[+-]?(?:inf|infinity)$/i.test(word) ? (word.startsWith('-') ? -Infinity : Infinity) : undefined;
}
/** true and false in any case. */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}
/** Milliseconds since 1970 of an ISO 8601 date (a date alone and one with Z or an offset; without an offset it counts as UTC). */
export function parseDate(text: string): number | undefined {
  const word = text.trim();
  if (!DATE.test(word)) return undefined;
  const zoned = word.length === 10 || /(?:Z|[+-]\d{2}:?\d{2})$/.test(word) ? word : `${word}Z`;
  const time = Date.parse(zoned.replace(' ', 'T'));
  return Number.isNaN(time) ? undefined : time;
}
/** 007 and 0042 are names, not numbers: reading them as numbers would lose the zeros. */
export const hasLeadingZero = (text: string): boolean => /^\s*[+-]?0\d/.test(text);
