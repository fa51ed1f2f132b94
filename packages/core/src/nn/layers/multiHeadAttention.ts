/** MultiHeadAttention (Vaswani et al. 2017). */
import type { Shape } from '../../base/shape.ts';
import { numberOf, type Config } from '../registry-table.ts';
import { HeadAttention, headAttentionOptions, positive, type HeadAttentionOptions } from './headAttention.ts';

/** Options of `multiHeadAttention`. */
export interface MultiHeadAttentionOptions extends HeadAttentionOptions {
  /** Width of a head's values; default keyDim. */
  readonly valueDim?: number | null;
  /** Shape of the result's last axes; default the query's last extent. */
  readonly outputShape?: number | Shape | null;
  /** The axes attended over, of the input; default all between batch and features. */
  readonly attentionAxes?: number | readonly number[] | null;
}
const list = (value: number | Shape | null | undefined): readonly number[] | null => (value === null || value === undefined ? null : typeof value === 'number' ? [value] : [...value]);

/** Each of `numHeads` heads attends with queries and keys of width `keyDim`; inputs and weights: see HeadAttention. Result [batch, …, width of the query]. */
export class MultiHeadAttention extends HeadAttention {
  readonly className = 'MultiHeadAttention';
  constructor(numHeads: number, keyDim: number, options: MultiHeadAttentionOptions = {}) {
    const who = 'MultiHeadAttention', heads = positive(numHeads, 'numHeads', who), width = positive(keyDim, 'keyDim', who);
    super(who, { heads, groups: heads, keyDim: width, valueDim: positive(options.valueDim ?? width, 'valueDim', who) }, options,
      list(options.outputShape)?.map((d) => positive(d, 'outputShape', who)) ?? null, list(options.attentionAxes));
  }
  get numHeads(): number { return this.sizes.heads; }
  get keyDim(): number { return this.sizes.keyDim; }
  get valueDim(): number { return this.sizes.valueDim; }
  static fromConfig(config: Config): MultiHeadAttention {
    const { outputShape = null, attentionAxes = null } = config as Partial<Record<'outputShape' | 'attentionAxes', number[] | null>>;
    return new MultiHeadAttention(numberOf(config, 'numHeads', 0), numberOf(config, 'keyDim', 0), { ...headAttentionOptions(config), valueDim: numberOf(config, 'valueDim', 0) || null, outputShape, attentionAxes });
  }
  override getConfig(): Config {
    return { ...super.getConfig(), numHeads: this.numHeads, keyDim: this.keyDim, valueDim: this.valueDim, outputShape: this.outputShape, attentionAxes: this.attentionAxes };
  }
}
