/**
 * From graph to Program: optimize, lower, plan. One function over plain data; devices compile what it returns.
 */
import type { Graph } from '../ir/types.ts';
import { lower } from '../kernel/lower.ts';
import { optimize } from '../optimize/index.ts';
import { plan, type PlanOptions } from '../plan/plan.ts';
import type { Program } from '../plan/program.ts';

let verifier: ((graph: Graph) => void) | null = null;
/**
 * Has every graph checked before it is compiled. Nodes check their types when they are made, so users need no second look; the tests turn the
 * verifier of ir/verify.ts on for every graph, and the debug levels use it too.
 */
export function setVerifier(verify: ((graph: Graph) => void) | null): void { verifier = verify; }

/** Turns a traced graph into a static Program. */
export function compileToProgram(graph: Graph, options: PlanOptions = {}): Program {
  verifier?.(graph);
  return plan(lower(optimize(graph)), options);
}
