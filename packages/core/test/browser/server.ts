/** A static server of a few texts from memory, for browser tests. `isolated` sends the headers that SharedArrayBuffer needs. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TestServer { readonly url: string; close(): Promise<void> }

const TYPES: Readonly<Record<string, string>> = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8' };

export async function serve(files: Readonly<Record<string, string>>, isolated: boolean): Promise<TestServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname, name = path === '/' ? 'index.html' : path.slice(1);
    const text = files[name];
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    if (text === undefined) { response.writeHead(404).end(); return; }
    response.writeHead(200, { 'Content-Type': TYPES[name.split('.').pop() ?? ''] ?? 'text/plain' }).end(text);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise((resolve) => { server.close(() => { resolve(); }); server.closeAllConnections(); }),
  };
}
