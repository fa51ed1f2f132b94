/** The command line from the outside: what it prints where, and its exit codes. Trains on few images, so accuracy is only checked roughly. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { datasets } from '@limelight/data';
import { main } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-cli-'));
const model = join(folder, 'model.safetensors');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => { vi.restoreAllMocks(); vi.unstubAllEnvs(); process.exitCode = undefined; });

/** Runs a command line in this process. */
async function limelight(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [], err: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => { out.push(`${words.join(' ')}\n`); });
  vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => { err.push(`${words.join(' ')}\n`); });
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => { out.push(String(text)); return true; });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => { err.push(String(text)); return true; });
  const code = await main(['node', 'limelight', ...args]);
  vi.restoreAllMocks();
  return { code, out: out.join(''), err: err.join('') };
}
const accuracyOf = (out: string): number => Number(/Accuracy: (0\.\d{4})\n$/.exec(out)?.[1]);

beforeAll(async () => {
  const { code, out, err } = await limelight('train', 'mnist', '--epochs', '2', '--samples', '6000', '--batch-size', '64', '--seed', '5', '--out', model);
  expect(code).toBe(0);
  expect(accuracyOf(out)).toBeGreaterThan(0.85);
  expect(out).toMatch(/is \\ read as +0 +1 +2.+\n/);
  expect(out).toMatch(/The surest of \d+ mistakes:/);
  expect(out).toContain(`Model: ${model}\n`);
  expect(err).toMatch(/Epoch 1\/2 .+Epoch 2\/2 .+accuracy/s);
});

