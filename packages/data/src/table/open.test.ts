import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { DataError, FormatError, NameError, ValueError } from '@limelight/core';
import { openCsv, openNdjson, openParquet, openTable, openTsv } from './open.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-data-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;
const file = (content: string | Uint8Array, ending = 'csv'): string => { const path = join(folder, `${made++}.${ending}`); writeFileSync(path, content); return path; };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** The text in pieces of so many bytes. */
async function* cut(text: string, size: number): AsyncGenerator<Uint8Array> { const all = bytes(text); for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size); }

const HOMES = 'city,rooms,price,sold,built,note\nOslo,3,1.5e5,true,2001-05-06,"near, the ""fjord"""\nRome,2,98000.5,false,1990-01-01,"two\nlines"\nOslo,,120000,true,NA,\n';

describe('openCsv', () => {
  it('finds types, reads quotes, commas and line ends within cells, and missing values', async () => {
    const table = await openCsv(file(HOMES)).read();
    expect(table.columns.map((c) => `${c.name} ${c.type}`)).toEqual(['city category', 'rooms integer', 'price number', 'sold boolean', 'built date', 'note text']);
    expect(table.row(0)).toEqual({ city: 'Oslo', rooms: 3, price: 150000, sold: true, built: '2001-05-06T00:00:00.000Z', note: 'near, the "fjord"' });
    expect(table.row(1)['note']).toBe('two\nlines');
    expect(table.row(2)).toEqual({ city: 'Oslo', rooms: null, price: 120000, sold: true, built: null, note: null });
  });

  it.each([1, 2, 3, 5, 7, 64])('gives the same rows from a stream in pieces of %d bytes', async (size) => {
    const text = `\uFEFF${HOMES}Zürich,4,1,false,2000-01-01,"ends with a quote """\n`;
    const path = file(text), whole = await openCsv(path).read();
    expect(whole.rows).toBe(4);
    // A stream is read once only, so it gets the schema of the file.
    const pieces = await openCsv(cut(text, size), { schema: whole.schema }).read();
    expect(pieces.head(9)).toEqual(whole.head(9));
  });

  it.each([
    ['carriage returns', 'a,b\r\n1,x\r\n2,"y\r\nz"\r\n'], ['semicolons', 'a;b\n1;x\n2;"y\r\nz"\n'], ['bars and no end of line at the end', 'a|b\n1|x\n2|"y\r\nz"'], ['a byte order mark', '\uFEFFa,b\n1,x\n2,"y\r\nz"\n'], ['empty lines', 'a,b\n\n1,x\n2,"y\r\nz"\n\n\n'],
  ])('reads %s', async (_kind, text) => {
    expect((await openCsv(bytes(text)).read()).head()).toEqual([{ a: 1, b: 'x' }, { a: 2, b: 'y\r\nz' }]);
  });

  it('reads UTF-16 with a mark, Latin-1 when told, and gzip', async () => {
    expect((await openCsv(file(Buffer.from('\uFEFFa,b\n1,ü\n', 'utf16le'))).read()).head()).toEqual([{ a: 1, b: 'ü' }]);
    const latin = file(Buffer.from('a,b\n1,ü\n', 'latin1'));
    await expect(openCsv(latin).read()).rejects.toThrow(/is not utf-8 text\. Give its encoding, for example \{ encoding: 'latin1' \}/);
    expect((await openCsv(latin, { encoding: 'latin1' }).read()).head()).toEqual([{ a: 1, b: 'ü' }]);
    expect((await openTable(file(gzipSync(HOMES), 'csv.gz')).read()).rows).toBe(3);
    await expect(openTable(file(gzipSync(HOMES).subarray(0, 40), 'csv.gz')).read()).rejects.toThrow(/Cannot read .*csv\.gz: unexpected end of file/);
  });

  it('keeps zeros in front: such numbers are names', async () => {
    expect((await openCsv(bytes('zip,n\n01234,1\n99999,2\n')).read()).column('zip')).toMatchObject({ type: 'category', categories: ['01234', '99999'] });
  });

  it('names columns that have none or share a name', async () => {
    const table = await openCsv(bytes('a,,a\n1,2,3\n')).read();
    expect([table.names, table.problems]).toEqual([['a', 'column 2', 'a 2'], [{ kind: 'header', count: 2, examples: ["line 1: column 2 has no name; it is called 'column 2'", "line 1: there are two columns 'a'; the second is called 'a 2'"] }]]);
    expect((await openCsv(bytes('1,2\n3,4\n'), { header: false }).read()).head()).toEqual([{ 'column 1': 1, 'column 2': 2 }, { 'column 1': 3, 'column 2': 4 }]);
    expect((await openCsv(bytes('1,2\n'), { header: ['a', 'b'] }).read()).names).toEqual(['a', 'b']);
  });
});

