/** `limelight explain` from the outside: what it prints, writes and refuses. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { input, layers, sequential } from '@limelight/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../main.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-explain-')), at = (name: string): string => join(folder, name);
afterAll(() => { rmSync(folder, { recursive: true, force: true }); process.exitCode = undefined; });
async function explain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [], err: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => { out.push(words.join(' ')); });
  vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => { err.push(words.join(' ')); });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => { err.push(String(text)); return true; });
  const code = await main(['node', 'limelight', 'explain', ...args]);
  vi.restoreAllMocks();
  return { code, out: out.join('\n'), err: err.join('\n') };
}
beforeAll(async () => {
  await sequential([input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.reshape([28, 28, 1]), layers.conv2d(3, 5, { name: 'maps' }), layers.flatten(), layers.dense(4, { activation: 'softmax' })], { name: 'digits', seed: 1 }).save(at('image.safetensors'));
  await sequential([input({ shape: [8, 9, 3], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(2)], { seed: 1 }).save(at('colour.safetensors'));
  const table = sequential([input({ shape: [3] }), layers.dense(2, { activation: 'softmax' })], { name: 'weather' });
  table.setWeights([Float32Array.of(0, 2, 0, 0, 0, -1), new Float32Array(2)]);
  await table.save(at('table.safetensors'));
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
  it('a picture in colour', async () => { expect((await explain(at('colour.safetensors'), at('green.png'), '--out', at('colour'))).code).toBe(0); });
  it.each([
    [2, ['image.safetensors', 'mnist:3', '--method', 'gradcam'], /there is no such method; there are attentionRollout/],
    [2, ['image.safetensors', 'mnist:10000'], /the test data have 10000 images/],
    [2, ['table.safetensors', 'mnist.png'], /takes \[3\], which is no image; give a \.csv/],
    [2, ['table.safetensors', 'rows.csv', '--row', '9'], /has 3 rows \(0 to 2\)/],
    [1, ['table.safetensors', 'gone.csv'], /cannot read .+gone\.csv/],
    [1, ['image.safetensors', 'gone.png'], /There is no file/],
    [1, ['table.safetensors', 'rows.csv', '--method', 'kernelShap'], /a table needs background/],
    [1, ['image.safetensors', 'mnist:3', '--method', 'gradCam', '--layer', 'map'], /Did you mean 'maps'/],
    [1, ['image.safetensors', 'mnist:3', '--target', '4'], /target 4 is no class/],
    [1, ['table.safetensors', 'ragged.csv'], /line 3: 2 cells, but the first line has 3/],
    [1, ['table.safetensors', 'words.csv'], /line 2, column b: 'two' is no number/],
  ] as const)('ends with %i: %j', async (expected, [model, sample, ...rest], message) => {
    writeFileSync(at('ragged.csv'), 'a,b,c\n1,2,3\n1,2\n');
    writeFileSync(at('words.csv'), 'a,b,c\n1,two,3\n');
    const { code, err } = await explain(at(model), sample.startsWith('mnist:') ? sample : at(sample), ...rest, '--out', at('never/x'));
    expect(code).toBe(expected);
    expect(err).toMatch(message);
    expect(existsSync(at('never'))).toBe(false);
  });
});