describe('limelight train', () => {
  it('leaves no checkpoint when it ends by itself', () => {
    expect([existsSync(model), existsSync(`${model}.checkpoint`)]).toEqual([true, false]);
  });
  it('gives the same model for the same seed, and another for another', async () => {
    const train = async (name: string, seed: string): Promise<Buffer> => {
      const out = join(folder, name);
      expect((await limelight('train', 'mnist', '--epochs', '1', '--samples', '500', '--seed', seed, '--out', out)).code).toBe(0);
      return readFileSync(out);
    };
    const first = await train('a', '1');
    expect((await train('b', '1')).equals(first)).toBe(true);
    expect((await train('c', '2')).equals(first)).toBe(false);
  });
  it('sets a share of the images aside, and keeps the history and the settings beside the model', async () => {
    const out = join(folder, 'new', 'split.safetensors');
    expect((await limelight('train', 'mnist', '--epochs', '2', '--samples', '500', '--validation-split', '0.2', '--out', out)).code).toBe(0);
    expect(readFileSync(`${out}.history.csv`, 'utf8')).toMatch(/^epoch,accuracy,loss,val_accuracy,val_loss\n0,.+\n1,.+\n$/);
    expect(JSON.parse(readFileSync(`${out}.run.json`, 'utf8'))).toEqual({ dataset: 'mnist', samples: 500, validationSplit: 0.2, epochs: 2, batchSize: 128, seed: 0 });
  });
  it.each([
    [['train'], /missing required argument 'dataset'/],
    [['train', 'cats'], /Allowed choices are mnist/],
    [['train', 'mnist', '--epochs', '0'], /--epochs.*whole number from 1/],
    [['train', 'mnist', '--epochs', 'many'], /--epochs/],
    [['train', 'mnist', '--threads', '65'], /whole number from 1 to 64/],
    [['train', 'mnist', '--validation-split', '1'], /from 0 to below 1/],
    [['train', 'mnist', '--samples', '5', '--validation-split', '0.9'], /leaves none to learn from/],
    [['train', 'mnist', '--samples', '60001'], /has only 60000 training images/],
    [['train', 'mnist', '--epoch', '3'], /unknown option '--epoch'\n\(Did you mean --epochs\?\)/],
    [['train', 'mnist', '--resume', '--out', join(folder, 'never')], /there is no checkpoint/],
    [['train', 'mnist', '--out', folder], /--out .+: this is a folder; give the path of a file/],
    [['train', 'mnist', '--out', join(fileURLToPath(import.meta.url), 'model')], /main\.test\.ts is not a folder/],
    [['trian'], /unknown command 'trian'\n\(Did you mean train\?\)/],
  ])('is used wrongly: %j', async (args, message) => {
    const { code, err, out } = await limelight(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});

describe('limelight evaluate', () => {
  it('prints loss and accuracy', async () => {
    const { code, out } = await limelight('evaluate', model);
    expect(code).toBe(0);
    expect(out).toMatch(/^loss +0\.\d{4}\naccuracy +0\.[89]\d{3}\n$/);
  });
  it('fails with one line for files that are missing, foreign or cut short', async () => {
    const cut = join(folder, 'cut.safetensors'), foreign = join(folder, 'foreign.safetensors');
    copyFileSync(model, cut);
    truncateSync(cut, 5000);
    writeFileSync(foreign, 'once upon a time, there was a file');
    for (const [path, message] of [[join(folder, 'gone'), /cannot read/], [cut, /cut short|ends/], [foreign, /not a usable safetensors file/]] as const) {
      const { code, err, out } = await limelight('evaluate', path);
      expect([code, out, err.trim().split('\n').length]).toEqual([1, '', 1]);
      expect(err).toMatch(/^limelight: /);
      expect(err).toContain(path);
      expect(err).toMatch(message);
    }
  });
  it('shows the stack with LIMELIGHT_DEBUG', async () => {
    vi.stubEnv('LIMELIGHT_DEBUG', '1');
    expect((await limelight('evaluate', join(folder, 'gone'))).err).toMatch(/\n +at /);
  });
});

describe('limelight predict', () => {
  it('reads digits from light and dark images', async () => {
    const { test } = await datasets.mnist();
    const images = [...test.y.data.subarray(0, 20).keys()];
    let right = 0;
    for (const i of images) {
      const png = join(folder, `digit-${i}.png`), dark = i % 2 === 0;
      const pixels = Uint8Array.from(test.x.data.subarray(i * 784, (i + 1) * 784), (pixel) => (dark ? pixel : 255 - pixel));
      await sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } }).resize(112, 112).png().toFile(png);
      const { code, out, err } = await limelight('predict', model, png, '--top', '2');
      expect(code).toBe(0);
      expect(out).toMatch(/^\d +\d+\.\d %\n\d +\d+\.\d %\n$/);
      expect(err).toContain('112 × 112, shown to the model as 28 × 28');
      expect(err.includes('its ground is light, so it was inverted')).toBe(!dark);
      if (Number(out[0]) === test.y.data[i]) right++;
    }
    expect(right).toBeGreaterThanOrEqual(15);
  });
  it('fails where there is no image', async () => {
    const { code, err } = await limelight('predict', model, join(folder, 'gone.png'));
    expect([code, err]).toEqual([1, `limelight: There is no file '${join(folder, 'gone.png')}'.\n`]);
  });
});

describe('limelight info', () => {
  it('tells layers, sizes, optimizer, steps and versions', async () => {
    const { code, out } = await limelight('info', model);
    expect(code).toBe(0);
    for (const part of ['hidden (Dense)', '100,480', 'Trainable params: 101,770', 'u8 [batch, 28, 28]', 'Adam (learningRate 0.001', '188 steps', 'sparseCategoricalCrossentropy', 'accuracy', 'format 1', `Node ${process.versions.node}`]) {
      expect(out).toContain(part);
    }
  });
});

describe('limelight', () => {
  it('has help and a version', async () => {
    const help = await limelight('--help');
    expect([help.code, help.err]).toEqual([0, '']);
    for (const command of ['train', 'evaluate', 'predict', 'info']) expect(help.out).toContain(command);
    expect((await limelight('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await limelight()).code).toBe(2);
  });
});
