import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { limelight } from './limelight.testing.ts';

// An archive of the same form: 40 users, 30 films; texts in Latin-1, as there.
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const genres = (...on: number[]): string => Array.from({ length: 19 }, (_, i) => (on.includes(i) ? '1' : '0')).join('|');
const films = Array.from({ length: 30 }, (_, i) => (i === 0 ? `1|Misérables, Les (1995)|01-Jan-1995||http://film|${genres(8, 12)}` : i === 1 ? `2|unknown||||${genres(0)}` : `${i + 1}|Film ${i + 1} (19${60 + i})|||http://film|${genres(1 + (i % 18))}`));
const ratings = Array.from({ length: 40 * 15 }, (_, n) => `${1 + (n % 40)}\t${1 + ((5 * (n % 40) + 2 * Math.floor(n / 40)) % 30)}\t${1 + (n % 5)}\t${880_000_000 + n * 977}`);
const zip = (more: Record<string, string> = {}): Buffer => Buffer.from(zipSync(Object.fromEntries(Object.entries({ 'ml-100k/README': 'Do not redistribute.\n', 'ml-100k/u.data': `${ratings.join('\n')}\n`, 'ml-100k/u.item': `${films.join('\n')}\n`, 'ml-100k/mku.sh': '#!/bin/sh\n', ...more }).map(([name, text]) => [name, latin1(text)]))));
const good = zip(), sum = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

const top = mkdtempSync(join(tmpdir(), 'limelight-get-'));
let cache = '', counter = 0;
beforeEach(() => { cache = join(top, String(counter++)); vi.stubEnv('LIMELIGHT_CACHE', cache); });
afterEach(() => { vi.unstubAllEnvs(); vi.restoreAllMocks(); process.exitCode = undefined; });
/** What the cache holds, if anything. */
const kept = (): string[] => (existsSync(cache) ? readdirSync(cache, { recursive: true }).map(String).sort() : []);