describe('bad input', () => {
  it('names the line of a ragged row, or fills and cuts it', async () => {
    const path = file('a,b,c\n1,2,3\n"x\ny",5,6\n4,5\n1,2,3,4\n');
    await expect(openCsv(path).read()).rejects.toThrow(/\.csv, line 5: this row has 2 cells, the header has 3\. Is a line cut short\?/);
    const table = await openCsv(path, { strict: false, types: { a: 'text' } }).read();
    expect(table.head()).toEqual([{ a: '1', b: 2, c: 3 }, { a: 'x\ny', b: 5, c: 6 }, { a: '4', b: 5, c: null }, { a: '1', b: 2, c: 3 }]);
    expect(table.problems).toEqual([{ kind: 'ragged row', count: 2, examples: ['line 5: this row has 2 cells, the header has 3.', 'line 6: this row has 4 cells, the header has 3.'] }]);
  });

  it('names the cell of another type, and says three ways out', async () => {
    const path = file(`a,b\n${Array.from({ length: 40 }, (_, i) => `${i},${i === 30 ? 'unknown' : i / 2}`).join('\n')}\n`);
    await expect(openCsv(path).read()).rejects.toThrow(/line 32: column 'b' has 'unknown', which is not a number\. .*\{ missing: \['unknown'\] \}.*\{ types: \{ 'b': 'text' \} \}.*\{ strict: false \}/);
    expect((await openCsv(path, { missing: ['unknown'] }).read()).row(30)).toEqual({ a: 30, b: null });
    expect((await openCsv(path, { strict: false }).read()).problems).toMatchObject([{ kind: 'bad value', count: 1 }]);
    expect((await openCsv(path, { types: { b: 'category' } }).read()).column('b').type).toBe('category');
  });

  it('finds a value of another type behind the sample', async () => {
    await expect(openCsv(bytes('a\n1\n2\n3\nfour\n'), { sampleRows: 2 }).read()).rejects.toThrow(/line 5: column 'a' has 'four'/);
  });

  it('names a quote that is never closed', async () => {
    await expect(openCsv(bytes('a,b\n1,"x\n2,y\n')).read()).rejects.toThrow(/line 2: a quote is opened and never closed/);
  });

  it('suggests the nearest column', async () => {
    const table = await openCsv(file(HOMES)).read();
    expect(() => table.column('prize')).toThrow(NameError);
    expect(() => table.column('prize')).toThrow(/Unknown column 'prize'\. Did you mean 'price'\?/);
    await expect(openCsv(file(HOMES), { columns: ['ctiy'] }).read()).rejects.toThrow(/Did you mean 'city'\?/);
    await expect(openCsv(file(HOMES), { types: { Rooms2: 'number' } }).read()).rejects.toThrow(/Unknown column of .* 'Rooms2'\. Did you mean 'rooms'\?/);
    expect(() => openCsv(file(HOMES), { types: { rooms: 'float' as 'number' } })).toThrow(/'float' \(column 'rooms'\) is no type/);
  });

  it('refuses empty files, files without rows, folders and files that are not there', async () => {
    await expect(openCsv(file('')).read()).rejects.toThrow(/\.csv is empty/);
    await expect(openCsv(file('\uFEFF')).read()).rejects.toThrow(/is empty/);
    await expect(openCsv(file('\n \n')).read()).rejects.toThrow(/holds no rows/);
    await expect(openCsv(file('a,b\n')).read()).rejects.toThrow(/has column names, but no rows/);
    expect(() => openCsv(folder)).toThrow(/is a folder/);
    expect(() => openCsv(join(folder, 'none.csv'))).toThrow(DataError);
    expect(() => openTable(file('x', 'docx'))).toThrow(ValueError);
  });
});

