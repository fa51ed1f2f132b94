/** Prints a kernel as WebAssembly: one row per kind of body. */
import type { Kernel, KernelBody } from '../../../kernel/ir.ts';
import type { EmitContext, Phase } from './context.ts';
import { emitGemm } from './gemm.ts';
import { emitMap } from './map.ts';
import { emitRows } from './rows.ts';
import { emitScan } from './scan.ts';
import { emitScatter } from './scatter.ts';
import { emitSort } from './sort.ts';

export type { EmitContext, Features, Phase } from './context.ts';

type Printer<K extends KernelBody['kind']> = (context: EmitContext, kernel: Kernel, body: Extract<KernelBody, { kind: K }>) => Phase[];

const PRINTERS: { readonly [K in KernelBody['kind']]: Printer<K> } = {
  map: emitMap, rows: emitRows, gemm: emitGemm, scan: emitScan, scatter: emitScatter, sort: emitSort,
};

/** Writes the functions of one kernel into the context's module. */
export function emitKernel(context: EmitContext, kernel: Kernel): Phase[] {
  const print = PRINTERS[kernel.body.kind] as (context: EmitContext, kernel: Kernel, body: KernelBody) => Phase[];
  return print(context, kernel, kernel.body);
}
