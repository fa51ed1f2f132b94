/**
 * CSV and TSV (RFC 4180): quotes, also across lines, any of , ; tab | between cells, any line end. The parsing is Papa Parse's; here the file is
 * cut into pieces so that it streams, and lines are counted.
 *
 * A piece ends somewhere within a row. Papa parses it with what was left of the piece before, and its last row is held back until the next.
 */
import { FormatError } from '@limelight/core';
import { textPieces, type Input } from './text.ts';
import { uniqueNames, type RowReader } from './reader.ts';

export interface CsvOptions {
  /** between cells; default: found (comma, semicolon, tab or bar) */
  readonly delimiter?: string;
  /** true (default): the first row holds names; false: columns are called 'column 1', …; or the names, where the file has none */
  readonly header?: boolean | readonly string[];
  /** around cells; default " */
  readonly quote?: string;
  /** lines that begin with it are left out; default none */
  readonly comments?: string;
  /** of the bytes; default UTF-8, or UTF-16 where a byte order mark says so */
  readonly encoding?: string;
}

/** The longest row, in characters: more means a quote that is never closed. */
const LONGEST = 1 << 24;
/** Characters from which delimiter and line end are guessed. */
const GUESS = 1 << 16;

type Papa = typeof import('papaparse');

const countLines = (text: string, from: number, to: number): number => {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
};

export function csvReader(input: Input, options: CsvOptions = {}): RowReader {
  return async function* read(sink, log) {
    const { default: papa } = await import('papaparse') as { default: Papa };
    let rest = '', line = 1, names: string[] | null = null, delimiter = options.delimiter, newline: '\r\n' | '\n' | '\r' | undefined;

    const take = (cells: string[], from: number): void => {
      if (cells.length === 1 && (cells[0] ?? '').trim() === '') return; // an empty line
      if (names === null) {
        if (options.header === undefined || options.header === true) {
          names = uniqueNames(cells, log, from);
          sink.header(names);
          return;
        }
        names = options.header === false ? cells.map((_, i) => `column ${i + 1}`) : [...options.header];
        sink.header(names);
      }
      if (cells.length !== names.length) {
        const nearby = cells.length > names.length ? 'Does a cell hold the delimiter without quotes?' : 'Is a line cut short?';
        log.add('ragged row', from, `this row has ${cells.length} cells, the header has ${names.length}.`, `${nearby} Mend the file, or read it with { strict: false }: short rows are filled with missing values, long ones cut.`);
        cells.length = names.length; // short rows get holes, which count as missing
      }
      sink.row(cells, from);
    };

    /** Rows of `text`; where it is not the end, the last row is left in `rest`. */
    const parse = (text: string, isEnd: boolean): boolean => {
      if (delimiter === undefined || newline === undefined) ({ delimiter, newline } = guess(papa, text, delimiter));
      let held: string[] | null = null, heldFrom = line, start = 0, end = 0, got = false;
      papa.parse<string[]>(text, {
        delimiter, newline, quoteChar: options.quote ?? '"', comments: options.comments ?? false,
        step: ({ data, meta, errors }) => {
          if (held !== null) { take(held, heldFrom); got = true; }
          start = end;
          end = meta.cursor;
          heldFrom = line;
          line += newline === '\r' ? 1 : countLines(text, start, end);
          held = data;
          const broken = errors.find((error) => error.type === 'Quotes');
          if (broken !== undefined && isEnd) log.add('broken line', heldFrom, `a quote is ${broken.code === 'MissingQuotes' ? 'opened and never closed' : 'followed by other characters'}.`, 'Double the quotes within quoted cells, or give { quote }.');
        },
      });
      if (isEnd) {
        if (held !== null) take(held, heldFrom);
        rest = '';
      } else {
        line = heldFrom;
        rest = text.slice(start);
      }
      return got;
    };

    const pieces: string[] = [];
    let waiting = 0;
    for await (const piece of textPieces(input, options.encoding)) {
      pieces.push(piece);
      waiting += piece.length;
      // Some lines to guess the delimiter from; and where a row is longer than a piece, twice as much, so that nothing is parsed many times.
      if (waiting < Math.max(rest.length, newline === undefined ? GUESS : 0)) continue;
      const text = rest + pieces.splice(0).join('');
      waiting = 0;
      if (!parse(text, false) && rest.length > LONGEST) {
        throw new FormatError(`${log.file}, line ${line}: this row is longer than ${LONGEST >> 20} million characters. Most likely a quote is opened and never closed.`);
      }
      yield;
    }
    parse(rest + pieces.join(''), true);
    yield;
  };
}

function guess(papa: Papa, text: string, delimiter: string | undefined): { delimiter: string; newline: '\r\n' | '\n' | '\r' } {
  const { meta } = papa.parse<string[]>(text.slice(0, GUESS), { preview: 20, skipEmptyLines: true, delimitersToGuess: [',', '\t', ';', '|'], ...(delimiter === undefined ? {} : { delimiter }) });
  const newline = meta.linebreak === '\r\n' || meta.linebreak === '\r' ? meta.linebreak : '\n';
  // A single column has no delimiter to find.
  return { delimiter: delimiter ?? (meta.delimiter === '' ? ',' : meta.delimiter), newline };
}
