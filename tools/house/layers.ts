/**
 * The floors of `core`: a file imports only from its own floor or a lower one, imports have no cycles, and `core` needs nothing from
 * outside itself (it may ask for a `node:` module with a guarded `import()`). Test files may look at every floor, but nothing imports a test file. Type imports count: a reader follows them too.
 */
import { posix } from 'node:path';
import ts from 'typescript';

/** Floors from the ground up; the folder's place in the list is its number. Files beside them (index.ts) are the roof. */
export const FLOORS = ['base', 'ir', 'autodiff', 'optimize', 'kernel', 'plan', 'backend', 'runtime', 'tensor', 'nn', 'model'] as const;

const isTest = (path: string) => /\.(test|testing|child)\.ts$/.test(path) || /(^|\/)(test|testing|fixtures)\//.test(path);

/** Number of the floor of a path relative to `src`; the roof is above all; undefined for a folder that is no floor. */
export function floorOf(path: string): number | undefined {
  const [folder = '', ...rest] = path.split('/');
  if (rest.length === 0) return FLOORS.length;
  const floor = (FLOORS as readonly string[]).indexOf(folder);
  return floor < 0 ? undefined : floor;
}

export interface Import {
  readonly specifier: string;
  /** false where the module loads without it: `import()` with guards around it, `import type`, import types */
  readonly needed: boolean;
}

/** Every import of a source: import, export from, import(), import types. */
export function importsOf(source: string): Import[] {
  const imports: Import[] = [];
  const add = (node: ts.Node | undefined, needed: boolean) => {
    if (node !== undefined && ts.isStringLiteralLike(node)) imports.push({ specifier: node.text, needed });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, !node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.ESNext, false));
  return imports;
}

/**
 * What is wrong with a tree of sources, one sentence each; empty where all is well.
 * @param sources path relative to `src` with `/` → text of the file
 */
export function checkLayers(sources: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  const edges = new Map<string, string[]>();
  for (const [path, source] of sources) {
    const targets: string[] = [];
    edges.set(path, targets);
    const floor = floorOf(path);
    if (floor === undefined && !isTest(path)) problems.push(`${path}: '${path.split('/')[0]}' is no floor; floors are ${FLOORS.join(', ')}`);
    for (const { specifier, needed } of importsOf(source)) {
      if (!specifier.startsWith('.')) {
        const guarded = specifier.startsWith('node:') && !needed;
        if (!isTest(path) && !guarded) problems.push(`${path}: imports '${specifier}'; core needs nothing outside itself (node: modules only through a guarded import())`);
        continue;
      }
      const target = posix.normalize(posix.join(posix.dirname(path), specifier));
      if (target.endsWith('.json')) continue;
      if (isTest(path) && target.startsWith('../test/')) continue; // fixtures beside src
      if (!sources.has(target)) { problems.push(`${path}: imports '${specifier}', which is no file of core/src`); continue; }
      if (isTest(path)) continue;
      if (isTest(target)) { problems.push(`${path}: imports the test file ${target}`); continue; }
      targets.push(target);
      const below = floorOf(target);
      if (floor !== undefined && below !== undefined && below > floor) {
        const name = (n: number) => FLOORS[n] ?? 'the roof';
        problems.push(`${path}: floor ${floor} (${name(floor)}) imports ${target} of the higher floor ${below} (${name(below)})`);
      }
    }
  }
  for (const cycle of cyclesOf(edges)) problems.push(`import cycle: ${cycle.join(' → ')} → ${cycle[0]}`);
  return problems;
}

/** One shortest cycle for each group of files that import each other (strongly connected components, Tarjan 1972). */
export function cyclesOf(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>(), low = new Map<string, number>(), stack: string[] = [], onStack = new Set<string>();
  const groups: string[][] = [];
  const visit = (path: string): void => {
    index.set(path, index.size);
    low.set(path, index.get(path) ?? 0);
    stack.push(path);
    onStack.add(path);
    for (const next of edges.get(path) ?? []) {
      if (!index.has(next)) visit(next);
      if (onStack.has(next)) low.set(path, Math.min(low.get(path) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(path) !== index.get(path)) return;
    const group: string[] = [];
    for (let member = ''; member !== path;) {
      member = stack.pop() ?? path;
      onStack.delete(member);
      group.push(member);
    }
    groups.push(group);
  };
  for (const path of edges.keys()) if (!index.has(path)) visit(path);
  return groups.filter((group) => group.length > 1 || (edges.get(group[0] ?? '') ?? []).includes(group[0] ?? ''))
    .map((group) => shortestCycle([...group].sort()[0] ?? '', new Set(group), edges));
}

function shortestCycle(start: string, group: ReadonlySet<string>, edges: ReadonlyMap<string, readonly string[]>): string[] {
  const from = new Map<string, string>(), queue = [start];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const next of edges.get(path) ?? []) {
      if (next === start) {
        const cycle = [path];
        for (let at = path; at !== start;) { at = from.get(at) ?? start; cycle.unshift(at); }
        return cycle;
      }
      if (group.has(next) && !from.has(next)) { from.set(next, path); queue.push(next); }
    }
  }
  return [...group];
}
