import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateLog } from '@limelight/recommend';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { limelight as run } from '../limelight.testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-recommend-')), at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => { vi.restoreAllMocks(); process.exitCode = undefined; });

const limelight = (...args: string[]): ReturnType<typeof run> => run('recommend', ...args);
type Json = Record<string, unknown> & { intervals: Record<string, [number, number]>; items: { item: string; title?: string }[]; contributions: { weight: number }[]; models: { model: string; behind: unknown }[] };

// One log, as CSV with times and as lines of ids; its last items as files of histories and targets.
const { log, catalogue } = generateLog({ users: 150, items: 80, events: 20, seed: 3 }), lists = Array.from({ length: log.users.size }, (_, u) => Array.from(log.history(u).items, (i) => log.items.id(i)));
writeFileSync(at('log.csv'), `user_id,item_id,timestamp\n${Array.from(log.user, (u, row) => `${log.users.id(u)},${log.items.id(log.item[row] as number)},${log.time[row]}`).join('\n')}\n`);
writeFileSync(at('titles.csv'), `item_id,title\n${[...catalogue].map(({ id, title }) => `${id},"${title} <${id}>"`).join('\n')}\n`);
const long = lists.filter((list) => list.length > 4);
writeFileSync(at('train.txt'), long.map((list) => list.slice(0, -1).join(' ')).join('\n'));
writeFileSync(at('target.txt'), long.map((list) => list.at(-1)).join('\n'));

