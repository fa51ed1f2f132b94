/** Gradients against central differences, in double precision. */
import { differentiate } from '../autodiff/differentiate.ts';
import { evaluateGraph } from '../backend/reference/evaluate.ts';
import { isFloat } from '../base/dtype.ts';
import { at, sizeOf } from '../base/shape.ts';
import { add, constant, mul, splat, sum } from '../ir/build.ts';
import { makeGraph } from '../ir/node.ts';
import type { HostTensor } from '../ir/primitive.ts';
import type { Graph, Node } from '../ir/types.ts';
import { verifyGraph } from '../ir/verify.ts';
import { uniform } from './data.ts';

const noState = (): never => { throw new Error('the gradient check has no state'); };

/** A scalar that depends on every element of every float output, each with its own weight. */
export function weightedSum(nodes: readonly Node[], seed: number): Node {
  return nodes.filter((node) => isFloat(node.type.dtype)).map((node, i) => {
    const weights = uniform(node.type.shape, seed + i, 0.5, 1.5, node.type.dtype);
    return sum(mul(node, constant(weights.data, node.type.shape, node.type.dtype)));
  }).reduce((total, term) => add(total, term), splat(0, [], 'f64'));
}

export interface GradientCheck {
  /** the largest |analytic - numeric| / max(1, |numeric|) over the checked elements; NaN where one of them is */
  readonly error: number;
  readonly worst: string;
  /** how many elements were compared */
  readonly compared: number;
}

/**
 * Compares d loss / d inputs of an f64 graph with central differences, at most `limit` elements of each input. `order` 2 checks the derivative of a weighted
 * sum of the gradients.
 */
export function checkGradient(graph: Graph, inputs: readonly HostTensor[], options: { readonly order?: 1 | 2; readonly step?: number; readonly limit?: number } = {}): GradientCheck {
  const { order = 1, step = 1e-5, limit = 60 } = options, wrt = graph.inputs.filter((node) => isFloat(node.type.dtype));
  let loss = weightedSum(graph.outputs, 100);
  if (order === 2) loss = weightedSum(differentiate(loss, wrt), 200);
  const primal = makeGraph('loss', graph.inputs, [loss]), gradient = makeGraph('gradient', graph.inputs, differentiate(loss, wrt));
  verifyGraph(gradient);
  const valueAt = (at_: readonly HostTensor[]): number => at(at(evaluateGraph(primal, at_, noState).outputs, 0), 0);
  const analytic = evaluateGraph(gradient, inputs, noState).outputs;
  let error = 0, worst = '', compared = 0;
  wrt.forEach((node, n) => {
    const place = graph.inputs.indexOf(node), original = at(inputs, place), count = sizeOf(node.type.shape);
    for (let i = 0; i < count; i += Math.max(1, Math.floor(count / limit))) {
      const moved = (by: number): number => {
        const data = original.data.slice();
        data[i] = (data[i] as number) + by;
        return valueAt(inputs.map((tensor, k) => (k === place ? { type: tensor.type, data } : tensor)));
      };
      const numeric = (moved(step) - moved(-step)) / (2 * step), own = at(at(analytic, n), i);
      const off = Math.abs(own - numeric) / Math.max(1, Math.abs(numeric));
      compared++;
      if (!Number.isNaN(error) && !(off <= error)) { error = off; worst = `${node.attrs.name}[${i}]: gradient ${own}, differences ${numeric}`; }
    }
  });
  return { error, worst, compared };
}
