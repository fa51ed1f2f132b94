/** STFT: kernels of a convolution that computes one side of a short-time Fourier transform, as Keras 3 makes them. No randomness. */
import { createArray, type DType, type HostArray } from '../../base/dtype.ts';
import { ShapeError, ValueError } from '../../base/errors.ts';
import { showShape, type Shape } from '../../base/shape.ts';
import type { Config } from '../registry-table.ts';
import type { Initializer } from './initializer.ts';

/** Cosine sums of the windows: a₀ - a₁ cos(2πx) + a₂ cos(4πx); x runs from 0 to 1 over the frame. */
const WINDOWS = { hann: [0.5, 0.5, 0], hamming: [0.54, 0.46, 0], blackman: [0.42, 0.5, 0.08], boxcar: [1, 0, 0] } as const;
/** Name of a window. */
export type StftWindow = keyof typeof WINDOWS;
/** Options of `stft`. */
export interface StftOptions {
  /** Cosines ('real', default) or sines of the transform. */
  readonly side?: 'real' | 'imag';
  /** A name, the values of a frame, or null for none. Default 'hann'. */
  readonly window?: StftWindow | readonly number[] | null;
  /** Divide by the root of the window's squares ('density', default), by the sum of its sizes ('spectrum'), or not (null). */
  readonly scaling?: 'density' | 'spectrum' | null;
  /** The window's period is the frame, not the frame less one. Default false. */
  readonly periodic?: boolean;
}
/** Kernels [frame, 1, bands / 2 + 1]: e^(-2πi t f / bands) times the window, its real or imaginary side. */
export class STFT implements Initializer {
  readonly className = 'STFT';
  readonly side: 'real' | 'imag';
  readonly window: StftWindow | readonly number[] | null;
  readonly scaling: 'density' | 'spectrum' | null;
  readonly periodic: boolean;
  constructor(options: StftOptions = {}) {
    this.side = options.side ?? 'real';
    this.window = options.window === undefined ? 'hann' : options.window;
    this.scaling = options.scaling === undefined ? 'density' : options.scaling;
    this.periodic = options.periodic ?? false;
    if (typeof this.window === 'string' && !(this.window in WINDOWS)) throw new ValueError(`STFT: unknown window '${String(this.window)}'; known: ${Object.keys(WINDOWS).join(', ')}, or give the values of a frame.`);
  }
  generate(shape: Shape, dtype: DType): HostArray {
    const [frame = 0, channels, bins = 0] = shape;
    if (shape.length !== 3 || channels !== 1) throw new ShapeError(`The STFT initializer makes kernels [frame, 1, bands / 2 + 1]; the weight has shape ${showShape(shape)}.`);
    const window = this.#window(frame), bands = (bins - 1) * 2;
    const scale = window === null || this.scaling === null ? 1 : this.scaling === 'density' ? Math.sqrt(window.reduce((sum, v) => sum + v * v, 0)) : window.reduce((sum, v) => sum + Math.abs(v), 0);
    const data = createArray(dtype, frame * bins), wave = this.side === 'real' ? Math.cos : Math.sin;
    for (let t = 0; t < frame; t++) for (let f = 0; f < bins; f++) data[t * bins + f] = (wave((-2 * Math.PI * t * f) / bands) * (window?.[t] ?? 1)) / scale;
    return data;
  }
  #window(frame: number): readonly number[] | null {
    const { window } = this;
    if (window === null) return null;
    if (typeof window !== 'string') {
      if (window.length !== frame) throw new ShapeError(`STFT: the window has ${window.length} values, the frame ${frame}.`);
      return window;
    }
    const [a, b, c] = WINDOWS[window], period = Math.max(1, this.periodic ? frame : frame - 1);
    return frame === 1 ? [1] : Array.from({ length: frame }, (_, t) => a - b * Math.cos((2 * Math.PI * t) / period) + c * Math.cos((4 * Math.PI * t) / period));
  }
  getConfig(): Config { return { side: this.side, window: this.window, scaling: this.scaling, periodic: this.periodic }; }
}