describe('other formats', () => {
  it('reads TSV with commas in cells', async () => {
    expect((await openTable(file('a\tb\n1\tx, y\n', 'tsv')).read()).head()).toEqual([{ a: 1, b: 'x, y' }]);
    expect((await openTsv(bytes('a\n1\n')).read()).head()).toEqual([{ a: 1 }]);
  });

  it('reads NDJSON with keys that come and go, and nested values as text', async () => {
    const table = await openTable(file('{"a":1,"b":"x"}\n\n{"a":null,"c":[1,2]}\n{"a":3,"b":"x"}', 'jsonl')).read();
    expect(table.head()).toEqual([{ a: 1, b: 'x', c: null }, { a: null, b: null, c: '[1,2]' }, { a: 3, b: 'x', c: null }]);
  });

  it('names broken lines of NDJSON, or leaves them out', async () => {
    const path = file('{"a":1}\n{"a":\n[1]\n', 'ndjson');
    await expect(openNdjson(path).read()).rejects.toThrow(/line 2: this is no JSON/);
    const table = await openNdjson(path, { strict: false }).read();
    expect([table.rows, table.problems[0]?.count]).toEqual([1, 2]);
    await expect(openNdjson(bytes('[1]\n')).read()).rejects.toThrow(/line 1: this is a list, not an object/);
  });

  const parquet = (): Uint8Array => new Uint8Array(parquetWriteBuffer({ rowGroupSize: 100, columnData: [
    { name: 'id', data: Array.from({ length: 250 }, (_, i) => BigInt(i)), type: 'INT64' },
    { name: 'x', data: Array.from({ length: 250 }, (_, i) => (i === 7 ? null : i / 4)), type: 'DOUBLE' },
    { name: 'city', data: Array.from({ length: 250 }, (_, i) => ['Rome', 'Oslo'][i % 2]), type: 'STRING' },
  ] }));
  it('reads Parquet over several row groups', async () => {
    const table = await openTable(file(parquet(), 'parquet')).read();
    expect(table.columns.map((c) => c.type)).toEqual(['integer', 'number', 'category']);
    expect([table.rows, table.row(7), table.row(249)]).toEqual([250, { id: 7, x: null, city: 'Oslo' }, { id: 249, x: 62.25, city: 'Oslo' }]);
  });
  it('names a broken Parquet file', async () => {
    const good = parquet(), damaged = good.slice();
    damaged.fill(0xff, 4, 400);
    for (const bad of [good.subarray(0, good.length - 20), bytes('a,b\n1,2\n'), damaged]) {
      const path = file(bad, 'parquet'), failed = openParquet(path).read();
      await expect(failed).rejects.toThrow(FormatError);
      await expect(failed).rejects.toThrow(/\.parquet is no usable Parquet file/);
    }
    await expect(openParquet(file('', 'parquet')).read()).rejects.toThrow(/is empty/);
  });
});

