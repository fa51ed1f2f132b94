/** STFTSpectrogram: the spectrum of sound over time, by convolution with waves that can be trained. */
import { ShapeError, StateError, ValueError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Variable } from '../../../tensor/variable.ts';
import { EPSILON } from '../../epsilon.ts';
import { STFT, type StftWindow } from '../../initializers/stft.ts';
import { Layer, single, singleShape, type BatchShape, type LayerOptions } from '../../layer.ts';
import { booleanOf, numberOf, stringOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { dataFormatOf, oneOf, windowed, type DataFormat } from '../spatial.ts';
import { arctan2 } from './angle.ts';

const MODES = ['log', 'magnitude', 'psd', 'real', 'imag', 'angle', 'stft'] as const;
/** What is given of the spectrum: the log of its magnitude, the magnitude, the power density, its real or imaginary side, its angle, or both sides one after the other. */
export type SpectrogramMode = (typeof MODES)[number];
/** Options of `stftSpectrogram`; lengths in samples. */
export interface STFTSpectrogramOptions extends LayerOptions {
  /** Default 'log'. */
  readonly mode?: SpectrogramMode;
  /** Default 256. */
  readonly frameLength?: number;
  /** Samples from one frame to the next. Default half of the frame. */
  readonly frameStep?: number | null;
  /** Length of the Fourier transform. Default: the power of 2 at or above the frame. */
  readonly fftLength?: number | null;
  /** Default 'hann'. */
  readonly window?: StftWindow | readonly number[] | null;
  /** The window's period is the frame. Default false. */
  readonly periodic?: boolean;
  /** Default 'density'. */
  readonly scaling?: 'density' | 'spectrum' | null;
  /** Default 'valid'. */
  readonly padding?: 'valid' | 'same';
  /** Frequencies on an axis of their own, instead of side by side for all channels. Default false. */
  readonly expandDims?: boolean;
  /** Default 'channelsLast'. */
  readonly dataFormat?: DataFormat;
}
/**
 * [batch, time, channels] → [batch, frames, channels · frequencies], or with `expandDims` [batch, frames, frequencies, channels]; channels first likewise. Weights:
 * real_kernel and imag_kernel [frameLength, 1, frequencies] (one of them for 'real' and 'imag'); `trainable: false` keeps them.
 */
export class STFTSpectrogram extends Layer {
  readonly className = 'STFTSpectrogram';
  readonly mode: SpectrogramMode;
  readonly frameLength: number;
  readonly frameStep: number | null;
  readonly fftLength: number | null;
  readonly window: StftWindow | readonly number[] | null;
  readonly periodic: boolean;
  readonly scaling: 'density' | 'spectrum' | null;
  readonly padding: 'valid' | 'same';
  readonly expandDims: boolean;
  readonly dataFormat: DataFormat;
  private real: Variable | null = null;
  private imag: Variable | null = null;
  constructor(options: STFTSpectrogramOptions = {}) {
    super('STFTSpectrogram', options);
    const who = `STFTSpectrogram '${this.name}'`;
    this.mode = oneOf(options.mode ?? 'log', MODES, `${who}: mode`);
    this.frameLength = options.frameLength ?? 256;
    this.frameStep = options.frameStep ?? null;
    this.fftLength = options.fftLength ?? null;
    this.window = options.window === undefined ? 'hann' : options.window;
    this.periodic = options.periodic ?? false;
    this.scaling = options.scaling === undefined ? 'density' : options.scaling;
    this.padding = oneOf(options.padding ?? 'valid', ['valid', 'same'], `${who}: padding`);
    this.expandDims = options.expandDims ?? false;
    this.dataFormat = dataFormatOf(options.dataFormat, who);
    if (!(Number.isInteger(this.frameLength) && this.frameLength >= 2)) throw new ValueError(`${who}: frameLength ${this.frameLength} must be a whole number of at least 2.`);
    if (this.frameStep !== null && !(Number.isInteger(this.frameStep) && this.frameStep >= 1 && this.frameStep <= this.frameLength)) throw new ValueError(`${who}: frameStep ${this.frameStep} must be a whole number of 1 to frameLength ${this.frameLength}.`);
    if (this.fftLength !== null && this.fftLength < this.frameLength) throw new ValueError(`${who}: fftLength ${this.fftLength} is less than frameLength ${this.frameLength}.`);
  }
  static fromConfig(config: Config): STFTSpectrogram {
    return new STFTSpectrogram({
      ...(config as STFTSpectrogramOptions), ...layerOptions(config), mode: stringOf(config, 'mode', 'log') as SpectrogramMode, frameLength: numberOf(config, 'frameLength', 256),
      periodic: booleanOf(config, 'periodic', false), expandDims: booleanOf(config, 'expandDims', false),
    });
  }
  get #step(): number { return this.frameStep ?? Math.floor(this.frameLength / 2); }
  get #bins(): number { return Math.floor((this.fftLength ?? 2 ** Math.ceil(Math.log2(this.frameLength))) / 2) + 1; }
  protected override createWeights(): void {
    const kernel = (side: 'real' | 'imag'): Variable => this.addWeight(`${side}_kernel`, [this.frameLength, 1, this.#bins], { initializer: new STFT({ side, window: this.window, scaling: this.scaling, periodic: this.periodic }) });
    if (this.mode !== 'imag') this.real = kernel('real');
    if (this.mode !== 'real') this.imag = kernel('imag');
  }
  call(inputs: readonly Tensor[]): Tensor {
    const x = single(inputs, this.className), last = this.dataFormat === 'channelsLast', bands = last ? ops.swapAxes(x, 1, 2) : x, [batch, channels, time] = [at(bands.shape, 0), at(bands.shape, 1), at(bands.shape, 2)];
    const lines = ops.reshape(bands, [batch * channels, time, 1]);
    // each channel by itself: [batch, channels, frames, frequencies]
    const side = (kernel: Variable | null): Tensor => {
      if (kernel === null) throw new StateError(`STFTSpectrogram '${this.name}' is not built.`);
      const y = ops.conv(lines, kernel.value, { strides: this.#step, padding: this.padding });
      return ops.reshape(y, [batch, channels, at(y.shape, 1), at(y.shape, 2)]);
    };
    return this.#arranged(this.#part(side));
  }
  #part(side: (kernel: Variable | null) => Tensor): Tensor {
    if (this.mode === 'real') return side(this.real);
    if (this.mode === 'imag') return side(this.imag);
    const re = side(this.real), im = side(this.imag);
    if (this.mode === 'angle') return arctan2(im, re);
    if (this.mode === 'stft') return ops.concat([re, im], -1);
    const power = ops.add(ops.square(re), ops.square(im));
    // the middle frequencies stand for their negatives too
    if (this.mode === 'psd') return ops.add(power, ops.pad(ops.slice(power, null, null, null, [1, -1]), [[0, 0], [0, 0], [0, 0], [1, 1]]));
    const magnitude = ops.sqrt(ops.maximum(power, EPSILON));
    return this.mode === 'magnitude' ? magnitude : ops.log(ops.maximum(magnitude, EPSILON));
  }
  /** [batch, channels, frames, frequencies] in the layout of the result. */
  #arranged(x: Tensor): Tensor {
    const [batch, channels, frames, bins] = x.shape as [number, number, number, number], last = this.dataFormat === 'channelsLast';
    if (this.expandDims) return last ? ops.transpose(x, [0, 2, 3, 1]) : x;
    return last ? ops.reshape(ops.transpose(x, [0, 2, 1, 3]), [batch, frames, channels * bins]) : ops.reshape(ops.transpose(x, [0, 1, 3, 2]), [batch, channels * bins, frames]);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const shape = singleShape(shapes, this.className), last = this.dataFormat === 'channelsLast', bins = this.#bins * (this.mode === 'stft' ? 2 : 1);
    if (shape.length !== 3) throw new ShapeError(`STFTSpectrogram '${this.name}' takes [batch, ${last ? 'time, channels' : 'channels, time'}], got ${showShape(shape)}. Sound of one channel needs an axis of 1.`);
    const [batch = null, a = null, b = null] = shape, [time, channels] = last ? [a, b] : [b, a], [frames = null] = windowed([time], [this.frameLength], [this.#step], this.padding, [1], `STFTSpectrogram '${this.name}'`);
    if (this.expandDims) return [last ? [batch, frames, bins, channels] : [batch, channels, frames, bins]];
    const wide = channels === null ? null : channels * bins;
    return [last ? [batch, frames, wide] : [batch, wide, frames]];
  }
  override getConfig(): Config {
    const { mode, frameLength, frameStep, fftLength, window, periodic, scaling, padding, expandDims, dataFormat } = this;
    return { ...super.getConfig(), mode, frameLength, frameStep, fftLength, window, periodic, scaling, padding, expandDims, dataFormat };
  }
}
