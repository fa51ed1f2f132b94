/**
 * Looking inside: what LIMELIGHT_DEBUG prints while programs are compiled. Everything goes to the error stream, so that a program's own output
 * stays clean.
 *
 * 1: one line for each program. 2: also the graph before and after optimization, and the fused kernels. 3: also the generated code.
 * 4: also the memory plan, and scratch memory is filled with NaN before each run.
 */
import { byteSize } from '../base/dtype.ts';
import { ValueError } from '../base/errors.ts';
import { nodesOf } from '../ir/node.ts';
import { printGraph } from '../ir/print.ts';
import type { Graph } from '../ir/types.ts';
import type { Executable } from '../backend/backend.ts';
import type { Program } from '../plan/program.ts';
import { printProgram } from '../plan/print.ts';

export type DebugLevel = 0 | 1 | 2 | 3 | 4;
export const DEBUG_LEVELS: readonly DebugLevel[] = [0, 1, 2, 3, 4];

/** Where debug text goes, and how much of it is wanted. */
export interface DebugSink { readonly level: DebugLevel; write(text: string): void }

/** A sink that writes whole texts; default to the error stream. */
export function debugSink(level: DebugLevel, write: (text: string) => void = (text) => { console.error(text); }): DebugSink {
  return { level, write };
}

/** '0' to '4'; ValueError otherwise. */
export function parseDebugLevel(text: string): DebugLevel {
  const level = DEBUG_LEVELS.find((l) => String(l) === text.trim());
  if (level === undefined) throw new ValueError(`LIMELIGHT_DEBUG must be one of ${DEBUG_LEVELS.join(', ')}, got '${text}'.`);
  return level;
}

const size = (bytes: number): string => (bytes < 10_000 ? `${bytes} B` : bytes < 10_000_000 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** The one line of level 1. */
export function summarize(graph: Graph, executable: Executable, compileMs: number): string {
  const { program, stats } = executable;
  const flops = program.kernels.reduce((sum, k) => sum + k.flops, 0);
  return `limelight: ${program.name}: ${nodesOf(graph).length} nodes, ${program.kernels.length} kernels, ${(flops / 1e6).toFixed(2)} Mflop, scratch ${size(program.segmentBytes.scratch)} `
    + `(at least ${size(program.scratchLowerBound)}), code ${size(stats.codeBytes)}, compiled in ${compileMs.toFixed(1)} ms`;
}

/** The memory plan: every buffer with its place, by segment and offset. */
export function printMemoryPlan(program: Program): string {
  const lines = [`memory plan of ${program.name}`];
  for (const segment of ['state', 'const', 'input', 'output', 'scratch'] as const) {
    const buffers = program.buffers.filter((b) => b.segment === segment).sort((a, b) => a.offset - b.offset || a.id - b.id);
    const bytes = buffers.map((b) => b.elements * byteSize(b.dtype));
    const total = segment === 'state' ? bytes.reduce((a, b) => a + b, 0) : program.segmentBytes[segment];
    if (buffers.length === 0) continue;
    lines.push(`  ${segment}: ${size(total)} for ${buffers.length} buffers of ${size(bytes.reduce((a, b) => a + b, 0))}`);
    buffers.forEach((b, i) => {
      const place = segment === 'state' ? '' : `${String(b.offset).padStart(10)} .. ${String(b.offset + (bytes[i] ?? 0)).padEnd(10)} `;
      lines.push(`    ${place}#${b.id} ${b.name} ${b.dtype}[${b.elements}]`);
    });
  }
  return lines.join('\n');
}

/** Prints what the level asks for about one compiled program. */
export function reportProgram(sink: DebugSink, graph: Graph, executable: Executable, compileMs: number): void {
  const { program } = executable;
  if (sink.level >= 1) sink.write(summarize(graph, executable, compileMs));
  if (sink.level >= 2) {
    sink.write(`// as traced\n${printGraph(graph)}`);
    sink.write(`// optimized\n${printGraph(program.graph)}`);
    sink.write(`// kernels\n${printProgram(program)}`);
  }
  if (sink.level >= 3) sink.write(`// code of ${program.name}\n${executable.text()}`);
  if (sink.level >= 4) sink.write(printMemoryPlan(program));
}
