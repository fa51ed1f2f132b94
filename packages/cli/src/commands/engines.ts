/** `limelight info --engines`: what can make matrix products on this machine, how fast, and what `accelerate()` would choose. */
import Table from 'cli-table3';
import pc from 'picocolors';
import { DeviceError } from '@limelight/core';
import type { EngineReport } from '@limelight/accelerate';

export async function engines(): Promise<void> {
  let found: typeof import('@limelight/accelerate');
  try {
    found = await import('@limelight/accelerate');
  } catch (error) {
    throw new DeviceError('engines beside WebAssembly need @limelight/accelerate: npm install @limelight/accelerate', { cause: error });
  }
  console.log(engineTable(await found.engines()));
}

/** The reports as text: one table of engines, and one of the kinds of products where something was measured. */
export function engineTable(reports: readonly EngineReport[]): string {
  const style = { head: [], border: [] }, number = (value: number | null): string => (value === null ? '-' : value.toFixed(1)), right = 'right' as const;
  const table = new Table({ head: ['engine', 'version', '1 thread', '2 threads', 'used', 'why'].map((title) => pc.bold(title)), style, colAligns: ['left', 'left', right, right, 'left', 'left'], colWidths: [null, null, null, null, null, 44], wordWrap: true });
  for (const r of reports) {
    table.push([r.engine, r.version === null ? '-' : `${r.version}${r.detail === '' ? '' : ` (${r.detail})`}`, number(r.one), number(r.two), r.chosen ? pc.green('yes') : 'no', r.why]);
  }
  const lines = [table.toString(), 'GFLOP/s of a product of 512 x 512 by 512 x 512'];
  const timed = reports.filter((r) => r.times.length > 0);
  if (timed.length > 0) {
    const kinds = new Table({ head: ['1 thread, by kind', 'WebAssembly', ...timed.map((r) => r.engine)].map((title) => pc.bold(title)), style, colAligns: ['left', right, ...timed.map(() => right)] });
    (timed[0]?.times ?? []).forEach(({ kind, wasm }, i) => {
      kinds.push([kind, number(wasm), ...timed.map((r) => { const time = r.times[i]; return time === undefined ? '-' : time.chosen ? pc.green(number(time.native)) : number(time.native); })]);
    });
    lines.push('', kinds.toString(), 'block: 128 x 128 x 128; shallow: 1024 x 9 x 32; narrow: 512 x 128 x 10; small: 16 times 32 x 32 x 32');
  }
  return lines.join('\n');
}
