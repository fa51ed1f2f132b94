/** StackedRNNCells: cells in a row as one cell; each takes the output of the one before. */
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { BatchShape, CallContext, LayerOptions } from '../../layer.ts';
import { layerOf, saveNested } from '../nested.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { RNNCell } from './cell.ts';

/** Options of `stackedRNNCells`. */
export type StackedRNNCellsOptions = LayerOptions;
/** The states of all cells, in order. */
export class StackedRNNCells extends RNNCell {
  readonly className = 'StackedRNNCells';
  readonly cells: readonly RNNCell[];
  constructor(cells: readonly RNNCell[], options: StackedRNNCellsOptions = {}) {
    super('StackedRNNCells', options);
    if (cells.length === 0) throw new ValueError('StackedRNNCells needs at least one cell.');
    this.cells = cells;
  }
  static fromConfig(config: Config): StackedRNNCells {
    const cells = config['cells'];
    return new StackedRNNCells(Array.isArray(cells) ? (cells as Config[]).map((cell) => cellOf(layerOf(cell, 'cell', 'StackedRNNCells'), 'StackedRNNCells')) : [], layerOptions(config));
  }
  /** For each cell the shape of its input. */
  private inputsOf(input: BatchShape): BatchShape[] {
    const shapes: BatchShape[] = [];
    let shape = input;
    for (const cell of this.cells) { shapes.push(shape); shape = cell.stepShape(shape); }
    return shapes;
  }
  override stateShapes(input: BatchShape): readonly BatchShape[] { const shapes = this.inputsOf(input); return this.cells.flatMap((cell, i) => cell.stateShapes(at(shapes, i))); }
  override stepShape(input: BatchShape): BatchShape { return at(this.cells, -1).stepShape(at(this.inputsOf(input), -1)); }
  protected override createWeights(shapes: readonly BatchShape[]): void { const own = this.inputsOf(at(shapes, 0)); this.cells.forEach((cell, i) => { cell.buildStep(at(own, i)); }); }
  call([x, ...states]: readonly Tensor[], context: CallContext): readonly Tensor[] {
    if (x === undefined) throw new ShapeError('StackedRNNCells takes [x, state…].');
    const inner: CallContext = { training: context.training, seeds: context.seeds }, next: Tensor[] = [];
    let value = x, from = 0;
    for (const cell of this.cells) {
      const count = cell.stateShapes([...value.shape]).length, [output, ...own] = cell.run([value, ...states.slice(from, from + count)], inner);
      value = output ?? value;
      next.push(...own);
      from += count;
    }
    return [value, ...next];
  }
  override getConfig(): Config { return { ...super.getConfig(), cells: this.cells.map(saveNested) }; }
}

/** The layer as a cell; throws ValueError where it is none. */
export function cellOf(layer: unknown, who: string): RNNCell {
  if (layer instanceof RNNCell) return layer;
  throw new ValueError(`${who} needs cells (SimpleRNNCell, GRUCell, LSTMCell, StackedRNNCells, or a class derived from RNNCell), got ${typeof layer === 'object' && layer !== null && 'className' in layer ? String(layer.className) : String(layer)}.`);
}
