/** A gigabyte of rows: how fast, and in how much memory. Run with `npm run test:slow -- packages/data/src/table/stream`. */
import { expect, it } from 'vitest';
import { openCsv } from './open.ts';

it('streams 1 GB of CSV in bounded memory', async () => {
  const text = new TextEncoder(), cities = ['Oslo', 'Rome', 'Paris', 'Bern'], pieces = Array.from({ length: 16 }, (_, p) => text.encode(`${Array.from({ length: 8000 }, (__, i) => `${p * 8000 + i},${((i * 7919) % 100_000) / 100},${cities[(i * 31 + p) % 4]},2024-0${1 + (i % 9)}-11,${i % 10 === 0 ? '"a note, with a comma"' : 'plain note'}`).join('\n')}\n`));
  let bytes = 0;
  async function* rows(): AsyncGenerator<Uint8Array> {
    yield text.encode('id,price,city,day,note\n');
    for (let i = 0; bytes < 1e9; i++) { const piece = pieces[i % 16] ?? new Uint8Array(0); bytes += piece.length; yield piece; }
  }
  const schema = { columns: [{ name: 'id', type: 'integer' }, { name: 'price', type: 'number' }, { name: 'city', type: 'category', categories: cities }, { name: 'day', type: 'date' }, { name: 'note', type: 'text' }], rows: null, complete: true } as const;
  const before = process.memoryUsage().rss, started = performance.now();
  let count = 0, peak = before;
  for await (const part of openCsv(rows(), { schema }).parts()) { count += part.rows; peak = Math.max(peak, process.memoryUsage().rss); }
  const seconds = (performance.now() - started) / 1000;
  console.log(`1 GB of CSV: ${count.toLocaleString('en-US')} rows, ${Math.round(count / seconds).toLocaleString('en-US')} rows/s, ${Math.round(bytes / seconds / 1e6)} MB/s, peak ${Math.round(peak / 1e6)} MB, ${Math.round((peak - before) / 1e6)} MB above the start`);
  expect(bytes).toBeGreaterThan(1e9);
  expect(peak - before).toBeLessThan(400e6);
}, 900_000);
