import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataError, FormatError, type Tensor } from '@limelight/core';
import { audioDatasetFromDirectory, readAudio, resample } from './audio.ts';
import { imageDatasetFromDirectory, readImage, readImages } from './images.ts';
import { optional } from './optional.ts';
import { readText, readTexts, textDatasetFromDirectory } from './texts.ts';

const top = mkdtempSync(join(tmpdir(), 'limelight-files-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));
const folder = (...parts: string[]): string => { const path = join(top, ...parts); mkdirSync(path, { recursive: true }); return path; };

/** 16-bit PCM of a tone. */
function wav(frequency: number, rate: number, seconds: number, channels = 1): Buffer {
  const frames = Math.round(rate * seconds), data = Buffer.alloc(44 + 2 * channels * frames);
  data.write('RIFF', 0); data.writeUInt32LE(36 + 2 * channels * frames, 4); data.write('WAVEfmt ', 8); data.writeUInt32LE(16, 16); data.writeUInt16LE(1, 20); data.writeUInt16LE(channels, 22);
  data.writeUInt32LE(rate, 24); data.writeUInt32LE(rate * channels * 2, 28); data.writeUInt16LE(channels * 2, 32); data.writeUInt16LE(16, 34); data.write('data', 36); data.writeUInt32LE(2 * channels * frames, 40);
  for (let i = 0; i < frames; i++) for (let c = 0; c < channels; c++) data.writeInt16LE(Math.round((c === 0 ? 16000 : 0) * Math.sin((2 * Math.PI * frequency * i) / rate)), 44 + 2 * (i * channels + c));
  return data;
}

beforeAll(async () => {
  for (const [kind, colour] of [['blue', '#0000ff'], ['red', '#ff0000']] as const) {
    for (let i = 0; i < 5; i++) await sharp({ create: { width: 20, height: 10, channels: 3, background: colour } }).png().toFile(join(folder('images', kind), `${i}.png`));
    for (let i = 0; i < 3; i++) writeFileSync(join(folder('sounds', kind), `${i}.wav`), wav(440, 8000, 0.1));
    for (let i = 0; i < 3; i++) writeFileSync(join(folder('texts', kind), `${i}.txt`), `${kind} text ${i}`);
  }
  writeFileSync(join(top, 'images', 'blue', 'notes.txt'), 'no image');
});

describe('images', () => {
  it('gives batches of bytes with the classes of their folders', async () => {
    const { data, classNames, files } = imageDatasetFromDirectory(join(top, 'images'), { imageSize: [4, 8], batchSize: 4, shuffle: false });
    expect([classNames, files.length, data.size]).toEqual([['blue', 'red'], 10, 3]);
    const batches = await data.toArray() as { x: Tensor; y: Tensor }[];
    expect(batches.map(({ x }) => x.shape)).toEqual([[4, 4, 8, 3], [4, 4, 8, 3], [2, 4, 8, 3]]);
    expect([batches[0]?.x.dtype, batches[1]?.y.dtype, Array.from(batches[1]?.y.dataSync() ?? [])]).toEqual(['u8', 'i32', [0, 1, 1, 1]]);
    expect(Array.from(batches[2]?.x.dataSync().subarray(0, 3) ?? [])).toEqual([255, 0, 0]);
  });
  it('splits by a seed into parts without a common file, shuffles anew in each iteration, and writes labels as asked', async () => {
    const part = (subset: 'training' | 'validation') => imageDatasetFromDirectory(join(top, 'images'), { validationSplit: 0.3, subset, seed: 4, imageSize: [2, 2] });
    const [train, val] = [part('training'), part('validation')];
    expect([train.files.length, val.files.length, new Set([...train.files, ...val.files]).size]).toEqual([7, 3, 10]);
    const one = imageDatasetFromDirectory(join(top, 'images'), { labelMode: 'categorical', imageSize: [2, 2], seed: 1, batchSize: 10 });
    const orders = [] as string[];
    for (let round = 0; round < 2; round++) for await (const { y } of one.data) orders.push(Array.from((y as Tensor).dataSync()).join(''));
    expect([orders.length, orders[0] !== orders[1], orders[0]?.length]).toEqual([2, true, 20]);
  });
  it('reads grey and with alpha, keeps proportions, and keeps what was decoded', async () => {
    const path = join(top, 'images', 'red', '0.png');
    expect(await readImage(path, { colorMode: 'grayscale' })).toMatchObject({ shape: [10, 20, 1] });
    expect(Array.from((await readImage(path, { colorMode: 'rgba', imageSize: [1, 1] })).data)).toEqual([255, 0, 0, 255]);
    const cache = join(top, 'cache'), set = imageDatasetFromDirectory(join(top, 'images'), { imageSize: [3, 3], cropToAspectRatio: true, cache, shuffle: false });
    const [first] = await set.data.toArray() as { x: Tensor }[], [again] = await set.data.toArray() as { x: Tensor }[];
    expect([readdirSync(cache).length, again?.x.dataSync()]).toEqual([10, first?.x.dataSync()]);
    expect((await readImages(join(top, 'images'), { imageSize: [3, 3] })).x.shape).toEqual([10, 3, 3, 3]);
  });
  it('names a broken image, a missing file and folders that do not fit', async () => {
    const bad = join(folder('broken', 'a'), 'bad.png');
    writeFileSync(bad, 'no image');
    await expect(readImage(bad)).rejects.toThrow(FormatError);
    await expect(readImage(bad)).rejects.toThrow(/bad\.png' cannot be read as an image/);
    await expect(imageDatasetFromDirectory(join(top, 'broken')).data.toArray()).rejects.toThrow(/bad\.png/);
    await expect(readImage(join(top, 'none.png'))).rejects.toThrow(DataError);
    expect(() => imageDatasetFromDirectory(join(top, 'none'))).toThrow(/There is no folder/);
    expect(() => imageDatasetFromDirectory(join(top, 'images', 'red'))).toThrow(/has no subfolders; a class is a subfolder\. Without classes: \{ labels: null \}/);
    expect(() => imageDatasetFromDirectory(join(top, 'texts'))).toThrow(/hold no files \(\.png/);
    expect(() => imageDatasetFromDirectory(join(top, 'images'), { classNames: ['red', 'green'] })).toThrow(/no subfolder 'green'/);
    expect(() => imageDatasetFromDirectory(join(top, 'images'), { validationSplit: 0.2 })).toThrow(/go together/);
  });
});

describe('sounds', () => {
  it('gives f32 samples of equal length', async () => {
    const [batch] = await audioDatasetFromDirectory(join(top, 'sounds'), { batchSize: 6, outputSequenceLength: 1000 }).data.toArray() as { x: Tensor; y: Tensor }[];
    expect([batch?.x.shape, batch?.y.shape]).toEqual([[6, 1000, 1], [6]]);
    expect(Math.max(...batch?.x.dataSync() ?? [])).toBeCloseTo(16000 / 32768, 2);
  });
  it('mixes channels and resamples without changing the tone', async () => {
    const path = join(top, 'stereo.wav');
    writeFileSync(path, wav(440, 44100, 0.2, 2));
    const sound = await readAudio(path, { sampleRate: 16000 });
    expect([sound.shape, sound.sampleRate]).toEqual([[3200, 1], 16000]);
    let worst = 0;
    for (let i = 100; i < 3100; i++) worst = Math.max(worst, Math.abs((sound.data[i] ?? 0) - (16000 / 32768 / 2) * Math.sin((2 * Math.PI * 440 * i) / 16000)));
    expect(worst).toBeLessThan(2e-3);
    expect((await readAudio(path, { mono: false })).shape).toEqual([8820, 2]);
    // Above the new Nyquist frequency nothing is left.
    const high = resample(Float32Array.from({ length: 4410 }, (_, i) => Math.sin((2 * Math.PI * 15000 * i) / 44100)), 44100, 16000);
    expect(Math.max(...high.subarray(50, 1500).map(Math.abs))).toBeLessThan(0.01);
  });
  it('names a broken file', async () => {
    const bad = join(top, 'bad.wav');
    writeFileSync(bad, 'no sound at all');
    await expect(readAudio(bad)).rejects.toThrow(/bad\.wav' cannot be read as audio/);
    await expect(readAudio(join(top, 'none.wav'))).rejects.toThrow(/There is no file/);
  });
});

describe('texts', () => {
  it('gives batches of strings', async () => {
    const set = textDatasetFromDirectory(join(top, 'texts'), { batchSize: 4, shuffle: false }), batches = await set.data.toArray();
    expect([batches.map((b) => b.x.length), batches[0]?.x[3], Array.from(batches[0]?.y?.dataSync() ?? [])]).toEqual([[4, 2], 'red text 0', [0, 0, 0, 1]]);
    expect((await readTexts(join(top, 'texts'))).y).toEqual(Int32Array.of(0, 0, 0, 1, 1, 1));
    const bad = join(top, 'latin.txt');
    writeFileSync(bad, Buffer.from('ü', 'latin1'));
    await expect(readText(bad)).rejects.toThrow(/latin\.txt' is not utf-8 text/);
  });
});

it('says what to install', async () => {
  await expect(optional(() => import('no-such-package' as string), 'no-such-package', 'Reading images')).rejects.toThrow('Reading images needs the package no-such-package. Run `npm install no-such-package`.');
});
