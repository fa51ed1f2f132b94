/** NDJSON (JSON Lines): one object per line. Nested values become their JSON text; keys may come and go. */
import { FormatError } from '@limelight/core';
import type { Cell } from '../table/cell.ts';
import { textPieces, type Input } from './text.ts';
import type { RowReader } from './reader.ts';

export interface NdjsonOptions {
  /** of the bytes; default UTF-8 */
  readonly encoding?: string;
}

const LONGEST = 1 << 26;
const FIX = 'Each line must hold one object, as {"a": 1, "b": "x"}. Mend it, or read with { strict: false } to leave such lines out.';

const cellOf = (value: unknown): Cell => (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value));

export function ndjsonReader(input: Input, options: NdjsonOptions = {}): RowReader {
  return async function* read(sink, log) {
    const places = new Map<string, number>(), names: string[] = [];
    let rest = '', line = 0;

    const take = (text: string): void => {
      line++;
      if (text.trim() === '') return;
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch (error) {
        log.add('broken line', line, `this is no JSON (${(error as Error).message.replaceAll(/\s+/g, ' ').slice(0, 120)}).`, FIX);
        return;
      }
      if (value === null || typeof value !== 'object' || Array.isArray(value)) {
        log.add('broken line', line, `this is ${value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`}, not an object.`, FIX);
        return;
      }
      let more = false;
      for (const key of Object.keys(value)) {
        if (places.has(key)) continue;
        places.set(key, names.length);
        names.push(key);
        more = true;
      }
      if (more) sink.header([...names]);
      const cells = new Array<Cell>(names.length).fill(null);
      for (const [key, cell] of Object.entries(value)) cells[places.get(key) ?? 0] = cellOf(cell);
      sink.row(cells, line);
    };

    for await (const piece of textPieces(input, options.encoding)) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) take(text);
      if (rest.length > LONGEST) throw new FormatError(`${log.file}, line ${line + 1}: this line is longer than ${LONGEST >> 20} million characters. NDJSON has one object per line; a JSON list is not NDJSON.`);
      yield;
    }
    if (rest !== '') take(rest);
    yield;
  };
}