describe('limelight recommend', () => {
  it('trains, measures, saves, and answers with titles and reasons', async () => {
    const dir = at('quick'), html = at('quick.html'), trained = await limelight('train', at('log.csv'), '--set', 'l2=20', '--catalogue', at('titles.csv'), '--out', dir, '--html', html, '--json');
    expect(trained.code, trained.err).toBe(0);
    const report = JSON.parse(trained.out) as Json;
    expect([report['model'], report['split'], report['refit']]).toEqual(['quick', 'time', true]);
    expect(report['hr@10']).toBeGreaterThan(0.1);
    expect(report.intervals['ndcg@10']?.[0]).toBeLessThan(report['ndcg@10'] as number);
    expect(report['seconds']).toBeGreaterThan(0);
    const page = readFileSync(html, 'utf8');
    expect(page).toMatch(/Some users.*&lt;m\d+&gt;/s);
    expect(page).not.toMatch(/<m\d+>/);
    const user = log.users.id(0), asked = await limelight('recommend', dir, '--user', user, '--k', '3'), answered = await limelight('recommend', dir, '--history', 'm1,nowhere', '--k', '2', '--json');
    expect(asked.out).toMatch(/title.*because of.*\n.*1 .*<m\d+>/s);
    expect(answered.err).toMatch(/does not know 'nowhere'/);
    expect((JSON.parse(answered.out) as Json).items.map(({ title }) => title?.endsWith('>'))).toEqual([true, true]);
    const item = (JSON.parse(answered.out) as Json).items[0]?.item ?? '', explained = await limelight('explain', dir, item, '--history', 'm1,m2,m3', '--json');
    expect((JSON.parse(explained.out) as Json).contributions).toHaveLength(3);
    expect((await limelight('explain', dir, item, '--user', user)).out).toMatch(/place \d+ of 7\d/);
  });
  describe('rules', () => {
    const dir = at('ruled'), list = async (...args: string[]): Promise<string> => {
      const { code, out, err } = await limelight('recommend', dir, '--json', '--reasons', '0', ...args);
      return code === 0 ? (JSON.parse(out) as { items: { item: string; explored?: boolean }[] }).items.map(({ item, explored }) => (explored === true ? `${item}?` : item)).join(' ') : err;
    };
    // Popularity orders s1 s2 s3 adult gone soon other seen; what the rules know of them is in the catalogue.
    const ids = ['seen', 's1', 's2', 's3', 'adult', 'gone', 'soon', 'other'];
    writeFileSync(at('ruled.csv'), `user,item,time\n${ids.flatMap((id, i) => Array.from({ length: 9 - i }, (_, u) => `u${u},${id},${100 * i + u}`)).join('\n')}\n`);
    writeFileSync(at('ruled-titles.csv'), 'id,title,genres,series,min_age,available_from,available_until\nseen,Seen,x,,,,\ns1,Saga 1,x,Saga,,,\ns2,Saga 2,x,Saga,,,\ns3,Saga 3,x,Saga,,,\nadult,Adult,x,,18,,\ngone,Gone,x,,,,2020-01-01\nsoon,Soon,x,,,2090-01-01,\nother,Other,y,,,,\n');
    it('licences, ages, series, variety, exploration, ids', async () => {
      const trained = await limelight('train', at('ruled.csv'), '--model', 'popularity', '--split', 'none', '--catalogue', at('ruled-titles.csv'), '--out', dir);
      expect(trained.code, trained.err).toBe(0);
      expect(await list('--history', 'seen')).toBe('s1 s2 s3 adult other');
      expect(await list('--history', 'seen', '--rules', '{"now": false}')).toBe('s1 s2 s3 adult gone soon other');
      expect(await list('--history', 'seen', '--rules', '{"now": 1500000000, "age": 12}')).toBe('s1 s2 s3 gone other');
      writeFileSync(at('rules.json'), '{"maxPerFranchise": 1, "age": 18}');
      expect(await list('--history', 'seen', '--rules', at('rules.json'))).toBe('s1 adult other');
      expect(await list('--history', 'seen', '--rules', '{"diversity": 0.7}', '--k', '2')).toBe('s1 other');
      expect(await list('--history', 'seen', '--rules', '{"exploration": 0.5, "seed": 3}', '--k', '4')).toMatch(/^s1 s2 \w+\? \w+\?$/);
      expect(await list('--history', 'seen', '--no-filter-seen', '--k', '1')).toBe('seen');
      writeFileSync(at('allowed.txt'), 's2\r\nother\n\n');
      expect(await list('--history', 'seen', '--allow', `@${at('allowed.txt')}`)).toBe('s2 other');
      expect(await list('--history', 'seen', '--allow', 's2,s3', '--deny', 's2,nothing')).toBe('s3');
    });
    it('says in words what a list lacks, and what is there to explore', async () => {
      const { out } = await limelight('recommend', dir, '--history', 'seen', '--rules', '{"exploration": 0.5}', '--k', '2');
      expect(out).toMatch(/ 1 .*Saga 1.* 2\* .*\* is there to explore/s);
      expect((await limelight('recommend', dir, '--history', 'seen', '--deny', 'nothing')).err).toMatch(/--deny: the model does not know 'nothing'\..*5 of 10: no more are left/s);
    });
    it.each([
      ['{"agee": 12}', /no rule 'agee'; there are now, age/], ['{"age": "12"}', /'age' must be a number, not "12"/], ['[1]', /there is no file \[1\]/], ['{', /no JSON/], ['{"diversity": 2}', /between 0 and 1/], ['{"now": true}', /seconds since 1970, or false/],
    ] as const)('refuses %s', async (rules, message) => { expect(await list('--history', 'seen', '--rules', rules)).toMatch(message); });
    it('refuses rules that need a catalogue where there is none', async () => {
      await limelight('train', at('ruled.csv'), '--model', 'popularity', '--split', 'none', '--out', at('bare'));
      expect(await limelight('recommend', at('bare'), '--user', 'u1', '--rules', '{"age": 12}')).toMatchObject({ code: 2, err: expect.stringMatching(/'age' needs what a catalogue says.*train with --catalogue/) as string });
      expect((await limelight('recommend', at('bare'), '--user', 'u1', '--no-filter-seen', '--rules', '{"exploration": 0.2}')).code).toBe(0);
      expect((await limelight('recommend', dir, '--user', 'u1', '--allow', 'nothing')).err).toMatch(/none of the allowed/);
      expect((await limelight('recommend', dir, '--user', 'u1', '--deny', `@${at('none.txt')}`)).err).toMatch(/--deny: there is no file/);
    });
  });
  it('trains on lines of ids and measures on files passed in', async () => {
    const dir = at('markov'), trained = await limelight('train', at('train.txt'), '--model', 'markov', '--split', 'none', '--out', dir);
    expect(trained.code, trained.err).toBe(0);
    const measured = await limelight('evaluate', dir, '--history', at('train.txt'), '--target', at('target.txt'), '--json'), figures = JSON.parse(measured.out) as Json;
    expect(figures['users']).toBe(long.length);
    expect(figures['hr@10']).toBeGreaterThan(0.15);
    const both = JSON.parse((await limelight('train', at('train.txt'), '--model', 'markov', '--history', at('train.txt'), '--target', at('target.txt'), '--out', dir, '--json')).out) as Json;
    expect([both['hr@10'], both['ndcg@10'], both['refit']]).toEqual([figures['hr@10'], figures['ndcg@10'], false]);
    expect((await limelight('evaluate', dir, '--history', at('train.txt'), '--target', at('target.txt'))).out).toMatch(/hr@10.*0\.\d{4}.*0\.\d{4} – 0\.\d{4}/);
  });
  it('compares models on the same users', async () => {
    const html = at('compare.html'), table = await limelight('compare', at('log.csv'), '--models', 'popularity,markov,quick', '--split', 'leave-last-out', '--html', html);
    expect(table.code, table.err).toBe(0);
    expect(table.out).toMatch(/popularity.*\n.*users, split leave-last-out/s);
    expect(existsSync(html)).toBe(true);
    const json = JSON.parse((await limelight('compare', at('log.csv'), '--models', 'popularity,markov', '--json')).out) as Json;
    expect(json.models.map(({ behind }) => behind === null)).toEqual([true, false]);
  });
  it('audits a log', async () => {
    const { code, out } = await limelight('audit', at('log.csv'), '--catalogue', at('titles.csv'));
    expect([code, /events, 150 users, 7\d items/.test(out), /info: leakage|warning: leakage/.test(out)]).toEqual([0, true, true]);
    expect((JSON.parse((await limelight('audit', at('train.txt'), '--json')).out) as Json)['span']).toBeNull();
  });
  writeFileSync(at('gap.csv'), 'user,item,time\na,x,1\nb,,2\n');
  it.each([
    [['train', at('none.csv')], 2, /There is no file/],
    [['train', at('log.csv'), '--model', 'esae'], 1, /ease/],
    [['train', at('log.csv'), '--model', 'markov', '--set', 'l2=3'], 2, /no such setting/],
    [['train', at('train.txt'), '--split', 'time', '--out', at('x')], 2, /no times/],
    [['train', at('gap.csv'), '--out', at('x')], 2, /row 2 has no item.*--drop/],
    [['train', at('log.csv'), '--out', at('log.csv')], 2, /give a folder/],
    [['train', at('log.csv'), '--history', at('train.txt')], 2, /belong together/],
    [['evaluate', at('nothing'), '--history', 'a', '--target', 'b'], 2, /There is no folder/],
    [['evaluate', at('log.csv'), '--history', at('train.txt'), '--target', at('target.txt')], 1, /safetensors/],
    [['recommend', folder, '--user', 'a'], 2, /holds no model/],
    [['compare', at('log.csv'), '--models', 'markov,markov'], 2, /twice/],
    [['train'], 2, /missing required argument/],
  ] as const)('is used wrongly: %j', async (args, code, message) => {
    const result = await limelight(...args);
    expect([result.code, result.err]).toEqual([code, expect.stringMatching(message)]);
  });
});
