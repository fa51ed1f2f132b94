/**
 * Post-training quantization: kernels as int8, one scale for each output channel; biases, averages and everything else stay f32. The file is about a quarter as
 * large. The engine computes in f32, so a loaded model has the rounded weights at its usual speed.
 */
import { ValueError } from '../../base/errors.ts';
import { at } from '../../base/shape.ts';
import type { Layer } from '../../nn/layer.ts';
import type { Archive } from '../archive.ts';
import { packArchive } from '../archiveBytes.ts';
import type { Logs } from '../callbacks/callback.ts';
import type { ModelData } from '../data.ts';
import { modelFromBytes } from '../load.ts';
import type { Model } from '../model.ts';
import { dequantized, quantized, SCALES, type QuantizedAxes } from './int8.ts';

/** Options of `quantize`. */
export interface QuantizeOptions {
  /** Which layers' kernels; default all. */
  readonly select?: (layer: Layer) => boolean;
  /** Data [x, y] to evaluate with before and after; the model must be compiled. */
  readonly evaluate?: readonly [x: ModelData, y: ModelData];
  /** For the evaluation; default 128. */
  readonly batchSize?: number;
}
/** One weight of a report. */
export interface QuantizedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly channels: number;
  /** root of Σ (w - q)² / Σ w² */
  readonly error: number;
}
/** What `quantize` gives. */
export interface Quantized {
  /** The model with the rounded weights, not compiled unless the original was. */
  readonly model: Model;
  /** The file: `modelFromBytes`, `loadModel` read it. */
  readonly bytes: Uint8Array;
  /** Size of the same file with f32 weights (without optimizer state, as this one). */
  readonly fullSize: number;
  /** bytes.length / fullSize */
  readonly ratio: number;
  readonly weights: readonly QuantizedWeight[];
  /** Losses and metrics with the original and with the rounded weights, where data were given. */
  readonly before: Logs | null;
  readonly after: Logs | null;
  /** Writes the file: beside, synced, renamed. */
  save(path: string): Promise<void>;
}

/** The kernels of a model by the name of their entry: the axes that count output channels. Layers inside layers belong to them. */
function kernelAxes(model: Model, select: (layer: Layer) => boolean): Map<string, number[]> {
  const found = new Map<string, number[]>(), seen = new Set<Layer>();
  const visit = (layer: Layer): void => {
    if (seen.has(layer)) return;
    seen.add(layer);
    if (select(layer)) for (const weight of layer.weights) {
      const name = weight.name.slice(weight.name.lastIndexOf('/') + 1), rank = weight.shape.length;
      if (!/(^|_)kernel$/.test(name) || rank < 2 || weight.dtype !== 'f32') continue;
      const depthwise = name === 'depthwise_kernel' || layer.className.startsWith('Depthwise');
      found.set(weight.name, depthwise ? [rank - 2, rank - 1] : layer.className.endsWith('Transpose') ? [rank - 2] : [rank - 1]);
    }
    layer.sublayers.forEach(visit);
  };
  model.layers.forEach(visit);
  return found;
}

/** Throws ValueError for a model without kernels, StateError for one that is not built or, with `evaluate`, not compiled. */
export async function quantize(model: Model, options: QuantizeOptions = {}): Promise<Quantized> {
  const { select = () => true, evaluate, batchSize = 128 } = options, whole = await model.archive(), axes = kernelAxes(model, select);
  // optimizer state is for training on, which goes from the full weights
  const { optimizer: _, ...groups } = whole.groups, full: Archive = { groups, documents: whole.documents }, entries = groups.weights ?? [];
  const rows: QuantizedWeight[] = [], kept: Record<string, readonly number[]> = {};
  const small = entries.flatMap((entry) => {
    const own = axes.get(entry.name);
    if (own === undefined) return [entry];
    const { bytes, scales } = quantized(entry.tensor, own), pair = [{ name: entry.name, tensor: bytes }, { name: `${entry.name}${SCALES}`, tensor: scales }], rounded = at(dequantized(pair, { [entry.name]: own }, 'quantize'), 0).tensor.data;
    let error = 0, size = 0;
    entry.tensor.data.forEach((w, i) => { error += (w - at(rounded, i)) ** 2; size += w * w; });
    kept[entry.name] = own;
    rows.push({ name: entry.name, shape: entry.tensor.shape, channels: scales.data.length, error: size === 0 ? 0 : Math.sqrt(error / size) });
    return pair;
  });
  if (rows.length === 0) throw new ValueError(`quantize: model '${model.name}' has no kernels to round${options.select === undefined ? '' : ' among the selected layers'}; dense and convolutional layers have some.`);
  const bytes = packArchive({ groups: { ...groups, weights: small }, documents: { ...whole.documents, quantized: kept satisfies QuantizedAxes } }), fullSize = packArchive(full).length, rounded = modelFromBytes(bytes, 'The quantized model');
  const before = evaluate === undefined ? null : await model.evaluate(...evaluate, { batchSize }), after = evaluate === undefined ? null : await rounded.evaluate(...evaluate, { batchSize });
  return {
    model: rounded, bytes, fullSize, ratio: bytes.length / fullSize, weights: rows, before, after,
    async save(path) { await (await import('../files.ts')).writeFileAtomic(path, bytes, 'quantized.save'); },
  };
}
