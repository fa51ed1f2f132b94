/** The table of gradient rules: one for every primitive. */
import { at } from '../../base/shape.ts';
import * as b from '../../ir/build.ts';
import type { OpName } from '../../ir/types.ts';
import type { GradientRule } from '../rule.ts';
import { contractionRules } from './contraction.ts';
import { controlRules } from './control.ts';
import { elementwiseRules } from './elementwise.ts';
import { indexingRules } from './indexing.ts';
import { movementRules } from './movement.ts';
import { reduceRules } from './reduce.ts';

type Rules = { readonly [K in OpName]: GradientRule<K> };

const RULES: Rules = {
  const: 'none', input: 'none', state: 'none', iota: 'none', randomBits: 'none',
  ...elementwiseRules, ...movementRules, ...reduceRules, ...contractionRules, ...indexingRules, ...controlRules,
  assign: 'none', stopGradient: 'none',
  barrier: (_node, grads) => [at(grads, 0)],
  // Every replica's loss depends on every replica's operand. Extremes share equally among ties; prod divides by the operand, which must not be 0.
  allReduce: (node, grads) => {
    const x = at(node.inputs, 0), total = b.allReduce('sum', at(grads, 0)), { kind } = node.attrs;
    if (kind === 'sum') return [total];
    if (kind === 'prod') return [b.div(b.mul(total, node), x)];
    const hits = b.cast(b.eq(x, node), x.type.dtype);
    return [b.div(b.mul(hits, total), b.allReduce('sum', hits))];
  },
} satisfies Rules;

/** The rule of an operation. */
export const ruleOf = <K extends OpName>(op: K): GradientRule<K> => RULES[op];
