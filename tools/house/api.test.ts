import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { apiReport, firstDifference, typeErrors } from './api.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-api-'));
afterAll(() => rmSync(folder, { recursive: true }));

function reportOf(text: string): string {
  const file = join(folder, 'index.d.ts');
  writeFileSync(file, text);
  return apiReport('probe', file);
}

describe('apiReport', () => {
  const text = `
    declare class Model { /** says */ readonly name: string; private secret; #hidden; fit(x: number[]): Promise<void>; }
    declare function run(model: Model, times?: number): string;
    declare const limit: number;
    type Mode = 'a' | 'b';
    declare namespace tools { export { run }; }
    export { type Mode, Model, limit, run, tools };`;

  it('lists every export, without comments and private members', () => {
    const report = reportOf(text);
    expect(report).toContain('5 exported names.');
    for (const part of ['fit(x: number[]): Promise<void>;', 'function run(model: Model, times?: number): string;', "type Mode = 'a' | 'b'", 'const limit: number', 'namespace tools {\n  function run(']) {
      expect(report).toContain(part);
    }
    for (const part of ['secret', 'hidden', 'says']) expect(report).not.toContain(part);
  });

  it('changes when a signature changes', () => {
    const before = reportOf(text), after = reportOf(text.replace('times?: number', 'times?: string'));
    expect(after).not.toBe(before);
    expect(firstDifference(before, after)).toContain('times?: string');
  });
});

describe('typeErrors', () => {
  const errorsOf = (text: string): string[] => {
    const file = join(folder, 'checked.d.ts');
    writeFileSync(file, text);
    return typeErrors(file);
  };
  it('finds what a bundler broke: a name twice, a name that is nowhere', () => {
    expect(errorsOf('declare const a: number;\ndeclare const a: string;\nexport { a, b };')).toEqual([
      "Cannot redeclare block-scoped variable 'a'.", "Cannot redeclare block-scoped variable 'a'.", expect.stringMatching(/'b'/),
    ]);
  });
  it('is content with sound declarations', () => {
    expect(errorsOf('declare const a: Map<string, SharedArrayBuffer>;\nexport { a };')).toEqual([]);
  });
});
