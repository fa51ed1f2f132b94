/** Ctrl-C on the real command line, in a process of its own over the built packages: it stops, keeps a checkpoint, and the resumed run ends with the same file. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../bin/limelight.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'limelight-interrupt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs `limelight train mnist`; `onErr` sees standard error so far and may send signals. */
function train(args: readonly string[], onErr: (err: string, kill: (signal: NodeJS.Signals) => void) => void = () => { /* watch only */ }): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, 'train', 'mnist', '--seed', '9', '--samples', '20000', '--epochs', '3', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '', err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text; onErr(err, (signal) => { child.kill(signal); }); });
    child.on('error', reject);
    child.on('close', (code) => { resolve({ code, out, err }); });
  });
}

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  it('keeps a checkpoint; --resume ends with the same bits as a run that was not stopped', async () => {
    const whole = join(folder, 'whole.safetensors'), stopped = join(folder, 'stopped.safetensors');
    expect((await train(['--out', whole])).code).toBe(0);

    let sent = false;
    const first = await train(['--out', stopped], (err, kill) => {
      if (!sent && err.includes('Epoch 1/3')) { sent = true; kill('SIGINT'); }
    });
    expect(first.code, first.err).toBe(130);
    expect(first.err).toContain('Stopping after this step');
    expect(first.err).toMatch(/stopped; the checkpoint is .+stopped\.safetensors\.checkpoint\. The same command with --resume goes on\.\n$/);
    expect([first.out, existsSync(stopped), existsSync(`${stopped}.checkpoint`)]).toEqual(['', false, true]);

    for (const [option, then, now] of [['--seed', 9, 8], ['--batch-size', 128, 64]] as const) {
      const other = await train(['--out', stopped, '--resume', option, String(now)]);
      expect([other.code, other.out]).toEqual([2, '']);
      expect(other.err).toContain(`is of a run with ${option} ${then}, not ${now}; give ${option} ${then}, or start anew without --resume`);
    }
    const fewer = await train(['--out', stopped, '--resume', '--samples', '10000']);
    expect([fewer.code, fewer.out]).toEqual([1, '']);
    expect(fewer.err).toMatch(/of a run with 20000 training samples, but this run has 10000/);

    const second = await train(['--out', stopped, '--resume']);
    expect(second.code, second.err).toBe(0);
    expect(second.err).not.toContain('Epoch 1/3');
    expect(existsSync(`${stopped}.checkpoint`)).toBe(false);
    expect(readFileSync(stopped).equals(readFileSync(whole))).toBe(true);
  });

  it('loses at most the epoch that was running when the process is killed', async () => {
    const out = join(folder, 'killed.safetensors');
    let sent = false;
    const killed = await train(['--out', out], (err, kill) => {
      if (!sent && err.includes('Epoch 2/3')) { sent = true; kill('SIGKILL'); }
    });
    expect(killed.code).toBe(null);
    const resumed = await train(['--out', out, '--resume']);
    expect(resumed.code, resumed.err).toBe(0);
    expect(resumed.err).not.toContain('Epoch 1/3');
    expect(readFileSync(out).equals(readFileSync(join(folder, 'whole.safetensors')))).toBe(true);
  });
});
