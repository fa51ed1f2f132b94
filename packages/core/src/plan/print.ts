/**
 * Programs as text: the fused kernels and their expressions. For the debug levels and for people.
 */
import { at } from '../base/shape.ts';
import type { BufferDecl, Step } from '../kernel/buffers.ts';
import type { Affine, BufferId, Expr, Kernel, KernelBody, Store } from '../kernel/ir.ts';
import type { Program } from './program.ts';

const AXES = 'ijklmnopqrstuvwxyz';
const bytes = (n: number): string => (n < 1024 ? `${n} B` : n < 1024 ** 2 ? `${(n / 1024).toFixed(1)} kB` : `${(n / 1024 ** 2).toFixed(2)} MB`);

export function printAffine(a: Affine, loops = 0): string {
  const name = (i: number): string => (i < loops ? `t${i}` : at(AXES, Math.min(i - loops, AXES.length - 1)));
  const terms = a.coeffs.flatMap((c, i) => (c === 0 ? [] : [c === 1 ? name(i) : `${c}${name(i)}`]));
  if (a.offset !== 0 || terms.length === 0) terms.push(String(a.offset));
  return terms.join('+').replaceAll('+-', '-');
}
const SIGNS: Readonly<Record<string, string>> = { add: '+', sub: '-', mul: '*', div: '/', mod: '%', and: '&', or: '|', xor: '^', shl: '<<', shr: '>>', lt: '<', le: '<=', eq: '==' };

/** One expression on one line; shared parts are written once each time they occur, up to `limit` characters. */
export function printExpr(e: Expr, name: (b: BufferId) => string, loops = 0, depth = 0): string {
  const go = (x: Expr): string => (depth > 12 ? '…' : printExpr(x, name, loops, depth + 1));
  switch (e.k) {
    case 'const': return String(e.value);
    case 'axis': return `(${printAffine(e.at, loops)})`;
    case 'acc': return `acc${e.index}`;
    case 'load': return `${name(e.buffer)}[${printAffine(e.at, loops)}${(e.dynamic ?? []).map((d) => `+${d.stride}*${go(d.value)}`).join('')}]`;
    case 'unary': return `${e.op}(${go(e.x)})`;
    case 'binary': case 'compare': return SIGNS[e.op] === undefined ? `${e.op}(${go(e.a)}, ${go(e.b)})` : `(${go(e.a)} ${SIGNS[e.op] ?? ''} ${go(e.b)})`;
    case 'select': return `(${go(e.condition)} ? ${go(e.a)} : ${go(e.b)})`;
    case 'guard': return `(${e.conditions.map((c) => `${c.lo}<=${printAffine(c.at, loops)}<${c.hi}${c.divisor === undefined ? '' : ` /${c.divisor}`}`).join('&')} ? ${go(e.inside)} : ${go(e.outside)})`;
    case 'cast': case 'bitcast': return `${e.k === 'cast' ? '' : 'bits '}${e.dtype}(${go(e.x)})`;
  }
}

/** The loop nests of a program, one line for each store and accumulator. */
export function printProgram(program: Program): string {
  const lines = [`program ${program.name}: ${program.kernels.length} kernels, scratch ${bytes(program.segmentBytes.scratch)} (lower bound ${bytes(program.scratchLowerBound)})`];
  const walk = (steps: readonly Step[], indent: string): void => {
    for (const step of steps) {
      if (step.kind === 'kernel') { lines.push(...printKernel(at(program.kernels, step.kernel), program.buffers).map((l) => indent + l)); continue; }
      lines.push(`${indent}loop ${step.trip}${step.reverse ? ' reversed' : ''}`);
      walk(step.body, `${indent}  `);
    }
  };
  walk(program.steps, '  ');
  return lines.join('\n');
}

function printKernel(kernel: Kernel, buffers: readonly BufferDecl[]): string[] {
  const name = (b: BufferId): string => at(buffers, b).name;
  const expr = (e: Expr): string => { const text = printExpr(e, name, kernel.loops); return text.length > 400 ? `${text.slice(0, 400)}…` : text; };
  const store = (s: Store): string => `  ${name(s.buffer)}[${printAffine(s.at, kernel.loops)}${(s.dynamic ?? []).map((d) => `+${d.stride}*${expr(d.value)}`).join('')}] = ${expr(s.value)}`;
  const head = `k${kernel.id} ${kernel.body.kind} ${kernel.name} ${spaceOf(kernel.body)}`;
  const body = kernel.body;
  switch (body.kind) {
    case 'map': return [head, ...body.stores.map(store)];
    case 'gemm': return [head, `  a = ${expr(body.a)}`, `  b = ${expr(body.b)}`, ...body.stores.map(store)];
    case 'rows': return [head, ...body.stages.flatMap((s) => (s.kind === 'reduce' ? s.accs.map((a) => `  ${a.op} ${expr(a.value)}`) : [`  store ${s.space}`, ...s.stores.map(store)]))];
    case 'scan': return [head, `  ${name(body.buffer)}[${printAffine(body.at, kernel.loops)}] = ${body.op} ${expr(body.value)}`];
    case 'scatter': return [head, `  ${name(body.buffer)}[${printAffine(body.at, kernel.loops)}+${body.stride}*${expr(body.index)}] ${body.op}= ${expr(body.value)}`];
    case 'sort': return [head, `  ${body.inputs.map((i) => name(i.buffer)).join()} -> ${body.outputs.map((o) => name(o.buffer)).join()}`];
  }
}
function spaceOf(body: KernelBody): string {
  const list = (x: readonly number[]): string => `[${x.join(',')}]`;
  if (body.kind === 'gemm') return `batch ${list(body.batch)} m ${list(body.m)} n ${list(body.n)} k ${list(body.k)}${Object.entries(body.triangles ?? {}).map(([x, half]) => `, nothing ${half} the diagonal of ${x}`).join('')}`;
  if (body.kind === 'rows') return `${list(body.axes)} inner ${list(body.inner)}`;
  return list(body.kind === 'scan' || body.kind === 'sort' ? [...body.axes, body.length] : body.axes);
}
