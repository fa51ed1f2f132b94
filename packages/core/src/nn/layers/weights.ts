/** How a layer's weight is made, read from options `…Initializer`, `…Regularizer`, `…Constraint` and written back to them. */
import { serializeConstraint, getConstraint, type ConstraintLike } from '../constraints/index.ts';
import { getInitializer, serializeInitializer, type InitializerLike } from '../initializers/index.ts';
import type { WeightOptions } from '../layer.ts';
import type { Config } from '../registry-table.ts';
import { getRegularizer, serializeRegularizer, type RegularizerLike } from '../regularizers/index.ts';
import { maybe } from './options.ts';

/** The three options of a weight called P: 'kernel' has kernelInitializer, kernelRegularizer and kernelConstraint. */
export type WeightChoices<P extends string> =
  & { readonly [K in `${P}Initializer`]?: InitializerLike }
  & { readonly [K in `${P}Regularizer`]?: RegularizerLike | null }
  & { readonly [K in `${P}Constraint`]?: ConstraintLike | null };

/** What is known of one weight. */
export class WeightSpec {
  readonly options: WeightOptions;
  private readonly prefix: string;
  /** `fallback`: the initializer where the options name none. */
  constructor(options: object, prefix: string, fallback: InitializerLike) {
    const own = options as Readonly<Record<string, never>>;
    this.prefix = prefix;
    this.options = {
      initializer: getInitializer(own[`${prefix}Initializer`] ?? fallback),
      regularizer: maybe<RegularizerLike, ReturnType<typeof getRegularizer>>(own[`${prefix}Regularizer`], getRegularizer),
      constraint: maybe<ConstraintLike, ReturnType<typeof getConstraint>>(own[`${prefix}Constraint`], getConstraint),
    };
  }
  getConfig(): Config {
    const { initializer, regularizer = null, constraint = null } = this.options;
    return {
      [`${this.prefix}Initializer`]: serializeInitializer(initializer), [`${this.prefix}Regularizer`]: serializeRegularizer(regularizer),
      [`${this.prefix}Constraint`]: serializeConstraint(constraint),
    };
  }
}
