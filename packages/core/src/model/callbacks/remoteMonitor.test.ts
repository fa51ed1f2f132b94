import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RemoteMonitor } from './index.ts';

interface Seen { readonly method: string | undefined; readonly url: string | undefined; readonly type: string | undefined; readonly key: IncomingMessage['headers'][string]; readonly body: string }

let server: Server, root: string, seen: Seen[];
beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => { body += part; }).on('end', () => {
      seen.push({ method: request.method, url: request.url, type: request.headers['content-type'], key: request.headers['x-key'], body });
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
const close = (): Promise<void> => new Promise((resolve) => { server.close(() => { resolve(); }); server.closeAllConnections(); });
afterEach(close);

describe('RemoteMonitor', () => {
  it('posts epoch and logs as JSON in a field of a form', async () => {
    const monitor = new RemoteMonitor({ root });
    await monitor.onEpochEnd(0, { loss: 0.5, val_loss: 0.25 });
    await monitor.onEpochEnd(1, { loss: NaN });
    expect(seen.map(({ method, url, type }) => [method, url, type?.split(';')[0]])).toEqual(Array(2).fill(['POST', '/publish/epoch/end/', 'application/x-www-form-urlencoded']));
    expect(seen.map(({ body }) => [...new URLSearchParams(body)])).toEqual([[['data', '{"epoch":0,"loss":0.5,"val_loss":0.25}']], [['data', '{"epoch":1,"loss":null}']]]);
  });
  it('takes another path, field and headers', async () => {
    await new RemoteMonitor({ root, path: '/here?run=1', field: 'epoch', headers: { 'X-Key': 'k' } }).onEpochEnd(2, { loss: 1 });
    expect(seen).toMatchObject([{ url: '/here?run=1', key: 'k', body: `epoch=${encodeURIComponent('{"epoch":2,"loss":1}')}` }]);
  });
  it('sends JSON as the body with sendAsJson, as application/json where no header says otherwise', async () => {
    await new RemoteMonitor({ root, sendAsJson: true }).onEpochEnd(3, { loss: 1 });
    await new RemoteMonitor({ root, sendAsJson: true, headers: { 'Content-Type': 'application/x-log' } }).onEpochEnd(3, { loss: 1 });
    expect(seen.map(({ type, body }) => [type, body])).toEqual([['application/json', '{"epoch":3,"loss":1}'], ['application/x-log', '{"epoch":3,"loss":1}']]);
  });
  it('warns where the server cannot be reached, and goes on', async () => {
    await close();
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    try {
      await new RemoteMonitor({ root }).onEpochEnd(0, { loss: 1 });
      expect(warn.mock.calls).toEqual([[expect.stringMatching(/^RemoteMonitor: the server at http:\/\/127\.0\.0\.1:\d+ could not be reached \(.+\); the training goes on\.$/)]]);
    } finally {
      warn.mockRestore();
    }
  });
});
