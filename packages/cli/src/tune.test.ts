/** `limelight tune` and `limelight lr-find` from the outside: over the built packages where workers are needed. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../bin/limelight.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'limelight-tune-cli-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

interface Ended { readonly code: number | null; readonly out: string; readonly err: string }
function limelight(args: readonly string[], onErr: (err: string, kill: (signal: NodeJS.Signals) => void) => void = () => { /* watch only */ }): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } });
    let out = '', err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text; onErr(err, (signal) => { child.kill(signal); }); });
    child.on('error', reject);
    child.on('close', (code) => { resolve({ code, out, err }); });
  });
}
interface Report { readonly best: { readonly number: number; readonly values: number[] }; readonly trials: { readonly number: number; readonly state: string; readonly params: unknown; readonly values: unknown }[]; readonly heldOut: { readonly best: number; readonly defaults: number } }

describe('limelight tune', () => {
  const small = ['tune', 'mnist', '--samples', '500', '--epochs', '2', '--workers', '2', '--seed', '3'];
  it('searches, shows a table, compares with the defaults, and keeps a journal that can be gone on with after a kill', async () => {
    const journal = join(folder, 'mnist.journal');
    let sent = false;
    const killed = await limelight([...small, '--trials', '6', '--journal', journal], (err, kill) => { if (!sent && (err.match(/^trial /gm) ?? []).length >= 2) { sent = true; kill('SIGKILL'); } });
    expect(killed.code).toBe(null);
    const again = await limelight([...small, '--trials', '6', '--journal', journal]);
    expect([again.code, again.err]).toEqual([1, expect.stringMatching(/has \d trials already\. Call resume/)]);
    const { code, out, err } = await limelight([...small, '--trials', '6', '--journal', journal, '--resume']);
    expect(code, err).toBe(0);
    expect((err.match(/^trial /gm) ?? []).length).toBeLessThanOrEqual(4);
    expect(out).toMatch(/│ trial +val_accuracy +units +rate +dropout +batchSize +activation +epochs +s +│/);
    expect(out).toMatch(/6 trials \(6 complete\) in \d+\.\d s\./);
    expect(out).toMatch(/Held-out test images: 0\.\d{4} with the best settings, 0\.\d{4} with the defaults \([+-]\d+\.\d\d points, means of 3 seeds\)\./);
    const json = await limelight([...small, '--trials', '6', '--journal', journal, '--resume', '--json']);
    const report = JSON.parse(json.out) as Report;
    expect(report.trials.map((t) => [t.number, t.state])).toEqual([0, 1, 2, 3, 4, 5].map((n) => [n, 'complete']));
  }, 60_000);
  it('runs the study of a module', async () => {
    const path = join(folder, 'study.mjs');
    writeFileSync(path, `import { createStudy, float } from ${JSON.stringify(pathToFileURL(fileURLToPath(new URL('../../tune/dist/index.js', import.meta.url))).href)};
export default createStudy({ module: import.meta.url, space: { x: float(0, 1) }, objective: 'loss', run: ({ x }) => (x - 0.5) ** 2 });`);
    const { code, out, err } = await limelight(['tune', path, '--trials', '8', '--sampler', 'tpe', '--json']);
    expect(code, err).toBe(0);
    expect((JSON.parse(out) as Report).trials).toHaveLength(8);
  });
  it.each([
    [['tune'], /missing required argument 'what'/],
    [['tune', 'gone.mjs'], /give mnist, or the path of a module that exports a study/],
    [['tune', 'mnist', '--resume'], /--resume: give the --journal of the stopped study/],
    [['tune', 'mnist', '--trials', '0'], /whole number from 1/],
    [['tune', 'mnist', '--sampler', 'luck'], /Allowed choices are random, tpe, grid/],
    [['tune', 'mnist', '--samples', '3'], /give 50 to 60000/],
    [['lr-find', 'mnist', '--min', '1', '--max', '0.1'], /--max 0\.1 must be above --min 1/],
    [['lr-find', 'mnist', '--min', '-1'], /must be a number above 0/],
  ])('is used wrongly: %j', async (args, message) => {
    const { code, err, out } = await limelight(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});

describe('limelight lr-find', () => {
  it('draws the curve in the terminal and as SVG, and says the same as JSON', async () => {
    const svg = join(folder, 'deep', 'lr.svg'), { code, out, err } = await limelight(['lr-find', 'mnist', '--steps', '100', '--svg', svg]);
    expect(code, err).toBe(0);
    const rate = Number(/^Suggestion: (\S+)$/m.exec(out)?.[1]);
    expect(rate).toBeGreaterThan(1e-4);
    expect(rate).toBeLessThan(0.1);
    expect(existsSync(svg) && readFileSync(svg, 'utf8').includes('learning rate')).toBe(true);
    const json = JSON.parse((await limelight(['lr-find', 'mnist', '--steps', '100', '--json'])).out) as { readonly suggestion: number };
    expect(Number(json.suggestion.toPrecision(2))).toBe(rate);
  });
});
