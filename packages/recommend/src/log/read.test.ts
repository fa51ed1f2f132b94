import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { Interactions } from './interactions.ts';
import { readCatalogue } from './readCatalogue.ts';
import { readLog, readSequences } from './readLog.ts';

const folder = mkdtempSync(join(tmpdir(), 'recommend-read-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => { const path = join(folder, name); writeFileSync(path, content); return path; };
const shown = (log: Interactions): string[] => Array.from(log.users.ids, (id, u) => `${id}: ${Array.from(log.history(u).items, (i, at) => `${log.items.id(i)}@${log.history(u).times?.[at] ?? '-'}`).join(' ')}`);

const EXPECTED = ['196: 242@10 302@20', '007: 242@15'];
describe('readLog', () => {
  it.each([
    ['a.inter', 'user_id:token\titem_id:token\trating:float\ttimestamp:float\n196\t302\t3\t20\n007\t242\t3\t15\n196\t242\t3\t10\n'],
    ['ratings.dat', '196::302::3::20\n007::242::3::15\n196::242::3::10\n'],
    ['a.csv', 'userId,movieId,rating,timestamp\n196,302,3,20\n007,242,3,15\n196,242,3,10\n'],
    ['a.tsv', 'User ID\tItem ID\tTime\n196\t302\t20\n007\t242\t15\n196\t242\t10\n'],
    ['a.ndjson', '{"user":196,"item":302,"time":20}\n{"user":"007","item":242,"time":15}\n{"user":196,"item":242,"time":10}\n'],
    ['a.csv.gz', gzipSync('user,item,time\n196,302,20\n007,242,15\n196,242,10\n')],
  ])('%s', async (name, content) => { expect(shown(await readLog(file(name, content)))).toEqual(EXPECTED); });

  it('takes columns by name, kinds of events, seconds watched, dates and milliseconds', async () => {
    const path = file('b.csv', 'who,what,when,kind,seconds\na,x,2024-01-02,view,50\na,y,2024-01-01,like,7\n');
    const log = await readLog(path, { user: 'who', item: 'what', time: 'when', event: 'kind', watched: 'seconds' });
    expect(shown(log)).toEqual(['a: y@1704067200 x@1704153600']);
    expect(Array.from(log.event ?? [], (n) => log.events[n])).toEqual(['like', 'view']);
    expect([...(log.watched ?? [])]).toEqual([7, 50]);
    const problems: string[] = [];
    expect(shown(await readLog(file('ms.csv', 'user,item,ts\na,x,1704067200000\n'), { problems }))).toEqual(['a: x@1704067200']);
    expect(problems).toEqual([expect.stringMatching(/'ts' are milliseconds/)]);
  });
  it('says what it lacks', async () => {
    await expect(readLog(file('c.csv', 'a,b\n1,2\n'))).rejects.toThrow(/which column holds the user\? Its columns are a, b/);
    await expect(readLog(file('d.csv', 'user,item\n1,2\n'), { time: 'when' })).rejects.toThrow(/column for the time 'when'/);
    await expect(readLog(file('e.csv', 'user,item,time\n1,2,yesterday\n'))).rejects.toThrow(/'time' holds no times/);
    await expect(readLog(join(folder, 'none.csv'))).rejects.toThrow(/no file/);
    const problems: string[] = [], log = await readLog(file('f.csv', 'user,item\n1,2\n1,3\n'), { problems });
    expect([log.timed, log.rows, problems.length]).toEqual([false, 2, 1]);
  });
  it('names rows without a time, a user or with a time before 1970, or leaves them out', async () => {
    const path = file('g.csv', 'user,item,time\na,x,5\na,y,\n,z,6\nb,x,-4\nb,y,7\n'), problems: string[] = [];
    await expect(readLog(path)).rejects.toThrow(/row 2 has no time.*\{ missing: 'drop' \}/);
    expect(shown(await readLog(path, { missing: 'drop', problems }))).toEqual(['a: x@5', 'b: y@7']);
    expect(problems).toEqual(['1 rows without a time were left out', '1 rows without a user were left out', '1 rows without a time after 1970 were left out']);
    const future: string[] = [];
    await readLog(file('h.csv', 'user,item,time\na,x,4000000000\n'), { problems: future });
    expect(future[0]).toMatch(/in the future/);
  });
  it('lines of ids', () => {
    expect(readSequences(file('s.txt', '3 1 2\n\n5,6\n'))).toEqual([['3', '1', '2'], [], ['5', '6']]);
    expect(() => readSequences(file('t.txt', '\n'))).toThrow(/is empty/);
    expect(Interactions.fromSequences(readSequences(join(folder, 's.txt'))).rows).toBe(5);
  });
});

describe('readCatalogue', () => {
  it('reads .item, .dat, .csv and .ndjson', async () => {
    const item = await readCatalogue(file('a.item', 'item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n1\tToy "Story"\t1995\tAnimation Comedy\n2\tAlien\t\t\n'));
    expect(item.get('1')).toEqual({ id: '1', title: 'Toy "Story"', attributes: { genre: ['Animation', 'Comedy'] }, numbers: { year: 1995 } });
    expect(item.get('2')).toEqual({ id: '2', title: 'Alien', attributes: {}, numbers: {} });
    const dat = await readCatalogue(file('movies.dat', Buffer.from('1::Les Misérables (1995)::Drama|Musical\n', 'latin1')));
    expect(dat.get('1')).toMatchObject({ title: 'Les Misérables (1995)', attributes: { genre: ['Drama', 'Musical'] } });
    const csv = await readCatalogue(file('c2.csv', 'id,title,genres,series,min_age,available_until,mood\n0,A,"x, y",S,12,2024-01-01,calm\n'), { attributes: ['mood', 'genres'] });
    expect(csv.get('0')).toMatchObject({ attributes: { mood: ['calm'], genres: ['x', 'y'] }, franchise: 'S', age: 12, until: 1_704_067_200 });
    const nd = await readCatalogue(file('c.ndjson', '{"id":"a","title":"A","genres":["x","y"]}\n'));
    expect(nd.get('a')?.attributes).toEqual({ genre: ['x', 'y'] });
    expect(nd.missing(['a', 'b'])).toEqual(['b']);
  });
  it('refuses ids that are missing or double', async () => {
    await expect(readCatalogue(file('d2.csv', 'id,title\n1,a\n1,b\n'))).rejects.toThrow(/'1' twice/);
    await expect(readCatalogue(file('e2.csv', 'name,title\n1,a\n'))).rejects.toThrow(/which column holds the id/);
  });
});
