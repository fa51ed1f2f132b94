/** `limelight explain` from the outside: what it prints, writes and refuses. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { input, layers, sequential } from '@limelight/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limelight } from './limelight.testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-explain-')), at = (name: string): string => join(folder, name);
afterAll(() => { rmSync(folder, { recursive: true, force: true }); process.exitCode = undefined; });
const explain = (...args: string[]): ReturnType<typeof limelight> => limelight('explain', ...args);
beforeAll(async () => {
  await sequential([input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.reshape([28, 28, 1]), layers.conv2d(3, 5, { name: 'maps' }), layers.flatten(), layers.dense(4, { activation: 'softmax' })], { name: 'digits', seed: 1 }).save(at('image.safetensors'));
  await sequential([input({ shape: [8, 9, 3], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(2)], { seed: 1 }).save(at('colour.safetensors'));
  const table = sequential([input({ shape: [3] }), layers.dense(2, { activation: 'softmax' })], { name: 'weather' });
  table.setWeights([Float32Array.of(0, 2, 0, 0, 0, -1), new Float32Array(2)]);
  await table.save(at('table.safetensors'));
  const homes = sequential([input({ shape: [3] }), layers.dense(3, { name: 'inner' }), layers.dense(2, { activation: 'softmax' })], { name: 'homes' });
  homes.setWeights([Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), new Float32Array(3), Float32Array.of(-3, 3, 0, 0, 0, 0), Float32Array.of(15, -15)]);
  await homes.save(at('homes.safetensors'));
  writeFileSync(at('homes.csv'), `size,city,sold\n${Array.from({ length: 60 }, (_, i) => `${(i * 7) % 11},${['Oslo', 'Rome'][i % 2]},${(i * 7) % 11 > 5 ? 'yes' : 'no'}`).join('\n').replace('0,Oslo', '0.5,Oslo')}\n`);
  await sequential([input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(8, { activation: 'relu' }), layers.dense(10, { activation: 'softmax' })], { name: 'ten', seed: 1 }).save(at('ten.safetensors'));
  writeFileSync(at('rows.csv'), '\uFEFFrain,noise,"wind"\n3,1,0.5\n0,2,4\n1,1,1\n');
  await sharp({ create: { width: 40, height: 30, channels: 3, background: '#40c080' } }).png().toFile(at('green.png'));
});

describe('limelight explain', () => {
  it('an image, by several methods: tables, a picture, files', async () => {
    const { code, out } = await explain(at('image.safetensors'), 'mnist:3', '--method', 'integratedGradients,gradCam', '--out', at('out/digit'));
    expect(code).toBe(0);
    for (const part of ['Integrated gradients', 'Grad-CAM', 'completeness', 'faithfulness', 'beats', 'maps', `Written: ${at('out/digit-gradCam.png')}`]) expect(out).toContain(part);
    expect(await sharp(at('out/digit-integratedGradients.png')).metadata()).toMatchObject({ format: 'png', width: 224, height: 224 });
    expect(readFileSync(at('out/digit-gradCam.svg'), 'utf8')).toContain('<svg xmlns=');
    expect(readFileSync(at('out/digit.html'), 'utf8')).toContain('mnist:3: what digits sees');
  });
  it('a row of a table against a background, with the names of its columns', async () => {
    const { code, out } = await explain(at('table.safetensors'), at('rows.csv'), '--background', at('rows.csv'), '--row', '1', '--out', at('row'));
    expect(code).toBe(0);
    for (const part of ['KernelSHAP', 'rain', 'wind']) expect(out).toContain(part);
    expect(existsSync(at('row.svg'))).toBe(true);
  });
  it('as JSON, which is all of standard output', async () => {
    const { code, out } = await explain(at('table.safetensors'), at('rows.csv'), '--method', 'exactShapley,counterfactual', '--background', at('rows.csv'), '--json', '--out', at('json'));
    expect(code).toBe(0);
    const [shapley, other] = JSON.parse(out) as [{ method: string; target: number; values: number[]; faithfulness: { beats: number }; files: { png: string } }, { method: string; found: boolean; changes: { name: string }[] }];
    expect([shapley.method, shapley.target, shapley.values.length, existsSync(shapley.files.png)]).toEqual(['exactShapley', 1, 3, true]);
    expect([other.method, other.found, other.changes.some((c) => c.name === 'noise')]).toEqual(['counterfactual', true, false]);
  });
  it('what a model leans on over labelled data: importance, dependence, calibration, temperature', async () => {
    const { code, out, err } = await explain(at('homes.safetensors'), '--data', at('homes.csv'), '--label', 'sold', '--method', 'permutationImportance,partialDependence,calibration,temperatureScaling', '--feature', 'size', '--target', '1', '--out', at('model'), '--json');
    expect(code, err).toBe(0);
    const [importance, dependence, calibration, temperature] = JSON.parse(out) as [{ score: number; columns: { name: string; mean: number }[] }, { features: { name: string }[]; average: number[] }, { samples: number }, { temperature: number }];
    expect(importance.score).toBe(1);
    expect(importance.columns.map((c) => [c.name, c.mean > 0.2])).toEqual([['size', true], ['city', false]]);
    expect(dependence.features.map((f) => f.name)).toEqual(['size']);
    expect(dependence.average.at(-1)).toBeGreaterThan(0.9);
    expect([calibration.samples, temperature.temperature > 0]).toEqual([60, true]);
    expect(readFileSync(at('model.html'), 'utf8')).toContain('Partial dependence on size');
    const plain = await explain(at('homes.safetensors'), '--data', at('homes.csv'), '--label', 'sold', '--out', at('model'));
    for (const part of ['Permutation importance', 'Calibration', 'faithfulness', 'size', 'is right']) expect(plain.out).toContain(part);
  });
  it('a row with words, as the data number them; its nearest examples and what would change it', async () => {
    writeFileSync(at('new.csv'), 'city,size\nRome,9.5\nOslo,1.5\n');
    const { code, out, err } = await explain(at('homes.safetensors'), at('new.csv'), '--row', '1', '--data', at('homes.csv'), '--label', 'sold', '--method', 'exactShapley,nearestExamples,counterfactual', '--out', at('home'), '--json');
    expect(code, err).toBe(0);
    const [shapley, nearest, other] = JSON.parse(out) as [{ input: number[]; featureNames: string[] }, { neighbours: { label: number; distance: number }[] }, { changes: { name: string }[] }];
    expect([shapley.input, shapley.featureNames]).toEqual([[1.5, 1, 0], ['size', 'city=Oslo', 'city=Rome']]);
    expect(nearest.neighbours).toHaveLength(5);
    expect(other.changes.map((c) => c.name)).toContain('size');
    const plain = await explain(at('homes.safetensors'), at('new.csv'), '--data', at('homes.csv'), '--label', 'sold', '--method', 'nearestExamples', '--out', at('home'));
    expect(plain.out).toMatch(/no\. \d+ .* yes/);
  });
  it('images: over mnist, with the nearest of the training images', async () => {
    const { code, out, err } = await explain(at('ten.safetensors'), 'mnist:0', '--data', 'mnist', '--rows', '40', '--method', 'nearestExamples,permutationImportance', '--out', at('mnist'));
    expect(code, err).toBe(0);
    for (const part of ['Nearest examples', 'Permutation importance', 'part ']) expect(out).toContain(part);
  });
  it('a file of numbers without names', async () => {
    writeFileSync(at('bare.csv'), '3,1,0.5\n0,2,4\n');
    const { code, out } = await explain(at('table.safetensors'), at('bare.csv'), '--row', '1', '--method', 'inputGradients', '--json', '--out', at('bare'));
    expect([code, (JSON.parse(out) as [{ input: number[] }])[0].input]).toEqual([0, [0, 2, 4]]);
  });
  it.each([
    [2, [], /give an input .*, or labelled data: --data FILE\.csv --label COLUMN/],
    [2, ['--method', 'calibration'], /--method calibration needs labelled data: --data FILE\.csv --label COLUMN/],
    [2, ['rows.csv', '--method', 'nearestExamples'], /--method nearestExamples needs labelled data/],
    [2, ['--data', 'homes.csv', '--label', 'sold', '--method', 'lime'], /--method lime explains one input/],
    [2, ['--data', 'homes.csv'], /which column is predicted\? --label COLUMN \(there are size, city, sold\)/],
    [1, ['--data', 'homes.csv', '--label', 'slod'], /Did you mean 'sold'/],
    [2, ['--data', 'homes.csv', '--label', 'sold', '--columns', 'city'], /the model takes 3 numbers, but .*homes\.csv gives 2 \(city=Oslo, city=Rome\); .*--columns a,b,c/],
    [2, ['--data', 'amounts.csv', '--label', 'amount'], /column 'amount' holds quantities, but the model gives 2 numbers; the label must be a class from 0 to 1/],
    [2, ['--data', 'homes.csv', '--label', 'sold', '--method', 'partialDependence', '--feature', 'size'], /the score of which class\? --target N \(0 no, 1 yes\)/],
    [2, ['--data', 'homes.csv', '--label', 'sold', '--method', 'partialDependence'], /of which column, or which two\? --feature NAME \(there are size, city=Oslo, city=Rome\)/],
    [2, ['--data', 'mnist'], /the model takes \[3\] and gives 2 numbers; mnist has images of 28 × 28/],
    [2, ['--label', 'sold', 'rows.csv'], /--label goes with --data FILE/],
    [1, ['homes.csv'], /column 'city' holds words \('Oslo'\).*--data FILE --label COLUMN/],
  ] as const)('of data, ends with %i: %j', async (expected, args, message) => {
    writeFileSync(at('amounts.csv'), 'a,b,c,amount\n1,2,3,0.5\n2,3,4,1.5\n');
    const { code, err } = await explain(at('homes.safetensors'), ...args.map((a) => (a.endsWith('.csv') ? at(a) : a)), '--out', at('never/x'));
    expect(err).toMatch(message);
    expect(code).toBe(expected);
  });
  it('a picture in colour', async () => { expect((await explain(at('colour.safetensors'), at('green.png'), '--out', at('colour'))).code).toBe(0); });
  it.each([
    [2, ['image.safetensors', 'mnist:3', '--method', 'gradcam'], /there is no such method; there are attentionRollout, calibration/],
    [2, ['image.safetensors', 'mnist:10000'], /the test data have 10000 images/],
    [2, ['table.safetensors', 'mnist.png'], /takes \[3\], which is no image; give a \.csv/],
    [2, ['table.safetensors', 'rows.csv', '--row', '9'], /has 3 rows \(0 to 2\)/],
    [1, ['table.safetensors', 'gone.csv'], /There is no file .+gone\.csv/],
    [1, ['image.safetensors', 'gone.png'], /There is no file/],
    [1, ['table.safetensors', 'rows.csv', '--method', 'kernelShap'], /a table needs background/],
    [1, ['image.safetensors', 'mnist:3', '--method', 'gradCam', '--layer', 'map'], /Did you mean 'maps'/],
    [1, ['image.safetensors', 'mnist:3', '--target', '4'], /target 4 is no class/],
    [1, ['table.safetensors', 'ragged.csv'], /line 3: this row has 2 cells, the header has 3/],
    [1, ['table.safetensors', 'words.csv'], /column 'b' holds words \('two'\)/],
  ] as const)('ends with %i: %j', async (expected, [model, sample, ...rest], message) => {
    writeFileSync(at('ragged.csv'), 'a,b,c\n1,2,3\n1,2\n');
    writeFileSync(at('words.csv'), 'a,b,c\n1,two,3\n');
    const { code, err } = await explain(at(model), sample.startsWith('mnist:') ? sample : at(sample), ...rest, '--out', at('never/x'));
    expect(code).toBe(expected);
    expect(err).toMatch(message);
    expect(existsSync(at('never'))).toBe(false);
  });
});
