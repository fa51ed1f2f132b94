/**
 * One helper that every layer's test calls. It checks what all layers promise: symbolic shapes and dtype equal the real ones, for more than one batch size; the
 * configuration survives JSON and makes the same layer again; eager and compiled runs agree; a gradient arrives at inputs and weights; training lowers a loss.
 * Prior art: Keras's run_layer_test.
 */
import { isFloat, type DType } from '../../base/dtype.ts';
import { at, sameShape, showShape, type Shape } from '../../base/shape.ts';
import { hostRandom } from '../../tensor/host-random.ts';
import * as ops from '../../tensor/ops/index.ts';
import { SeedGenerator } from '../../tensor/random.ts';
import { tensor, type Tensor } from '../../tensor/tensor.ts';
import { jit, valueAndGrad } from '../../tensor/trace.ts';
import type { BatchShape, CallContext, Layer } from '../layer.ts';
import { SGD } from '../optimizers/sgd.ts';
import type { SerializedObject } from '../registry-table.ts';
import { layerFromConfig, serializeLayer } from '../registry.ts';

/** How a layer is to be checked. */
export interface LayerCheck {
  /** Shapes of the inputs without the batch. */
  readonly inputs: readonly Shape[];
  /** Dtype of the inputs; default f32. Integers are drawn from 0..9. */
  readonly dtype?: DType;
  /** Expected shape of the (first) result without the batch. */
  readonly output: Shape;
  /** Expected dtype of the result; default f32. */
  readonly outputDType?: DType;
  /** Expected number of weights. */
  readonly weights: number;
  /** Largest difference between eager and compiled results, relative to the largest element; default 1e-5. */
  readonly tolerance?: number;
  /** Learning rate of the steps that must lower the loss; default 0.05. */
  readonly learningRate?: number;
}

function must(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`checkLayer: ${message}`);
}
function draw(shape: Shape, dtype: DType, seed: number): Tensor {
  const random = hostRandom([seed, 0xc4ec]);
  return tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => (isFloat(dtype) ? random.normal() : random.below(10))), shape, dtype);
}
function requireClose(a: Tensor, b: Tensor, tolerance: number, what: string): void {
  must(sameShape(a.shape, b.shape), `${what}: shapes ${showShape(a.shape)} and ${showShape(b.shape)} differ`);
  const x = a.dataSync(), y = b.dataSync(), scale = Math.max(1, ...x.map((v) => Math.abs(v)));
  for (let i = 0; i < x.length; i++) must(Math.abs(at(x, i) - at(y, i)) <= tolerance * scale, `${what}: element ${i} is ${at(x, i)} and ${at(y, i)}`);
}

/** Throws with the first promise that a layer breaks. `make` gives a fresh layer each time. */
export function checkLayer(make: () => Layer, check: LayerCheck): void {
  const dtype = check.dtype ?? 'f32', layer = make(), name = layer.className, tolerance = check.tolerance ?? 1e-5;
  const context = (training: boolean): CallContext => ({ training, seeds: new SeedGenerator(7) });
  const inputsOf = (batch: number): Tensor[] => check.inputs.map((shape, i) => draw([batch, ...shape], dtype, 100 * batch + i));
  const symbolic: BatchShape[] = check.inputs.map((shape) => [null, ...shape]);

  // weights, shapes, dtype
  layer.seed = 3;
  layer.build(symbolic);
  layer.build(symbolic);
  must(layer.weights.length === check.weights, `${name} has ${layer.weights.length} weights, expected ${check.weights}`);
  for (const w of layer.weights) must([layer, ...layer.sublayers].some((own) => w.name.startsWith(`${own.name}/`)), `weight '${w.name}' is not named after its layer '${layer.name}'`);
  const promised = at(layer.outputShapes(symbolic), 0), promisedDType = layer.outputDType(check.inputs.map(() => dtype));
  must(showShape(promised) === showShape([null, ...check.output]), `${name} promises shape ${showShape(promised)}, expected ${showShape([null, ...check.output])}`);
  must(promisedDType === (check.outputDType ?? 'f32'), `${name} promises dtype ${promisedDType}, expected ${check.outputDType ?? 'f32'}`);
  for (const batch of [1, 3]) for (const training of [false, true]) {
    const result = at(layer.run(inputsOf(batch), context(training)), 0);
    must(sameShape(result.shape, [batch, ...check.output]), `${name} gives shape ${showShape(result.shape)} for a batch of ${batch}, expected ${showShape([batch, ...check.output])}`);
    must(result.dtype === promisedDType, `${name} gives dtype ${result.dtype}, promised ${promisedDType}`);
    // eager = compiled, with the same seed
    const compiled = jit((xs: Tensor[]) => at(layer.run(xs, context(training)), 0))(inputsOf(batch));
    requireClose(result, compiled, tolerance, `${name} eager and compiled (training ${training})`);
  }

  // configuration
  const saved = JSON.parse(JSON.stringify(serializeLayer(layer))) as SerializedObject, again = layerFromConfig(saved);
  must(again.constructor === layer.constructor, `${name} came back from its configuration as ${again.className}`);
  must(JSON.stringify(serializeLayer(again)) === JSON.stringify(saved), `${name}'s configuration changes when saved again: ${JSON.stringify(saved)} and ${JSON.stringify(serializeLayer(again))}`);
  again.seed = 4;
  again.build(symbolic);
  must(again.weights.length === layer.weights.length, `${name} came back with ${again.weights.length} weights`);
  layer.weights.forEach((w, i) => { at(again.weights, i).write(w.read()); });
  requireClose(at(layer.run(inputsOf(2), context(false)), 0), at(again.run(inputsOf(2), context(false)), 0), 0, `${name} before and after its configuration`);

  // gradients and training
  if (!isFloat(promisedDType)) return;
  const target = draw([4, ...check.output], 'f32', 5), xs = inputsOf(4);
  const loss = (inputs: Tensor[]): Tensor => ops.mean(ops.square(ops.subtract(at(layer.run(inputs, context(false)), 0), target)));
  if (isFloat(dtype)) {
    for (const g of valueAndGrad(loss)(xs).grad) must(g.dataSync().every((v) => Number.isFinite(v)), `${name}: the gradient of an input is not finite`);
  }
  const trainable = layer.trainableWeights;
  if (trainable.length === 0) return;
  const optimizer = new SGD(), rate = tensor(new Float32Array([check.learningRate ?? 0.05]), []);
  const step = jit((inputs: Tensor[]) => {
    const { value, grad } = valueAndGrad((list: Tensor[]) => loss(list), trainable)(inputs);
    optimizer.apply(grad, trainable, rate);
    return value;
  });
  const first = step(xs).item();
  let last = first;
  for (let i = 0; i < 10; i++) last = step(xs).item();
  must(last < first, `${name}: ten training steps took the loss from ${first} to ${last}`);
}
