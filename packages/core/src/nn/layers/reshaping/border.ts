/** Layers that change the border of sequences, images and volumes: what the Cropping and ZeroPadding layers name. */
import type { DType } from '../../../base/dtype.ts';
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, single, type BatchShape, type LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { dataFormatOf, shapeInFormat, spatialShape, type DataFormat } from '../spatial.ts';

/** Widths of a border: one number for all sides; one for each spatial axis, both sides alike; or [before, after] for each. With one axis also just [before, after]. */
export type BorderWidths = number | readonly (number | readonly [number, number])[];
/** Options of the Cropping and ZeroPadding layers. */
export interface BorderOptions extends LayerOptions {
  /** Default 'channelsLast'. */
  readonly dataFormat?: DataFormat;
}

function pairs(value: BorderWidths, rank: number, who: string): (readonly [number, number])[] {
  const list = typeof value === 'number' ? new Array<number>(rank).fill(value) : rank === 1 && value.length === 2 && typeof value[0] === 'number' ? [value as readonly number[]] : value;
  const made = list.map((v) => (typeof v === 'number' ? [v, v] : [...v]));
  if (made.length !== rank || made.some((pair) => pair.length !== 2 || pair.some((n) => !Number.isInteger(n) || n < 0))) {
    throw new ValueError(`${who}: ${JSON.stringify(value)} must be a whole number of at least 0${rank > 1 ? `, a list of ${rank}` : ''}, or ${rank > 1 ? `${rank} times ` : ''}[before, after].`);
  }
  return made as unknown as (readonly [number, number])[];
}

abstract class Border extends Layer {
  readonly dataFormat: DataFormat;
  protected readonly rank: number;
  protected readonly widths: readonly (readonly [number, number])[];
  constructor(className: string, what: string, rank: number, widths: BorderWidths, options: BorderOptions) {
    super(className, options);
    this.rank = rank;
    this.widths = pairs(widths, rank, `${className}: ${what}`);
    this.dataFormat = dataFormatOf(options.dataFormat, className);
  }
  /** The widths for every axis, those of batch and channels 0. */
  protected get all(): readonly (readonly [number, number])[] {
    const none = [0, 0] as const;
    return this.dataFormat === 'channelsLast' ? [none, ...this.widths, none] : [none, none, ...this.widths];
  }
  /** What becomes of an extent. */
  protected abstract changed(extent: number, widths: readonly [number, number]): number;
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const parts = spatialShape(shapes, this.rank, this.dataFormat, this.className);
    const spatial = parts.spatial.map((d, i) => (d === null ? null : this.changed(d, at(this.widths, i))));
    if (spatial.some((d) => d !== null && d < 1)) throw new ShapeError(`Layer '${this.name}': nothing is left of ${showShape(parts.spatial)} after cropping ${JSON.stringify(this.widths)}. Crop less, or give a larger input.`);
    return [shapeInFormat({ ...parts, spatial }, this.dataFormat)];
  }
  override outputDType(dtypes: readonly DType[]): DType { return at(dtypes, 0); }
  override getConfig(): Config { return { ...super.getConfig(), dataFormat: this.dataFormat }; }
}

export abstract class Cropping extends Border {
  constructor(className: string, rank: number, cropping: BorderWidths, options: BorderOptions) { super(className, 'cropping', rank, cropping, options); }
  get cropping(): readonly (readonly [number, number])[] { return this.widths; }
  protected changed(extent: number, [before, after]: readonly [number, number]): number { return extent - before - after; }
  call(inputs: readonly Tensor[]): Tensor {
    const x = single(inputs, this.className);
    this.outputShapes([x.shape]);
    return ops.slice(x, ...this.all.map(([before, after], i) => [before, at(x.shape, i) - after] as const));
  }
  override getConfig(): Config { return { ...super.getConfig(), cropping: this.widths }; }
}
export abstract class ZeroPadding extends Border {
  constructor(className: string, rank: number, padding: BorderWidths, options: BorderOptions) { super(className, 'padding', rank, padding, options); }
  get padding(): readonly (readonly [number, number])[] { return this.widths; }
  protected changed(extent: number, [before, after]: readonly [number, number]): number { return extent + before + after; }
  call(inputs: readonly Tensor[]): Tensor {
    const x = single(inputs, this.className);
    this.outputShapes([x.shape]);
    return ops.pad(x, this.all);
  }
  override getConfig(): Config { return { ...super.getConfig(), padding: this.widths }; }
}
/** Widths (under `key`) and options of a saved layer. */
export const savedBorder = (config: Config, key: 'cropping' | 'padding'): [widths: BorderWidths | undefined, options: BorderOptions] =>
  [config[key] as BorderWidths | undefined, { ...config, ...layerOptions(config) }];