describe('TableSource', () => {
  it('streams in parts whose ids mean the same words', async () => {
    const text = `n,word\n${Array.from({ length: 5000 }, (_, i) => `${i},w${Math.floor(i / 500)}`).join('\n')}\n`;
    const ids = new Map<string, number>();
    let parts = 0, rows = 0;
    const schema = await openCsv(bytes(text), { sampleRows: 1000 }).schema();
    expect([schema.rows, schema.complete, schema.columns[1]?.categories]).toEqual([1000, false, ['w0', 'w1']]);
    for await (const part of openCsv(file(text), { sampleRows: 1000 }).parts()) {
      parts++;
      rows += part.rows;
      const word = part.column('word');
      if (word.type === 'category') word.ids.forEach((id) => { const name = word.categories[id] ?? ''; expect(ids.get(name) ?? id).toBe(id); ids.set(name, id); });
    }
    expect([parts > 0, rows, ids.size]).toEqual([true, 5000, 10]);
  });

  it('streams 20 MB in bounded memory', async () => {
    let made = 0;
    async function* rows(): AsyncGenerator<Uint8Array> {
      yield bytes('id,price,city,note\n');
      for (let i = 0; made < 20e6; i++) {
        const piece = bytes(Array.from({ length: 500 }, (_, k) => `${i * 500 + k},${(k * 1.37).toFixed(2)},${['Oslo', 'Rome'][k % 2]},"some, text ${k}"`).join('\n') + '\n');
        made += piece.length;
        yield piece;
      }
    }
    const schema = await openCsv(bytes('id,price,city,note\n1,2.5,Oslo,a b\n2,1,Rome,c d\n'), { types: { city: 'category', note: 'text' } }).schema();
    let count = 0, most = 0;
    for await (const part of openCsv(rows(), { schema }).parts()) { count += part.rows; most = Math.max(most, part.rows); }
    expect(count).toBeGreaterThan(500_000);
    // A part holds what half a megabyte of text holds, however long the stream is.
    expect(most).toBeLessThan(30_000);
  });

  it('gives batches for fit, again in each iteration', async () => {
    const source = openCsv(file(HOMES)), batches = source.dataset({ x: ['city', 'price'], y: 'sold' }).batch(2);
    for (let round = 0; round < 2; round++) {
      const [first, second] = await batches.toArray();
      expect([first?.x.shape, first?.y.shape, first?.y.dtype, second?.x.shape]).toEqual([[2, 3], [2], 'i32', [1, 3]]);
      expect(Array.from(first?.x.dataSync() ?? [])).toEqual([1, 0, 150000, 0, 1, 98000.5]);
    }
  });

  it('says what to do with missing values and with texts', async () => {
    const table = await openCsv(file(HOMES)).read();
    expect(() => table.toArrays({ x: ['rooms'], y: 'sold' })).toThrow(/Column 'rooms' has no value in row 2\. Give \{ missing: 'drop' \}.*table\.fill\('rooms', 'median'\)/);
    expect(() => table.toArrays({ x: ['note'], y: 'sold' })).toThrow(/'note' is text/);
    expect(Array.from(table.toArrays({ x: ['rooms'], y: 'sold', missing: 'drop' }).x.data)).toEqual([3, 2]);
    expect(Array.from(table.fill('rooms', 'median').toArrays({ x: ['rooms'], y: 'price' }).x.data)).toEqual([3, 2, 2.5]);
    expect(Array.from(table.toArrays({ x: ['city', 'rooms'], y: 'price', missing: -1, categories: 'ids' }).x.data)).toEqual([0, 3, 1, 2, 0, -1]);
  });

  it('gives the words of another file the same ids, and refuses others', async () => {
    const train = await openCsv(file(HOMES)).read(), test = HOMES.replaceAll('Oslo', 'Rome');
    expect((await openCsv(file(test), { schema: train.schema }).read()).column('city')).toMatchObject({ categories: ['Oslo', 'Rome'], ids: Int32Array.of(1, 1, 1) });
    await expect(openCsv(file(HOMES.replaceAll('Rome', 'Bern')), { schema: train.schema }).read()).rejects.toThrow(/column 'city' has 'Bern', which is not a known category/);
    await expect(openCsv(file('a\n1\n'), { schema: train.schema }).read()).rejects.toThrow(/has no column 'city'/);
    await expect(openCsv(file(`city,x\n${'Rome,1\n'.repeat(30)}Oslo,2\n`), { sampleRows: 20 }).dataset({ y: 'x' }).toArray()).rejects.toThrow(/'Oslo', which is not in the first 20 rows/);
  });

  it('leaves files as they are and closes them', async () => {
    const path = file(HOMES);
    for await (const _part of openCsv(path).parts()) break;
    expect(readFileSync(path, 'utf8')).toBe(HOMES);
  });
});
