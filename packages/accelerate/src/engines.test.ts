import { expect, it } from 'vitest';
import { currentAccelerator } from '@limelight/core';
import { engines } from './engines.ts';
import { found, KINDS } from './libraries.testing.ts';

it('engines() reports every way to make products, and registers nothing', async () => {
  const rows = await engines();
  expect(rows.map((row) => row.engine)).toEqual(['WebAssembly', 'oneDNN', 'OpenBLAS']);
  expect(rows[0]).toMatchObject({ chosen: true });
  expect(rows[0]?.one).toBeGreaterThan(0.1);
  KINDS.forEach((kind, i) => {
    const row = rows[i + 1];
    if (!found.includes(kind)) { expect(row).toMatchObject({ version: null, chosen: false, why: 'not installed' }); return; }
    expect(row?.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(row?.one).toBeGreaterThan(0.1);
    expect(row?.times).toHaveLength(4);
    expect(row?.why).not.toBe('');
  });
  expect(rows.slice(1).filter((row) => row.chosen).length).toBeLessThanOrEqual(1);
  expect(currentAccelerator()).toBeNull();
});
