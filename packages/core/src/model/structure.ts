/** The structure of models, for pictures and event files. */
import type { BatchShape, Layer } from '../nn/layer.ts';

/** One use of a layer in a model; `layer` is null for the input of a sequential model, `operands` are indices of uses before it. */
export interface LayerCall { readonly layer: Layer | null; readonly className: string; readonly name: string; readonly outputShapes: readonly BatchShape[]; readonly operands: readonly number[] }
