/** Layers against golden numbers: results and gradients of a layer with given weights, inputs and masks, as scripts under tools/fixtures/keras write them. */
import type { DType } from '../../base/dtype.ts';
import { at } from '../../base/shape.ts';
import { expectClose } from '../../base/testing/golden.ts';
import * as ops from '../../tensor/ops/index.ts';
import { SeedGenerator } from '../../tensor/random.ts';
import { tensor, type Tensor } from '../../tensor/tensor.ts';
import { jit, valueAndGrad } from '../../tensor/trace.ts';
import type { Config } from '../registry-table.ts';
import { layerFromConfig } from '../registry.ts';

/** An array of a fixture. */
export interface GoldenArray { readonly shape: readonly number[]; readonly data: readonly number[]; readonly dtype?: DType; readonly name?: string }
/** A layer, what goes in, and what must come out. Gradients: of Σ result · weight, weights 1/n … 1, by each float input and each weight. */
export interface GoldenCase {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  readonly inputs: readonly GoldenArray[];
  readonly masks: readonly (GoldenArray | null)[] | null;
  readonly weights: readonly GoldenArray[];
  readonly results: readonly GoldenArray[];
  readonly gradients: readonly (readonly number[])[];
}
/** A tensor of a fixture's array. */
export const goldenTensor = (a: GoldenArray, dtype: DType = a.dtype ?? 'f32'): Tensor => tensor(Float32Array.from(a.data), a.shape, dtype);

/** Throws where the layer's weights, results or gradients differ from the fixture; compiled and eager. */
export function checkGolden(golden: GoldenCase, tolerance: { readonly relative?: number; readonly absolute?: number } = {}): void {
  const layer = layerFromConfig({ className: golden.className, config: golden.config }), inputs = golden.inputs.map((x) => goldenTensor(x));
  layer.build(golden.inputs.map((x) => x.shape.map((d, i) => (i === 0 ? null : d))));
  const names = (list: readonly { readonly name?: string; readonly shape: readonly number[] }[]): string => list.map((w) => `${(w.name ?? '').replace(/^[^/]*\//, '')} [${w.shape.join()}]`).join(' ');
  const wanted = names(golden.weights.map((w) => ({ ...w, name: `x/${w.name}` })));
  if (names(layer.weights) !== wanted) throw new Error(`${golden.name}: weights ${names(layer.weights)}, expected ${wanted}`);
  layer.weights.forEach((w, i) => { w.write(Float32Array.from(at(golden.weights, i).data)); });
  const masks = golden.masks?.map((m) => (m === null ? null : goldenTensor(m, 'bool')));
  const call = (xs: readonly Tensor[]): readonly Tensor[] => layer.run(xs, { training: false, seeds: new SeedGenerator(1), ...(masks === undefined ? {} : { masks }) });
  const loss = (xs: readonly Tensor[]): Tensor => call(xs).map((y) => ops.sum(ops.multiply(y, ops.reshape(ops.divide(ops.arange(1, y.size + 1), y.size), y.shape)))).reduce((a, b) => ops.add(a, b));
  const floats = inputs.filter((t) => t.dtype === 'f32'), all = (own: readonly Tensor[]): Tensor[] => { let next = 0; return inputs.map((t) => (t.dtype === 'f32' ? at(own, next++) : t)); };
  const compiled = jit((xs: Tensor[]) => ({
    results: [...call(all(xs))],
    gradients: [...valueAndGrad((own: Tensor[]) => loss(all(own)))(xs).grad, ...valueAndGrad((own: Tensor[]) => loss(all(own)), layer.trainableWeights)(xs).grad],
  }));
  const eager = call(inputs), fast = compiled(floats);
  const promised = layer.outputShapes(golden.inputs.map((x) => x.shape));
  golden.results.forEach((r, i) => {
    if (String(at(eager, i).shape) !== String(r.shape) || String(at(promised, i)) !== String(r.shape)) throw new Error(`${golden.name}: result ${i} has shape [${at(eager, i).shape.join()}], promised [${at(promised, i).join()}], expected [${r.shape.join()}]`);
    expectClose(at(eager, i).dataSync(), r.data, tolerance, `${golden.name}: result ${i}`);
    expectClose(at(fast.results, i).dataSync(), r.data, tolerance, `${golden.name}: result ${i}, compiled`);
  });
  golden.gradients.forEach((g, i) => { expectClose(at(fast.gradients, i).dataSync(), g, { relative: 1e-4, absolute: 1e-5, ...tolerance }, `${golden.name}: gradient ${i}`); });
}
