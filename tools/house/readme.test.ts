/**
 * The examples of every README: each type-checks as a program of its own, runs, and prints what its `// →` comments say. The MNIST program
 * of the main README is examples/mnist.ts, word for word, which CI runs by itself.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import ts from 'typescript';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { read, ROOT } from './files.ts';
import { examplesOf } from './readme.ts';

const READMES = ['README.md', 'packages/core/README.md', 'packages/data/README.md', 'packages/explain/README.md', 'packages/recommend/README.md', 'packages/tune/README.md', 'packages/cli/README.md', 'packages/accelerate/README.md'];
const folder = join(ROOT, '.cache', `readme-${process.pid}`);
mkdirSync(folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const mnistProgram = existsSync(join(ROOT, 'examples/mnist.ts')) ? read('examples/mnist.ts') : '';
const examples = READMES.flatMap((path) => examplesOf(read(path)).map((example) => ({ name: `${path}:${example.line}`, path, ...example })));
const fileOf = (name: string): string => join(folder, `${name.replaceAll(/[^\w]+/g, '-')}.ts`);
for (const { name, code } of examples) writeFileSync(fileOf(name), `${code}export {};\n`);

describe('examples of the READMEs', () => {
  it('are there, and the main README shows the MNIST program as it is', () => {
    for (const path of READMES) expect(examples.some((example) => example.path === path), path).toBe(true);
    expect(examples.some(({ path, code }) => path === 'README.md' && code === mnistProgram)).toBe(true);
  });

  // Against the built declarations, as a user's editor sees them (and many times faster than against the sources).
  it('type-check', { timeout: 120_000 }, () => {
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (path) => readFileSync(path, 'utf8')) as { config: { compilerOptions: object } };
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
    const program = ts.createProgram(examples.map(({ name }) => fileOf(name)), { ...options, customConditions: [] });
    const problems = examples.flatMap(({ name }) => ts.getPreEmitDiagnostics(program, program.getSourceFile(fileOf(name))))
      .map((problem) => `${problem.file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`);
    expect(problems).toEqual([]);
  });

  it.each(examples.filter(({ code, flags }) => code !== mnistProgram && !flags.includes('no-run')))('run: $name', async ({ name, prints }) => {
    const printed: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((...args: unknown[]) => { printed.push(format(...args)); });
    const here = process.cwd();
    process.chdir(folder);
    try {
      await import(/* @vite-ignore */ pathToFileURL(fileOf(name)).href);
    } finally {
      process.chdir(here);
      log.mockRestore();
    }
    if (prints.length > 0) expect(printed).toEqual(prints);
  });
});

describe('examplesOf', () => {
  it('takes out code, flags and expected lines', () => {
    const text = 'a\n```ts no-run\nconsole.log(1); // → 1\nconst s = 2; // not this\n```\n```sh\nls\n```\n```ts\nx();\n```\n';
    expect(examplesOf(text)).toEqual([
      { line: 2, flags: ['no-run'], code: 'console.log(1); // → 1\nconst s = 2; // not this\n', prints: ['1'] },
      { line: 9, flags: [], code: 'x();\n', prints: [] },
    ]);
  });
  it('refuses an open fence', () => {
    expect(() => examplesOf('```ts\nx')).toThrow(/line 1 has no closing fence/);
  });
});
