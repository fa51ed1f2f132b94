import { describe, expect, it } from 'vitest';
import { checkLayers, cyclesOf, floorOf, importsOf } from './layers.ts';

const tree = (files: Record<string, string>) => new Map(Object.entries(files));

describe('checkLayers', () => {
  it('accepts imports from the own floor and lower ones', () => {
    expect(checkLayers(tree({
      'base/shape.ts': `export const a = 1;`,
      'base/tree.ts': `import { a } from './shape.ts';`,
      'ir/node.ts': `import { a } from '../base/shape.ts';`,
      'index.ts': `export { a } from './base/shape.ts'; export * from './ir/node.ts';`,
    }))).toEqual([]);
  });

  it.each([
    ['import', `import { x } from '../model/fit.ts';`],
    ['type import', `import type { X } from '../model/fit.ts';`],
    ['export from', `export { x } from '../model/fit.ts';`],
    ['dynamic import', `const x = await import('../model/fit.ts');`],
    ['side effect', `import '../model/fit.ts';`],
    ['roof', `import { x } from '../index.ts';`],
  ])('refuses an import from a higher floor (%s)', (_kind, source) => {
    const problems = checkLayers(tree({ 'ir/node.ts': source, 'model/fit.ts': 'export const x = 1;', 'index.ts': 'export const x = 1;' }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^ir\/node\.ts: floor 1 \(ir\) imports .* of the higher floor 1[01]/);
  });

  it('names a cycle, type imports included, in its shortest form', () => {
    expect(checkLayers(tree({
      'ir/a.ts': `import type { b } from './b.ts';`,
      'ir/b.ts': `import { c } from './c.ts'; import { d } from './d.ts';`,
      'ir/c.ts': `import { d } from './d.ts';`,
      'ir/d.ts': `import { a } from './a.ts';`,
    }))).toEqual(['import cycle: ir/a.ts → ir/b.ts → ir/d.ts → ir/a.ts']);
  });

  it('lets core ask for a node: module where it guards the import, and for nothing else', () => {
    expect(checkLayers(tree({ 'base/a.ts': `const fs = await import('node:fs'); type Fs = typeof import('node:fs'); import type { Stats } from 'node:fs';` }))).toEqual([]);
    expect(checkLayers(tree({ 'base/a.ts': `const fs = await import('left-pad');` }))).toHaveLength(1);
    expect(checkLayers(tree({ 'base/a.ts': `export * from 'node:fs';` }))).toHaveLength(1);
  });

  it('refuses packages, missing files, unknown folders and test files in the product', () => {
    expect(checkLayers(tree({
      'base/a.ts': `import fs from 'node:fs'; import './gone.ts';`,
      'misc/b.ts': ``,
      'base/c.ts': `import './c.test.ts';`,
      'base/c.test.ts': `import { it } from 'vitest'; import '../model/up.ts';`,
      'model/up.ts': ``,
    }))).toEqual([
      `base/a.ts: imports 'node:fs'; core needs nothing outside itself (node: modules only through a guarded import())`,
      `base/a.ts: imports './gone.ts', which is no file of core/src`,
      `misc/b.ts: 'misc' is no floor; floors are base, ir, autodiff, optimize, kernel, plan, backend, runtime, tensor, nn, model`,
      `base/c.ts: imports the test file base/c.test.ts`,
    ]);
  });
});

describe('parts', () => {
  it('reads specifiers, not comments or strings', () => {
    expect(importsOf(`// import './no.ts'\nconst s = "import './no.ts'";\nimport a from './yes.ts';`)).toEqual([{ specifier: './yes.ts', needed: true }]);
  });
  it('numbers floors', () => {
    expect([floorOf('base/x.ts'), floorOf('backend/wasm/x.ts'), floorOf('index.ts'), floorOf('other/x.ts')]).toEqual([0, 6, 11, undefined]);
  });
  it('finds a file that imports itself', () => {
    expect(cyclesOf(new Map([['a', ['a']], ['b', ['a']]]))).toEqual([['a']]);
  });
});
