/** Gradients whose sums are known from less: pooling spreads each gradient over a window, and a bias then wants the sum over all of them. */
import { at, normalizeAxes } from '../../base/shape.ts';
import { reduce, reshape } from '../../ir/build.ts';
import type { Node } from '../../ir/types.ts';

const sums = new WeakMap<Node, { readonly from: Node; readonly spread: readonly boolean[] }>();
/** Says that `gradient` holds the elements of `from` and zeros, moved along the axes marked in `spread` only. */
export const noteSums = (gradient: Node, from: Node, spread: readonly boolean[]): void => { sums.set(gradient, { from, spread }); };

/** `b.sumTo` that takes the short way where one is known. */
export function sumGradientTo(g: Node, shape: readonly number[]): Node {
  const own = g.type.shape, lead = own.length - shape.length, known = sums.get(g);
  const axes = own.flatMap((d, i) => (i < lead || (at(shape, i - lead) === 1 && d !== 1) ? [i] : []));
  const whole = known !== undefined && known.spread.every((s, i) => !s || axes.includes(i));
  return reshape(reduce('sum', whole ? known.from : g, normalizeAxes(axes, own.length)), shape);
}