let answer: (response: ServerResponse) => void;
const server = createServer((_request, response) => { answer(response); });
await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ml-100k.zip`;
afterAll(() => { server.closeAllConnections(); server.close(); rmSync(top, { recursive: true, force: true }); });
const get = (...args: string[]) => limelight('data', 'get', 'movielens-100k', ...args), fetching = ['--url', url, '--md5', sum(good), '--accept-terms'];

describe('limelight data', () => {
  it('shows the terms and fetches nothing until they are accepted', async () => {
    answer = () => { throw new Error('nothing may be asked'); };
    const { code, out, err } = await get('--url', url);
    expect([code, kept()]).toEqual([2, []]);
    expect(out).toMatch(/any research purposes.*may not redistribute.*Harper and Joseph A. Konstan/s);
    expect(err).toMatch(/limelight data get movielens-100k --accept-terms/);
  });
  it('fetches, checks, unpacks, and the kit trains on it by its name', async () => {
    answer = (response) => response.end(good);
    const { code, out, err } = await get(...fetching);
    expect(code, err).toBe(0);
    expect(out).toContain(join(cache, 'movielens-100k', 'ml-100k.inter'));
    expect(kept()).toEqual(['movielens-100k', 'movielens-100k/README.txt', 'movielens-100k/ml-100k.inter', 'movielens-100k/ml-100k.item']);
    expect(readFileSync(join(cache, 'movielens-100k', 'ml-100k.item'), 'utf8').split('\n').slice(1, 4)).toEqual(["1\tMisérables, Les (1995)\t1995\tDrama Musical", '2\tunknown\t\tunknown', '3\tFilm 3 (1962)\t1962\tAnimation']);
    answer = () => { throw new Error('it is here already'); };
    expect(JSON.parse((await get('--json')).out)).toMatchObject({ name: 'movielens-100k', folder: join(cache, 'movielens-100k') });
    const trained = await limelight('recommend', 'train', 'movielens-100k', '--model', 'markov', '--out', join(cache, 'model'), '--json');
    expect(trained.code, trained.err).toBe(0);
    expect(JSON.parse(trained.out)).toMatchObject({ split: 'time', users: 40, items: 30 });
    expect((await limelight('recommend', 'recommend', join(cache, 'model'), '--history', '5')).out).toMatch(/Film \d+ \(19\d\d\)/);
    expect((await limelight('recommend', 'audit', 'movielens-100k')).out).toMatch(/600 events, 40 users, 30 items/);
  });
  it('lists what there is', async () => {
    expect((await limelight('data', 'list')).out).toMatch(/movielens-100k.*100,000 ratings.*4\.9 MB; research only.*limelight data get/s);
    expect(JSON.parse((await limelight('data', 'list', '--json')).out)).toMatchObject([{ name: 'movielens-100k', folder: null }]);
  });
  it('takes an archive that was fetched by hand', async () => {
    const file = join(top, 'ml-100k.zip');
    writeFileSync(file, good);
    expect((await get('--file', file, '--md5', sum(good), '--accept-terms')).code).toBe(0);
    expect(kept()).toHaveLength(4);
  });
  it('refuses another checksum: that of GroupLens unless another one is given', async () => {
    answer = (response) => response.end(good);
    const { code, err } = await get('--url', url, '--accept-terms');
    expect([code, kept()]).toEqual([1, []]);
    expect(err).toMatch(new RegExp(`its MD5 is ${sum(good)}, expected 0e33842e24a9c977be4e0107933c0723 \\(${good.length} bytes, expected 4924029\\)`));
  });
  it.each([
    ['says where a download broke off', (response: ServerResponse): void => { response.writeHead(200, { 'content-length': good.length }).write(good.subarray(0, 1000), () => { setTimeout(() => { response.destroy(); }, 30); }); }, /Cannot download http:.* after 1,000 of [\d,]+ bytes\. Nothing was kept/],
    ['without a length the checksum finds it', (response: ServerResponse): void => { response.end(good.subarray(0, -1)); }, /its MD5 is/],
    ['says what the server answered', (response: ServerResponse): void => { response.writeHead(503).end(); }, /the server answered 503/],
  ])('keeps nothing of what is cut: %s', async (_name, behave, message) => {
    answer = behave;
    const { code, err } = await get(...fetching);
    expect([code, kept()]).toEqual([1, []]);
    expect(err).toMatch(message);
  });
  it('without internet says how to bring the file by hand', async () => {
    for (const nowhere of ['http://127.0.0.1:9/ml-100k.zip', 'http://nowhere.invalid/ml-100k.zip']) {
      const { code, err } = await get('--url', nowhere, '--accept-terms');
      expect([code, kept()]).toEqual([1, []]);
      expect(err).toMatch(/Cannot download http:.*(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|bad port).*Without internet here: fetch https:\/\/files\.grouplens\.org\/\S+ml-100k\.zip on a machine.*--file ml-100k\.zip --accept-terms/);
    }
  });
  it('names what is wrong', async () => {
    const other = zip({ 'ml-100k/u.data': '1,2,3,4\n' }), half = Buffer.from(zipSync({ 'ml-100k/u.data': latin1('1\t2\t3\t4\n') })), file = (name: string, bytes: Buffer): string => { writeFileSync(join(top, name), bytes); return join(top, name); };
    const of = async (path: string, bytes: Buffer): Promise<string> => (await get('--file', path, '--md5', sum(bytes), '--accept-terms')).err;
    expect(await of(file('other.zip', other), other)).toMatch(/u\.data of MovieLens-100K should have 4 columns; line 1 has 1/);
    expect(await of(file('half.zip', half), half)).toMatch(/lacks ml-100k\/u\.item, ml-100k\/README/);
    expect(await of(file('text.zip', Buffer.from('no zip')), Buffer.from('no zip'))).toMatch(/no usable zip archive/);
    expect(await of(join(top, 'none.zip'), half)).toMatch(/Cannot read .*none\.zip/);
    expect(kept()).toEqual([]);
    expect((await limelight('data', 'get', 'movielens-100m')).err).toMatch(/movielens-100k/);
    expect(await limelight('recommend', 'train', 'movielens-100k')).toMatchObject({ code: 2, err: expect.stringMatching(/not on this machine: limelight data get movielens-100k/) as string });
  });
});
