import { describe, expect, it } from 'vitest';
import { AbortedError, DataError, NameError } from '@limelight/core';
import { Table } from '../table/table.ts';
import { audit, dropRows } from './audit.ts';
import { formatAudit, sparkline } from './format.ts';
import { auditHtml } from './html.ts';
import { nearTexts } from './nearTexts.ts';
import { normal, random } from './statistics.ts';
import type { AuditReport, CheckName } from './types.ts';

const titles = (report: AuditReport, check: CheckName): string[] => report.findings.filter((f) => f.check === check).map((f) => f.title);

/** Homes: the label follows from two columns; row numbers, a constant, a copy, gaps, repeats and wrong labels are planted. */
function homes(rows: number, seed: number): { table: Table; flipped: Set<number> } {
  const next = random(seed), size = Array.from({ length: rows }, () => 80 + 20 * normal(next)), age = Array.from({ length: rows }, () => 40 + 15 * normal(next)), flipped = new Set<number>();
  const sold = size.map((s, i) => { const truth = s - age[i]! > 40; if (next() < 0.05) { flipped.add(i); return !truth; } return truth; });
  return { flipped, table: Table.from({
    id: Array.from({ length: rows }, (_, i) => i), size: size.map((v, i) => (i % 25 === 0 ? null : Number(v.toFixed(1)))), age: age.map((v) => Number(v.toFixed(1))),
    years: age.map((v) => Number(v.toFixed(1))), city: size.map((_, i) => ['Oslo', 'Rome', 'Bern'][i % 3]), land: size.map(() => 'x'), sold: sold.map((s) => (s ? 'yes' : 'no')),
  }) };
}

describe('audit of a table', () => {
  it('finds what was planted, and its fixes mend it', async () => {
    const { table, flipped } = homes(600, 1), data = table.take([...Array.from({ length: 600 }, (_, i) => i), 3, 5, 7].map((i) => i));
    const report = await audit(data.dropColumns(['id']), { label: 'sold', name: 'homes' });
    expect(titles(report, 'columns')).toEqual(['1 constant column: land', '1 column holds what another holds: years = age']);
    expect(titles(report, 'missing')).toEqual(['size: 24 values missing (4.0 %)']);
    expect([report.duplicates?.extra, report.duplicates?.groups.length]).toEqual([[600, 601, 602], 3]);
    expect(report.classes?.counts.reduce((a, b) => a + b, 0)).toBe(603);
    const hits = report.labels?.issues.filter((i) => flipped.has(i.row)).length ?? 0;
    expect(hits / flipped.size).toBeGreaterThan(0.6);
    expect(hits / (report.labels?.issues.length ?? 1)).toBeGreaterThan(0.6);

    // Every fix that needs no person runs as it stands, one after the other.
    let mended: Table = data.dropColumns(['id']);
    const fixes = report.findings.filter((f) => f.fix !== null && f.severity !== 'info' && ['columns', 'missing', 'duplicates'].includes(f.check));
    // eslint-disable-next-line typescript/no-implied-eval
    for (const { fix } of fixes) mended = (new Function('data', 'report', 'dropRows', `${fix}\nreturn data;`) as (d: Table, r: AuditReport, f: typeof dropRows) => Table)(mended, report, dropRows);
    expect([mended.rows, mended.names]).toEqual([600, ['size', 'age', 'city', 'sold']]);
    expect((await audit(mended, { label: 'sold', checks: ['columns'] })).findings).toEqual([]);
  });

  it('leaves identifiers out of the search for repeats, and says so', async () => {
    const { table } = homes(100, 2), twice = Table.from({ id: Array.from({ length: 102 }, (_, i) => i) });
    const data = twice.columns.concat(table.dropColumns(['id']).take([...Array.from({ length: 100 }, (_, i) => i), 1, 2]).columns);
    const report = await audit(new Table(data), { checks: ['columns', 'duplicates'] });
    expect([report.duplicates?.exact, report.duplicates?.ignoredColumns]).toEqual([2, ['id']]);
    expect(titles(report, 'columns')[2] ?? titles(report, 'columns').at(-1)).toMatch(/only numbers the rows: id/);
  });

  it('finds rows of the test data in the training data, a drift, and a column that tells the answer', async () => {
    const { table } = homes(400, 3), shifted = homes(200, 4).table;
    const age = shifted.column('age');
    const moved = age.type === 'number' ? shifted.with({ ...age, values: age.values.map((v) => v + 30) }) : shifted;
    const answer = table.with({ name: 'closed', type: 'number', values: Float64Array.from({ length: 400 }, (_, i) => (table.row(i)['sold'] === 'yes' ? 1 + i / 400 : i / 800)) });
    const report = await audit(answer, { label: 'sold', test: moved.with({ name: 'closed', type: 'number', values: new Float64Array(200) }), checks: ['columns', 'duplicates', 'drift'] });
    expect(titles(report, 'leakage')).toEqual(['closed alone tells sold']);
    expect(report.drift?.columns.find((c) => c.name === 'age')).toMatchObject({ test: 'KS' });
    expect(report.drift?.columns.find((c) => c.name === 'age')?.size).toBeGreaterThan(0.5);
    expect(report.drift?.columns.find((c) => c.name === 'size')?.p).toBeGreaterThan(0.01);
    expect(report.drift?.auc).toBeGreaterThan(0.9);
    const same = await audit(table, { test: table.take([1, 5, 9]), checks: ['columns', 'duplicates'] });
    expect(same.leakage).toMatchObject({ exact: 3, testRows: [0, 1, 2], pairs: [{ a: 1, b: 0 }, { a: 5, b: 1 }, { a: 9, b: 2 }] });
  });

  it('tells infinite values, wild values, rare classes and imbalance', async () => {
    const next = random(5), x = Array.from({ length: 300 }, () => normal(next));
    x[4] = Infinity;
    x[5] = 50;
    const report = await audit(Table.from({ x, kind: x.map((_, i) => (i < 8 ? 'rare' : 'usual')) }), { label: 'kind', checks: ['columns', 'classes', 'outliers'] });
    expect(titles(report, 'missing')).toEqual(['x: 1 infinite value']);
    expect(report.outliers?.samples.map((o) => o.row)).toContain(5);
    expect(titles(report, 'classes')).toEqual(['classes are unequal: usual has 37 × as many as rare', '1 class with fewer than 10 samples: rare']);
    expect(report.classes?.weights[0]).toBeCloseTo(300 / 16);
  });

  it('is the same for the same seed', async () => {
    const { table } = homes(200, 6), [a, b] = [await audit(table, { label: 'sold' }), await audit(table, { label: 'sold' })];
    expect({ ...a, seconds: 0 }).toEqual({ ...b, seconds: 0 });
  });
});

