/** Normalization of rows on nodes: a handful of primitives that fusion makes one kernel of. */
import { ShapeError } from '../../base/errors.ts';
import { at, normalizeAxes, showShape } from '../../base/shape.ts';
import * as g from '../../ir/build.ts';
import type { Node } from '../../ir/types.ts';
import { add, mul } from './arith.ts';
import { rsqrt } from './math.ts';
import { real } from './promote.ts';
import { mean, type Axis } from './reduce.ts';

/** A weight over `axes` laid along those axes of x. */
function along(weight: Node, x: Node, axes: readonly number[], who: string): Node {
  const shape = axes.map((a) => at(x.type.shape, a)), own = weight.type.shape;
  if (own.length !== shape.length || own.some((d, i) => d !== shape[i])) {
    throw new ShapeError(`${who}: a weight of shape ${showShape(own)} does not fit axes ${showShape(axes)} of ${showShape(x.type.shape)}; it needs shape ${showShape(shape)}.`);
  }
  return g.reshape(weight, x.type.shape.map((d, i) => (axes.includes(i) ? d : 1)));
}

/** (x - mean) / √(variance + epsilon) over `axis`, times gamma, plus beta (Ba et al. 2016). */
export function layerNormalization(x: Node, gamma: Node | null, beta: Node | null, axis: Axis = -1, epsilon = 1e-7): Node {
  const who = 'layerNormalization', y = real(x), axes = normalizeAxes(axis, y.type.shape.length, who);
  const centred = g.sub(y, g.broadcastTo(mean(y, axes, true), y.type.shape));
  let z = g.mul(centred, g.broadcastTo(rsqrt(add(mean(g.mul(centred, centred), axes, true), epsilon)), y.type.shape));
  if (gamma !== null) z = mul(z, along(gamma, y, axes, who));
  return beta === null ? z : add(z, along(beta, y, axes, who));
}
/** x / √(mean(x²) + epsilon) over `axis`, times scale (Zhang and Sennrich 2019). */
export function rmsNormalization(x: Node, scale: Node | null, axis: Axis = -1, epsilon = 1e-7): Node {
  const who = 'rmsNormalization', y = real(x), axes = normalizeAxes(axis, y.type.shape.length, who);
  const z = g.mul(y, g.broadcastTo(rsqrt(add(mean(g.mul(y, y), axes, true), epsilon)), y.type.shape));
  return scale === null ? z : mul(z, along(scale, y, axes, who));
}
