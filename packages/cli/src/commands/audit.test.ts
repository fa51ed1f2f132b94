import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { AuditReport } from '@limelight/data';
import sharp from 'sharp';
import { limelight } from './limelight.testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => { vi.restoreAllMocks(); process.exitCode = undefined; });

const rows = (from: number, to: number): string => `id,size,city,sold\n${Array.from({ length: to - from }, (_, k) => { const i = from + k; return `${i},${(i * 37) % 101},${['Oslo', 'Rome'][i % 2]},${(i * 37) % 101 > 50 ? 'yes' : 'no'}`; }).join('\n')}\n`;
const train = join(folder, 'train.csv'), test = join(folder, 'test.csv');
writeFileSync(train, `${rows(0, 120)}120,many,Oslo,yes\n121,5\n`);
writeFileSync(test, rows(200, 260));
mkdirSync(join(folder, 'bare'));
writeFileSync(join(folder, 'bare', 'x.bin'), 'x');

/** Grey pictures of two kinds, 16 × 12, no two alike. */
async function drawShapes(path: string, count: number, from: number): Promise<void> {
  for (const name of ['bar', 'dot']) {
    mkdirSync(join(path, name), { recursive: true });
    for (let i = 0; i < count; i++) {
      let state = (from + i) * 7919 + name.length * 31 + (name === 'bar' ? 1 : 2);
      const pixels = Uint8Array.from({ length: 192 }, (_, p) => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; const on = name === 'bar' ? p % 16 === 4 + (i % 8) : Math.abs((p % 16) - 8) + Math.abs(Math.floor(p / 16) - 6) < 4; return (on ? 180 : 0) + (state >>> 26); });
      await sharp(pixels, { raw: { width: 16, height: 12, channels: 1 } }).png().toFile(join(path, name, `${i}.png`));
    }
  }
}

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
  it('audits folders of images: classes, repeats, leakage into the test folder, a page with the pictures', async () => {
    const own = join(folder, 'shapes'), other = join(folder, 'more'), html = join(folder, 'shapes.html');
    await drawShapes(own, 30, 0);
    await drawShapes(other, 10, 100);
    copyFileSync(join(own, 'dot', '3.png'), join(own, 'dot', 'again.png'));
    copyFileSync(join(own, 'bar', '5.png'), join(other, 'bar', 'seen.png'));
    writeFileSync(join(own, 'readme.txt'), 'x');
    const { code, out, err } = await limelight('audit', own, '--test', other, '--folds', '2', '--html', html);
    expect(code, err).toBe(0);
    expect(out).toMatch(/shapes: 61 images, 21 to test on, label y/);
    expect(out).toMatch(/bar +30 .*\n +dot +31/);
    expect(out).toMatch(/1 image repeats an earlier one/);
    expect(out).toMatch(/1 test image .*training/);
    expect(out).toMatch(/Files\n +60 {2}.*dot\/again\.png\n +test 10 {2}.*more\/bar\/seen\.png/);
    expect(err).toMatch(/1 file that is no image or in no class left out/);
    expect(err).toMatch(/61 images, looked at as 12 × 16, grey/);
    expect(readFileSync(html, 'utf8')).toContain('<b>61</b><span>images</span>');
    const json = JSON.parse((await limelight('audit', own, '--samples', '40', '--image-size', '8x8', '--folds', '2', '--json')).out) as AuditReport & { files: string[] };
    expect([json.kind, json.rows, json.classes?.counts, json.files.length]).toEqual(['image', 40, [20, 20], 40]);
  });
  it('audits folders of texts', async () => {
    const own = join(folder, 'letters');
    for (const [name, words] of [['glad', 'sun joy warm light spring'], ['sad', 'rain grief cold dark autumn']] as const) {
      mkdirSync(join(own, name), { recursive: true });
      for (let i = 0; i < 25; i++) writeFileSync(join(own, name, `${i}.txt`), `${words.split(' ').filter((_, k) => (i + k) % 3 > 0).join(' ')} letter ${i}`);
    }
    writeFileSync(join(own, 'sad', 'wrong.txt'), 'sun joy warm light spring, letter of joy and light');
    const { code, out, err } = await limelight('audit', own, '--folds', '2');
    expect(code, err).toBe(0);
    expect(out).toMatch(/letters: 51 texts, label y/);
    expect(out).toMatch(/Labels that look wrong: \d+.*\n.*\n +50 +sad .* glad/);
    expect(out).toMatch(/50 {2}.*sad\/wrong\.txt/);
  });
  it.each([
    [['audit', folder, '--label', 'y'], 2, /is a folder: its subfolders are the labels; leave out --label/],
    [['audit', join(folder, 'bare')], 2, /there is neither an image .* nor a text file/],
    [['audit', join(folder, 'letters'), '--test', train], 2, /is a folder, so the test data must be one too/],
    [['audit', train, '--test', join(folder, 'letters')], 2, /both must be of one kind/],
    [['audit', join(folder, 'letters'), '--test', join(folder, 'shapes'), '--checks'], 2, /unknown option/],
    [['audit', join(folder, 'shapes'), '--test', join(folder, 'letters')], 2, /there is no image in it/],
    [['audit', join(folder, 'shapes'), '--image-size', '8'], 2, /must be height x width/],
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
