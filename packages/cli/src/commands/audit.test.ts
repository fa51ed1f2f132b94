import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { AuditReport } from '@limelight/data';
import { main } from '../main.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => { vi.restoreAllMocks(); process.exitCode = undefined; });

async function limelight(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [], err: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => { out.push(words.join(' ')); });
  vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => { err.push(words.join(' ')); });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => { err.push(String(text)); return true; });
  const code = await main(['node', 'limelight', ...args]);
  vi.restoreAllMocks();
  // colours are on where CI is set
  return { code, out: stripVTControlCharacters(out.join('\n')), err: stripVTControlCharacters(err.join('\n')) };
}
const rows = (from: number, to: number): string => `id,size,city,sold\n${Array.from({ length: to - from }, (_, k) => { const i = from + k; return `${i},${(i * 37) % 101},${['Oslo', 'Rome'][i % 2]},${(i * 37) % 101 > 50 ? 'yes' : 'no'}`; }).join('\n')}\n`;
const train = join(folder, 'train.csv'), test = join(folder, 'test.csv');
writeFileSync(train, `${rows(0, 120)}120,many,Oslo,yes\n121,5\n`);
writeFileSync(test, rows(200, 260));

describe('limelight audit', () => {
  it('prints tables and findings, and writes a page', async () => {
    const html = join(folder, 'sub', 'audit.html'), { code, out, err } = await limelight('audit', train, '--label', 'sold', '--html', html);
    expect(code).toBe(0);
    expect(out).toMatch(/train\.csv: 122 rows, 4 columns, label sold/);
    expect(out).toMatch(/1 bad value in the file\s+line 122: column 'size' has 'many'/);
    expect(out).toMatch(/1 ragged row in the file\s+line 123/);
    expect(out).toMatch(/only numbers the rows: id/);
    expect(err).toMatch(/columns ….*labels ….*Page: /s);
    expect(existsSync(html) && readFileSync(html, 'utf8').startsWith('<!doctype html>')).toBe(true);
  });
  it('gives the whole report as JSON, and looks at a test file', async () => {
    const { code, out } = await limelight('audit', train, '--label', 'sold', '--test', test, '--json'), report = JSON.parse(out) as AuditReport;
    expect([code, report.rows, report.testRows, report.columns.length, report.drift?.columns.length]).toEqual([0, 122, 60, 4, 2]);
  });
  it('audits some of MNIST', async () => {
    const { code, out } = await limelight('audit', 'mnist', '--samples', '60', '--folds', '2');
    expect([code, /mnist: 60 images, 60 to test on, label y/.test(out)]).toEqual([0, true]);
  });
  it.each([
    [['audit', train, '--label', 'slod'], 1, /Did you mean 'sold'/],
    [['audit', join(folder, 'none.csv')], 1, /There is no file/],
    [['audit', train, '--html', folder], 2, /--html .*this is a folder/],
    [['audit', 'mnist', '--label', 'y'], 2, /mnist has its labels/],
    [['audit', join(folder, 'x.docx')], 1, /ending that says nothing/],
    [['audit'], 2, /missing required argument/],
  ] as const)('is used wrongly: %j', async (args, code, message) => {
    const result = await limelight(...args);
    expect([result.code, result.err]).toEqual([code, expect.stringMatching(message)]);
  });
});
