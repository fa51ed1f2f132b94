/** Which column of a file means what: by name where it was given, else guessed from the names that data sets use. */
import { DataError, NameError } from '@limelight/core';

/** A name as it is compared: without the type of RecBole (`user_id:token`), case, spaces and underscores. */
const plain = (name: string): string => name.replace(/:(token|float|token_seq|float_seq)$/, '').toLowerCase().replaceAll(/[\s_-]/g, '');

/**
 * The column that was named, or the first whose name is one of the guesses; undefined where there is none.
 * @throws NameError where a named column is not there
 */
export function findColumn(what: string, given: string | undefined, names: readonly string[], guesses: readonly string[]): string | undefined {
  if (given !== undefined) {
    const found = names.find((name) => name === given) ?? names.find((name) => plain(name) === plain(given));
    if (found === undefined) throw new NameError(`column for the ${what}`, given, names);
    return found;
  }
  for (const guess of guesses) {
    const found = names.find((name) => plain(name) === guess);
    if (found !== undefined) return found;
  }
  return undefined;
}
/** @throws DataError where nothing was found */
export function needColumn(file: string, what: string, given: string | undefined, names: readonly string[], guesses: readonly string[]): string {
  const found = findColumn(what, given, names, guesses);
  if (found === undefined) throw new DataError(`${file}: which column holds the ${what}? Its columns are ${names.join(', ')}. Name it: { ${what}: '${names[0] ?? '…'}' }.`);
  return found;
}
