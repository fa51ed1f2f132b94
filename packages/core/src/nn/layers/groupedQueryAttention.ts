/** GroupedQueryAttention (Ainslie et al. 2023). */
import { ValueError } from '../../base/errors.ts';
import { numberOf, type Config } from '../registry-table.ts';
import { HeadAttention, headAttentionOptions, positive, type HeadAttentionOptions } from './headAttention.ts';

/** Options of `groupedQueryAttention`. */
export type GroupedQueryAttentionOptions = HeadAttentionOptions;

/** Multi-head attention whose `numQueryHeads` heads share `numKeyValueHeads` keys and values; inputs and weights: see HeadAttention. */
export class GroupedQueryAttention extends HeadAttention {
  readonly className = 'GroupedQueryAttention';
  constructor(headDim: number, numQueryHeads: number, numKeyValueHeads: number, options: GroupedQueryAttentionOptions = {}) {
    const who = 'GroupedQueryAttention', width = positive(headDim, 'headDim', who), heads = positive(numQueryHeads, 'numQueryHeads', who), groups = positive(numKeyValueHeads, 'numKeyValueHeads', who);
    if (heads % groups !== 0) throw new ValueError(`${who}: numQueryHeads ${heads} must be a multiple of numKeyValueHeads ${groups}.`);
    super(who, { heads, groups, keyDim: width, valueDim: width }, options);
  }
  static fromConfig(config: Config): GroupedQueryAttention {
    return new GroupedQueryAttention(numberOf(config, 'headDim', 0), numberOf(config, 'numQueryHeads', 0), numberOf(config, 'numKeyValueHeads', 0), headAttentionOptions(config));
  }
  override getConfig(): Config { return { ...super.getConfig(), headDim: this.sizes.keyDim, numQueryHeads: this.sizes.heads, numKeyValueHeads: this.sizes.groups }; }
}
