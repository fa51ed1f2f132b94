/** MelSpectrogram: sound as the loudness of mel bands over time (Stevens, Volkmann and Newman 1937; O'Shaughnessy's formula of the mel). */
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { STFT } from '../../initializers/stft.ts';
import { Layer, single, singleShape, type BatchShape, type LayerOptions } from '../../layer.ts';
import { withDefaults, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';

/** Options of `melSpectrogram`; frequencies in Hz, lengths in samples. */
export interface MelSpectrogramOptions extends LayerOptions {
  /** Length of the Fourier transform. Default 2048. */
  readonly fftLength?: number;
  /** Samples from one frame to the next. Default 512. */
  readonly sequenceStride?: number;
  /** Samples of a frame, at most fftLength. Default fftLength. */
  readonly sequenceLength?: number | null;
  /** Default 'hann'. */
  readonly window?: 'hann' | 'hamming' | readonly number[] | null;
  /** Default 16000. */
  readonly samplingRate?: number;
  /** Default 128. */
  readonly numMelBins?: number;
  /** Default 20. */
  readonly minFreq?: number;
  /** Default half of the sampling rate. */
  readonly maxFreq?: number | null;
  /** Decibels. Default true. */
  readonly powerToDb?: boolean;
  /** Decibels below the loudest place of the whole batch where the scale ends. Default 80. */
  readonly topDb?: number;
  /** Exponent of the magnitude: 2 is power (default), 1 amplitude. */
  readonly magExp?: number;
  /** Default 1e-10. */
  readonly minPower?: number;
  /** The power of 0 decibels. Default 1. */
  readonly refPower?: number;
}
const DEFAULTS = { fftLength: 2048, sequenceStride: 512, samplingRate: 16000, numMelBins: 128, minFreq: 20, powerToDb: true, topDb: 80, magExp: 2, minPower: 1e-10, refPower: 1 };
/** Samples [batch, n] → f32 [batch, numMelBins, frames]. Frames are centred: the ends are mirrored. */
export class MelSpectrogram extends Layer {
  readonly className = 'MelSpectrogram';
  readonly settings: typeof DEFAULTS;
  readonly sequenceLength: number;
  readonly window: 'hann' | 'hamming' | readonly number[] | null;
  readonly maxFreq: number;
  constructor(options: MelSpectrogramOptions = {}) {
    super('MelSpectrogram', options);
    const who = `MelSpectrogram '${this.name}'`, own = (this.settings = withDefaults(who, DEFAULTS, options));
    this.sequenceLength = options.sequenceLength ?? own.fftLength;
    this.window = options.window === undefined ? 'hann' : options.window;
    this.maxFreq = options.maxFreq ?? Math.trunc(own.samplingRate / 2);
    if (!(Number.isInteger(own.fftLength) && own.fftLength >= 2 && own.fftLength % 2 === 0)) throw new ValueError(`${who}: fftLength ${own.fftLength} must be an even whole number.`);
    if (own.fftLength < this.sequenceLength) throw new ValueError(`${who}: sequenceLength ${this.sequenceLength} is more than fftLength ${own.fftLength}.`);
    if (typeof this.window === 'string' && this.window !== 'hann' && this.window !== 'hamming') throw new ValueError(`${who}: window '${String(this.window)}' must be 'hann' or 'hamming', or the values of a frame.`);
    if (!(own.minFreq >= 0 && own.minFreq < this.maxFreq)) throw new ValueError(`${who}: minFreq ${own.minFreq} must be at least 0 and below maxFreq ${this.maxFreq}.`);
    if (!(Number.isInteger(own.sequenceStride) && own.sequenceStride >= 1)) throw new ValueError(`${who}: sequenceStride ${own.sequenceStride} must be a whole number of at least 1.`);
  }
  static fromConfig(config: Config): MelSpectrogram { return new MelSpectrogram({ ...(config as MelSpectrogramOptions), ...layerOptions(config) }); }
  call(inputs: readonly Tensor[]): Tensor {
    const { fftLength, sequenceStride, magExp, powerToDb, minPower, refPower, topDb } = this.settings, x: Tensor = ops.cast(single(inputs, this.className), 'f32');
    if (x.rank !== 2) throw new ShapeError(`MelSpectrogram '${this.name}' takes samples [batch, n], got ${showShape(x.shape)}.`);
    const half = Math.floor(fftLength / 2), bins = half + 1;
    if (at(x.shape, 1) <= half) throw new ShapeError(`MelSpectrogram '${this.name}': ${at(x.shape, 1)} samples are too few to mirror ${half} at each end; pad them, or make fftLength smaller.`);
    const total = at(x.shape, 1) + 2 * half, before = Math.floor((fftLength - this.sequenceLength) / 2), after = fftLength - this.sequenceLength - before;
    const padded = ops.slice(ops.expandDims(ops.pad(x, [[0, 0], [half, half]], 'reflect'), -1), null, [before, total - after], null);
    // one product with cosines and sines side by side
    const waves = ops.conv(padded, tensor(this.#waves(bins), [this.sequenceLength, 1, 2 * bins]), { strides: sequenceStride });
    const power = ops.add(ops.square(ops.slice(waves, null, null, [0, bins])), ops.square(ops.slice(waves, null, null, [bins, 2 * bins])));
    const mel = ops.matmul(magExp === 2 ? power : ops.power(ops.sqrt(power), magExp), tensor(this.#bands(bins), [bins, this.settings.numMelBins]));
    return ops.swapAxes(powerToDb ? decibels(mel, minPower, refPower, topDb) : mel, -1, -2);
  }
  #waves(bins: number): Float32Array {
    const { sequenceLength: n, window } = this, side = (name: 'real' | 'imag'): ArrayLike<number> => new STFT({ side: name, window, scaling: null, periodic: true }).generate([n, 1, bins], 'f32'), cosines = side('real'), sines = side('imag');
    return Float32Array.from({ length: n * 2 * bins }, (_, i) => { const t = Math.floor(i / (2 * bins)), f = i % (2 * bins); return f < bins ? at(cosines, t * bins + f) : at(sines, t * bins + f - bins); });
  }
  /** [bins, numMelBins]: triangles over the mel scale; the constant part of the sound goes to none. */
  #bands(bins: number): Float32Array {
    const { numMelBins, samplingRate, minFreq } = this.settings, mel = (hertz: number): number => 1127 * Math.log(1 + hertz / 700), low = mel(minFreq), step = (mel(this.maxFreq) - low) / (numMelBins + 1);
    const matrix = new Float32Array(bins * numMelBins);
    for (let f = 1; f < bins; f++) {
      const own = mel((f * samplingRate) / 2 / (bins - 1));
      for (let m = 0; m < numMelBins; m++) matrix[f * numMelBins + m] = Math.max(0, Math.min((own - low) / step - m, m + 2 - (own - low) / step));
    }
    return matrix;
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const shape = singleShape(shapes, this.className), samples = shape[1] ?? null, { sequenceStride, numMelBins, fftLength } = this.settings;
    if (shape.length !== 2) throw new ShapeError(`MelSpectrogram '${this.name}' takes samples [batch, n], got ${showShape(shape)}.`);
    return [[shape[0] ?? null, numMelBins, samples === null ? null : Math.floor((samples + 2 * Math.floor(fftLength / 2) - fftLength) / sequenceStride) + 1]];
  }
  override getConfig(): Config { return { ...super.getConfig(), ...this.settings, sequenceLength: this.sequenceLength, window: this.window, maxFreq: this.maxFreq }; }
}
/** 10 log₁₀ of the power over a reference, from `range` below the loudest place. */
function decibels(power: Tensor, least: number, reference: number, range: number): Tensor {
  const level = ops.subtract(ops.multiply(ops.log10(ops.maximum(power, least)), 10), 10 * Math.log10(Math.max(Math.abs(reference), least)));
  return ops.maximum(level, ops.subtract(ops.max(level), range));
}