describe('audit of images', () => {
  /** Bars on dark ground: class 0 lies, class 1 stands. */
  const bars = (n: number, seed: number): { x: { data: Uint8Array; shape: number[] }; y: Uint8Array } => {
    const next = random(seed), data = new Uint8Array(n * 256), y = new Uint8Array(n);
    for (let i = 0; i < n; i++) {
      y[i] = i % 2;
      const at = 2 + Math.floor(next() * 12), from = Math.floor(next() * 6), to = 10 + Math.floor(next() * 6);
      for (let p = 0; p < 256; p++) data[i * 256 + p] = Math.floor(next() * 60);
      for (let k = from; k < to; k++) data[i * 256 + (i % 2 === 0 ? at * 16 + k : k * 16 + at)] = 200 + Math.floor(next() * 55);
    }
    return { x: { data, shape: [n, 16, 16] }, y };
  };
  it('finds flipped labels, copies, brighter copies, an empty image, and test images that were trained on', async () => {
    const data = bars(240, 1), flipped = [10, 51, 90, 133, 170, 201];
    for (const row of flipped) data.y[row] = 1 - (data.y[row] ?? 0);
    const pixels = data.x.data;
    pixels.copyWithin(30 * 256, 31 * 256, 32 * 256);
    for (let p = 0; p < 256; p++) { pixels[40 * 256 + p] = 10 + 0.9 * (pixels[42 * 256 + p] ?? 0); pixels[77 * 256 + p] = 250; }
    const test = bars(60, 9);
    test.x.data.set(pixels.subarray(5 * 256, 6 * 256), 3 * 256);
    const report = await audit(data, { test, checks: ['duplicates', 'classes', 'outliers', 'labels'], folds: 3 });
    expect(report.duplicates?.extra).toEqual([31]);
    expect(report.duplicates?.nearPairs).toMatchObject([{ a: 40, b: 42 }]);
    expect(report.duplicates?.contradictions).toContain(30);
    expect(report.leakage).toMatchObject({ exact: 1, testRows: [3] });
    expect(report.outliers?.samples[0]?.row).toBe(77);
    const found = new Set(report.labels?.issues.map((i) => i.row));
    expect(flipped.filter((row) => found.has(row)).length).toBeGreaterThanOrEqual(5);
    const html = auditHtml(report, { data });
    expect(html).toMatch(/^<!doctype html>.*<img alt="sample \d+" src="data:image\/png;base64,/s);
    expect(html).not.toMatch(/<script|src="http|undefined|NaN/);
    // Bytes of a file are a Buffer, whose own constructor would leave old memory in the result.
    const fromFile = dropRows({ x: { data: Buffer.from([1, 2, 3]), shape: [3, 1, 1] } }, [1]).x.data;
    expect([fromFile.constructor, [...fromFile]]).toEqual([Uint8Array, [1, 3]]);
    const kept = dropRows(data, report.duplicates?.extra ?? []);
    expect([kept.x.shape, kept.y.length, kept.x.data.length]).toEqual([[239, 16, 16], 239, 239 * 256]);
  });
});

describe('audit of texts', () => {
  const words = ['film', 'music', 'game', 'voice', 'scene', 'actor', 'song', 'level', 'stage', 'light', 'sound', 'score'];
  it('finds near copies and wrong labels', async () => {
    const next = random(3), sentence = (mood: string): string => Array.from({ length: 14 }, (_, i) => (i % 4 === 1 ? mood : words[Math.floor(next() * 12)])).join(' ');
    const y = Array.from({ length: 160 }, (_, i) => i % 2), x = y.map((c) => sentence(c === 0 ? 'great' : 'awful'));
    for (const row of [20, 61, 100]) y[row] = 1 - (y[row] ?? 0);
    x[9] = `${x[4]} indeed`;
    x[15] = x[8]!.toUpperCase();
    const report = await audit({ x, y, classNames: ['good', 'bad'] }, { checks: ['duplicates', 'labels', 'outliers'] });
    expect(report.duplicates?.nearPairs.map(({ a, b }) => [a, b])).toEqual([[8, 15], [4, 9]]);
    const found = report.labels?.issues.map((i) => i.row) ?? [];
    for (const row of [20, 61, 100]) expect(found).toContain(row);
    expect(formatAudit(report)).toMatch(/labelled +p +looks like/);
  });
  it('measures likeness by shared runs of words', () => {
    expect(nearTexts(['one two three four', 'ONE, two; three - four!', 'one two three nine', '', ''], 0.8)).toEqual([{ a: 0, b: 1, likeness: 1 }]);
  });
});

describe('how it fails and how it looks', () => {
  it('refuses what it cannot audit, and says why', async () => {
    const { table } = homes(60, 1);
    await expect(audit(table, { label: 'slod' })).rejects.toThrow(NameError);
    await expect(audit(table, { label: 'slod' })).rejects.toThrow(/Did you mean 'sold'\?/);
    await expect(audit({ x: { data: new Uint8Array(8), shape: [2, 4] }, y: [0, 1] })).rejects.toThrow(/images have shape \[n, height, width\]/);
    await expect(audit({ x: ['a', 'b'], y: [0] })).rejects.toThrow(/y has 1 labels, but x has 2 samples/);
    await expect(audit({ x: ['a', 'b'], y: [0, 0.5] })).rejects.toThrow(/label 0.5 of sample 1 is no class number/);
    await expect(audit({ x: [] })).rejects.toThrow(DataError);
    await expect(audit(table, { test: { x: ['a'] } })).rejects.toThrow(/both must be of one kind/);
    await expect(audit(table, { signal: AbortSignal.abort() })).rejects.toThrow(AbortedError);
  });
  it('names the checks that it did not do', async () => {
    expect((await audit(homes(60, 1).table, { label: 'size' })).skipped).toEqual(["labels: 'size' is a quantity, not a class"]);
    expect((await audit(homes(20, 1).table, { label: 'sold' })).skipped[0]).toMatch(/too few/);
  });
  it('is plain JSON, and a text of at most 100 columns outside of code', async () => {
    const report = await audit(homes(80, 1).table, { label: 'sold', checks: ['columns', 'duplicates', 'classes', 'outliers'] });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    const text = formatAudit(report);
    expect(text).toMatch(/^table: 80 rows, 7 columns, label sold\n/);
    for (const line of text.split('\n')) if (!line.startsWith('  fix')) expect(line.length).toBeLessThanOrEqual(120);
    expect(sparkline([0, 1, 8])).toBe(' ▁█');
    expect(auditHtml(report, { fragment: true })).toMatch(/^<div class="audit">/);
  });
});
