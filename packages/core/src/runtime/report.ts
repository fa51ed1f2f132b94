/**
 * The text of the debug levels. Loaded only when one is asked for, so that it is no part of what a page loads to train.
 */
import { byteSize } from '../base/dtype.ts';
import { nodesOf } from '../ir/node.ts';
import { printGraph } from '../ir/print.ts';
import { verifyGraph } from '../ir/verify.ts';
import type { Graph } from '../ir/types.ts';
import type { Executable } from '../backend/backend.ts';
import type { Program } from '../plan/program.ts';
import { printProgram } from '../plan/print.ts';
import type { DebugSink } from './debug.ts';

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
  verifyGraph(graph);
  if (sink.level >= 1) sink.write(summarize(graph, executable, compileMs));
  if (sink.level >= 2) {
    sink.write(`// as traced\n${printGraph(graph)}`);
    sink.write(`// optimized\n${printGraph(program.graph)}`);
    sink.write(`// kernels\n${printProgram(program)}`);
  }
  if (sink.level >= 3) sink.write(`// code of ${program.name}\n${executable.text()}`);
  if (sink.level >= 4) sink.write(printMemoryPlan(program));
}
