/**
 * From graph to Program: verify, optimize, lower, plan. One function over plain data; devices compile what it returns.
 */
import type { Graph } from '../ir/types.ts';
import { verifyGraph } from '../ir/verify.ts';
import { lower } from '../kernel/lower.ts';
import { optimize } from '../optimize/index.ts';
import { plan, type PlanOptions } from '../plan/plan.ts';
import type { Program } from '../plan/program.ts';

/** Turns a traced graph into a static Program. Throws ShapeError or DTypeError where the graph is ill-formed. */
export function compileToProgram(graph: Graph, options: PlanOptions = {}): Program {
  verifyGraph(graph);
  return plan(lower(optimize(graph)), options);
}
