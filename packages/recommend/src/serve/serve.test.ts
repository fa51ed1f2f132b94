import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StateError } from '@limelight/core';
import { Catalogue, Interactions, markov, popularity, Recommender } from '@limelight/recommend';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { EventLog } from './eventLog.ts';
import { serve, type RecommendServer, type ServeOptions } from './serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-serve-')), at = (name: string): string => join(folder, name);
const open: { stop(): Promise<void> }[] = [];
afterEach(async () => { for (const one of open.splice(0)) await one.stop(); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const model = markov();
await model.fit(Interactions.from({ user: ['ann', 'ann', 'ann', 'bob', 'bob', 'cem', 'cem'], item: ['a', 'b', 'c', 'a', 'b', 'b', 'c'], time: [1, 2, 3, 4, 5, 6, 7] }));
await model.save(at('model.safetensors'));

async function start(options: ServeOptions = {}, source: Parameters<typeof serve>[0] = at('model.safetensors')): Promise<RecommendServer> {
  const server = await serve(source, { port: 0, updateSeconds: false, ...options });
  open.push(server);
  return server;
}
interface Answer { readonly status: number; readonly body: { items: { item: string; title?: string; score: number; reasons?: { item: string }[] }[]; contributions: { item: string; weight: number }[]; error: string; accepted: number; ready: boolean } }
async function post(server: { url: string }, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await fetch(server.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}
const itemsOf = ({ body }: Answer): string[] => body.items.map(({ item }) => item);

describe('serve', () => {
  it('answers what the model answers, with titles and reasons', async () => {
    const server = await start({ catalogue: new Catalogue([{ id: 'b', title: 'Brazil', age: 16 }, { id: 'a', title: 'Alien' }]) });
    const { status, body } = await post(server, '/recommend', { history: ['a'], k: 1, reasons: 1 });
    expect([status, body.items]).toEqual([200, [{ item: 'b', title: 'Brazil', score: expect.any(Number), reasons: [{ item: 'a', title: 'Alien', weight: expect.any(Number) }] }]]);
    expect(itemsOf(await post(server, '/recommend', { user: 'bob', k: 1 }))).toEqual(['c']);
    expect(itemsOf(await post(server, '/recommend', { history: ['a'], deny: ['b'], k: 1 }))).toEqual(['c']);
    expect(itemsOf(await post(server, '/similar', { item: 'a', k: 1 }))).toEqual(['b']);
    expect(itemsOf(await post(server, '/recommend', { history: ['a'], k: 1, rules: { age: 12 } }))).toEqual(['c']);
    const parts = (await post(server, '/explain', { item: 'c', history: ['a', 'b'] })).body.contributions;
    expect(parts.map(({ item }) => item)).toEqual(['b', 'a']);
  });
  it('takes cold starts: nobody, an unknown user, unknown items, an empty history, a k above the catalogue', async () => {
    const server = await start(), popular = ['b', 'a', 'c'];
    for (const body of [{}, { user: 'nobody' }, { history: [] }, { history: ['zz', 7] }, { user: 42, k: 1000 }]) expect(itemsOf(await post(server, '/recommend', body)), JSON.stringify(body)).toEqual(popular);
    expect((await post(server, '/explain', { item: 'c', user: 'nobody' })).body.contributions).toEqual([]);
  });
  it.each([
    ['/recommend', '{"history": [', 400, /no JSON/], ['/recommend', '', 400, /JSON/], ['/recommend', [], 400, /must be object/], ['/recommend', { histroy: ['a'] }, 400, /'histroy' is unknown/], ['/recommend', { history: 'a' }, 400, /body\/history must be array/],
    ['/recommend', { k: 0 }, 400, /body\/k must be >= 1/], ['/recommend', { k: 1.5 }, 400, /integer/], ['/recommend', { user: 'ann', history: ['a'] }, 400, /not both/], ['/recommend', { history: ['a'], times: [1, 2] }, 400, /1 items.*2 times/], ['/recommend', { allow: ['zz'] }, 400, /none of the allowed/],
    ['/recommend', { rules: { age: 12 } }, 400, /'age' needs a catalogue/], ['/recommend', { rules: { diversity: 2 } }, 400, /diversity must be <= 1/],
    ['/similar', {}, 400, /'item'/], ['/similar', { item: 'zz' }, 404, /does not know the item 'zz'/], ['/explain', { item: 'zz', history: ['a'] }, 404, /does not know/], ['/nothing', {}, 404, /There is no POST \/nothing/],
    ['/events', { events: [] }, 400, /fewer than 1/], ['/events', { events: [{ user: 'ann' }] }, 400, /'item'/], ['/events', { events: [{ user: 'a', item: 'b', time: -1 }] }, 400, />= 0/], ['/events', { events: [{ user: 'a', item: 'b', time: 1_700_000_000_000 }] }, 400, /<= 4102444800/],
    ['/recommend', JSON.stringify({ history: ['x'.repeat(5000)] }), 413, /more than 4096 bytes/],
  ] as const)('says what is wrong: %s %j', async (path, body, status, message) => {
    const answer = await post(await start({ bodyLimit: 4096, events: at('wrong.ndjson') }), path, body);
    expect([answer.status, answer.body.error]).toEqual([status, expect.stringMatching(message)]);
  });
  it('asks for its token, but not for health', async () => {
    const server = await start({ token: 'secret' });
    for (const authorization of ['', 'Bearer wrong', 'secret']) expect((await post(server, '/recommend', {}, authorization === '' ? {} : { authorization })).status).toBe(401);
    expect((await post(server, '/recommend', {}, { authorization: 'Bearer secret' })).status).toBe(200);
    expect((await fetch(`${server.url}/metrics`)).status).toBe(401);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect((await fetch(`${server.url}/recommend`, { method: 'POST', body: 'x', headers: { authorization: 'Bearer secret', 'content-type': 'text/plain' } })).status).toBe(415);
  });
  it('counts events at once, learns from them, and has them after a start', async () => {
    const events = at('learn.ndjson'), server = await start({ events });
    expect(itemsOf(await post(server, '/recommend', { user: 'dan', k: 1 }))).toEqual(['b']);
    expect((await post(server, '/events', { events: [{ user: 'dan', item: 'b', time: 10 }, { user: 'dan', item: 'new', time: 11, event: 'view' }] }))).toMatchObject({ status: 202, body: { accepted: 2 } });
    expect(itemsOf(await post(server, '/recommend', { user: 'dan', k: 3 }))).not.toContain('b');
    const before = server.model;
    await server.update();
    expect(server.model).not.toBe(before);
    expect(itemsOf(await post(server, '/recommend', { history: ['b'], k: 3 }))).toContain('new');
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toMatch(/limelight_events_total 2\n/);
    expect(text).toMatch(/limelight_http_requests_total\{method="POST",route="\/events",status="202"\} 1\n/);
    expect(text).toMatch(/limelight_model_updates_total 1\n/);
    expect(text).toMatch(/duration_seconds_bucket\{route="\/recommend",le="\+Inf"\} 3\n/);
    await server.stop();
    expect(existsSync(`${events}.lock`)).toBe(false);
    const again = await start({ events });
    expect(again.model.users.index('dan')).toBeGreaterThanOrEqual(0);
    expect(itemsOf(await post(again, '/recommend', { history: ['b'], k: 3 }))).toContain('new');
    await expect(serve(at('model.safetensors'), { port: 0, events })).rejects.toThrow(/already written by this process/);
  });
  it('warms a model before it answers, at the start and after an update', async () => {
    const warm = vi.spyOn(Recommender.prototype, 'warm');
    try {
      const server = await start({ events: at('warm.ndjson') }, model), first = server.model;
      expect(warm.mock.contexts).toEqual([first]);
      let answering: Recommender | null = null;
      warm.mockImplementationOnce(async () => { answering = server.model; });
      await post(server, '/events', { events: [{ user: 'ann', item: 'b' }] });
      await server.update();
      expect(answering).toBe(first);
      expect(server.model).toBe(warm.mock.contexts[1]);
    } finally {
      warm.mockRestore();
    }
  });
  it('refuses models that learnt nothing, ports that are taken, options that cannot be', async () => {
    await expect(serve(popularity(), { port: 0 })).rejects.toThrow(StateError);
    const server = await start({}, model);
    expect((await post(server, '/events', { events: [{ user: 'a', item: 'b' }] })).body.error).toMatch(/no log of events/);
    await expect(serve(model, { port: server.port })).rejects.toThrow(/is taken/);
    await expect(serve(model, { port: 1e6 })).rejects.toThrow(/0 to 65535/);
    await expect(serve(model, { token: '' })).rejects.toThrow(/empty/);
    await expect(serve(at('model.safetensors'), { fsync: 'sometimes' as 'never' })).rejects.toThrow(/'always', 'interval' or 'never'/);
  });
});

describe('the log of events', () => {
  it('cuts off a last line that is torn, and leaves out what is no event', async () => {
    const path = at('torn.ndjson'), said: string[] = [];
    writeFileSync(path, '{"user":"a","item":"b","time":1}\n{"oops"}\n{"user":"a","item":"c","time":2}\n{"user":"a","it');
    const log = await EventLog.open(path, { onMessage: (text) => { said.push(text); } }), all = [];
    for await (const { item } of log.read()) all.push(item);
    await log.append([{ user: 'x', item: 'y', time: 3 }]);
    await log.close();
    expect([all, said]).toEqual([['b', 'c'], [expect.stringMatching(/cut off/), expect.stringMatching(/line 2 holds no event/)]]);
    expect(readFileSync(path, 'utf8').split('\n').slice(2)).toEqual(['{"user":"a","item":"c","time":2}', '{"user":"x","item":"y","time":3}', '']);
    await expect(log.append([])).rejects.toThrow(/closed/);
  });
  it('has one writer; the lock of a process that is gone does not count', async () => {
    const path = at('one.ndjson'), lock = `${path}.lock`, dead = await new Promise<number>((resolve) => { const child = spawn(process.execPath, ['-e', '']); child.once('exit', () => { resolve(child.pid ?? 0); }); });
    const { hostname } = await import('node:os');
    writeFileSync(lock, JSON.stringify({ pid: process.ppid, host: hostname(), began: null }));
    await expect(EventLog.open(path)).rejects.toThrow(new RegExp(`written by process ${process.ppid}`));
    writeFileSync(lock, JSON.stringify({ pid: 1, host: 'elsewhere.invalid', began: null }));
    await expect(EventLog.open(path)).rejects.toThrow(/on the machine 'elsewhere\.invalid'/);
    for (const left of [JSON.stringify({ pid: dead, host: hostname(), began: null }), JSON.stringify({ pid: process.pid, host: hostname(), began: null }), '']) {
      writeFileSync(lock, left);
      await (await EventLog.open(path)).close();
    }
  });
});

// A server in a process of its own, run from the sources.
async function child(events: string, more = ''): Promise<{ process: ChildProcess; url: string; ended: Promise<number | null> }> {
  const program = at(`server-${Math.random().toString(36).slice(2)}.mts`);
  writeFileSync(program, `import { serve } from ${JSON.stringify(new URL('./serve.ts', import.meta.url).href)};\nconst server = (await serve(${JSON.stringify(at('model.safetensors'))}, { port: 0, events: ${JSON.stringify(events)}, ${more} })).stopOnSignals();\nconsole.log(server.url);\n`);
  const started = spawn(process.execPath, ['--conditions=limelight-source', '--import', 'tsx', program], { cwd: fileURLToPath(new URL('../../../..', import.meta.url)), stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => { started.once('exit', (code) => { resolve(code); }); });
  open.push({ stop: async () => { started.kill('SIGKILL'); await ended; } });
  let wrong = '';
  started.stderr.on('data', (part) => { wrong += String(part); });
  const url = await new Promise<string>((resolve, reject) => {
    started.stdout.once('data', (part) => { resolve(String(part).trim()); });
    void ended.then(() => { reject(new Error(wrong)); });
  });
  return { process: started, url, ended };
}

describe('a server that ends', () => {
  it('loses no event that it acknowledged when it is killed in the middle of a stream', async () => {
    const events = at('killed.ndjson'), server = await child(events, "fsync: 'always'"), acknowledged: string[] = [];
    let running = true;
    const senders = Array.from({ length: 8 }, async (_, s) => {
      for (let n = 0; running; n++) {
        const item = `s${s}n${n}`;
        try { if ((await post(server, '/events', { events: [{ user: `u${s}`, item }] })).status === 202) acknowledged.push(item); } catch { return; }
      }
    });
    while (acknowledged.length < 300) await new Promise((resolve) => { setTimeout(resolve, 5); });
    server.process.kill('SIGKILL');
    await server.ended;
    running = false;
    await Promise.all(senders);
    const log = await EventLog.open(events), kept = new Set<string>(); // the dead writer's lock is taken over
    for await (const { item } of log.read()) kept.add(item);
    await log.close();
    expect(acknowledged.length).toBeGreaterThanOrEqual(300);
    expect(acknowledged.filter((item) => !kept.has(item))).toEqual([]);
  }, 30_000);
  it('finishes requests, writes what it has and ends with 0 at SIGTERM', async () => {
    const events = at('stopped.ndjson'), server = await child(events, "fsync: 'never'");
    await expect(EventLog.open(events)).rejects.toThrow(new RegExp(`written by process ${server.process.pid}`));
    const sent = Array.from({ length: 20 }, (_, i) => post(server, '/events', { events: [{ user: 'u', item: `i${i}` }] }).then(({ status }) => status, () => 0));
    await sent[0];
    server.process.kill('SIGTERM');
    const accepted = (await Promise.all(sent)).filter((status) => status === 202).length;
    expect(await server.ended).toBe(0);
    expect(readFileSync(events, 'utf8').split('\n').length - 1).toBeGreaterThanOrEqual(accepted);
    expect(existsSync(`${events}.lock`)).toBe(false);
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  }, 30_000);
});
