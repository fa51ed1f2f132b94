/**
 * The engine in Chromium: the model trains in a worker, with threads (a cross-origin isolated page) and without, with the same bits, while the page
 * stays responsive. Skipped, with a line that says so, where there is no Chromium (Debian: apt-get install chromium).
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WORDS } from '../../src/backend/wasm/control.ts';
import type { PageReport } from './page.ts';
import { serve, type TestServer } from './server.ts';

const executablePath = process.env['CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
if (executablePath === undefined) console.warn('Browser tests are skipped: no Chromium found. Install it, or name it in CHROMIUM.');

const FLAGS = ['--headless=new', '--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic'];
const ROWS = 1280, EPOCHS = 3;

describe.skipIf(executablePath === undefined)('Chromium', () => {
  let browser: Browser, isolated: TestServer, plain: TestServer;

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: ['page.ts', 'worker.ts'].map((name) => fileURLToPath(new URL(name, import.meta.url))),
      bundle: true, format: 'esm', platform: 'browser', target: 'es2022', write: false, outdir: '/', conditions: ['limelight-source'], logLevel: 'error',
    });
    const files = Object.fromEntries(outputFiles.map((file) => [file.path.split(/[\\/]/).pop() ?? '', file.text]));
    const page = { 'index.html': '<!doctype html><title>test</title><script type="module" src="/page.js"></script>', ...files };
    [isolated, plain] = await Promise.all([serve(page, true), serve(page, false)]);
    browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args: FLAGS });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all([isolated?.close(), plain?.close()]);
  });

  async function run(where: 'runInWorker' | 'runHere', server: TestServer, threads: number): Promise<PageReport> {
    const context = await browser.newContext(), page = await context.newPage();
    try {
      await page.goto(server.url);
      await page.waitForFunction('globalThis.runHere !== undefined');
      return await page.evaluate(`globalThis.${where}(${JSON.stringify({ threads, rows: ROWS, epochs: EPOCHS, firstDone: WORDS.done })})`);
    } finally { await context.close(); }
  }
  const learned = ({ report }: PageReport): void => {
    expect(report.losses).toHaveLength(EPOCHS);
    expect(report.losses.at(-1)).toBeLessThan((report.losses[0] ?? 0) * 0.7);
    expect(report.accuracy).toBeGreaterThan(0.9);
  };

  it('trains in a worker with threads and without, to the same bits, and the page stays responsive', async () => {
    const threaded = await run('runInWorker', isolated, 2), alone = await run('runInWorker', isolated, 1), refused = await run('runInWorker', plain, 2);
    for (const result of [threaded, alone, refused]) {
      learned(result);
      expect(result.median).toBeLessThan(30);
      expect(result.longest).toBeLessThan(250);
    }
    expect(threaded.report).toMatchObject({ isolated: true, threads: 2, workers: 1 });
    expect(alone.report).toMatchObject({ isolated: true, threads: 1, workers: 0 });
    expect(refused.report).toMatchObject({ isolated: false, threads: 1, workers: 0 });
    expect(alone.report.checksum).toBe(threaded.report.checksum);
    expect(refused.report.checksum).toBe(threaded.report.checksum);
  }, 120_000);

  it('works on the page itself, where no thread may sleep, and says once that there are no threads', async () => {
    const threaded = await run('runHere', isolated, 2), refused = await run('runHere', plain, 2);
    learned(threaded);
    learned(refused);
    expect(threaded.report.threads).toBe(2);
    expect(threaded.warnings).toEqual([]);
    expect(refused.warnings).toEqual([expect.stringMatching(/^Limelight runs on one thread: shared memory is not available/)]);
    expect(refused.report.checksum).toBe(threaded.report.checksum);
  }, 120_000);
});
