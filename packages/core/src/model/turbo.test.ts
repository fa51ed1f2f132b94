/** Turbo in a process of its own, since V8's flag holds for all of it: on where this Node has it, else one message and the plain way; always the same bits. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

interface Told { readonly runs: readonly { readonly description: string; readonly bits: string }[]; readonly warnings: readonly string[] }

it('turbo gives the bits of plain code on one and two threads, or says once why it is not there', () => {
  const child = spawnSync(process.execPath, ['--import', 'tsx', new URL('./testing/turbo.child.ts', import.meta.url).pathname], { encoding: 'utf8', timeout: 60_000 });
  expect(child.stderr).toBe('');
  const { runs, warnings } = JSON.parse(child.stdout) as Told;
  expect(new Set(runs.map((run) => run.bits)).size).toBe(1);
  expect(runs[0]?.description).not.toContain('turbo');
  const on = runs.slice(1).map((run) => run.description.includes('turbo'));
  if (Number.parseInt(process.versions.node, 10) < 24) {
    expect(on).toEqual([false, false]);
    expect(warnings).toEqual([`Limelight runs without turbo: it needs Node 24 or later, this is ${process.versions.node}.`]);
  } else if (process.arch === 'x64' && warnings.every((text) => !text.includes('not faster'))) {
    expect(on).toEqual([true, true]);
    expect(warnings).toEqual([]);
  } else {
    // an engine without 256-bit code, or a machine too busy to tell
    expect(on).toEqual([false, false]);
    expect(warnings).toHaveLength(1);
  }
}, 70_000);
