/** The preprocessing layers against Keras: eager, compiled where they can be, and again from their saved configuration. */
import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../../base/testing/golden.ts';
import type { DType } from '../../../base/dtype.ts';
import { at } from '../../../base/shape.ts';
import { tensor, Tensor } from '../../../tensor/tensor.ts';
import { jit } from '../../../tensor/trace.ts';
import { SeedGenerator } from '../../../tensor/random.ts';
import type { Layer } from '../../layer.ts';
import { layerFromConfig, serializeLayer } from '../../registry.ts';
import type { Config, SerializedObject } from '../../registry-table.ts';
import { fingerprint64, sipHash } from './fingerprint.ts';
import { HostLayer } from './host.ts';

interface Array_ { readonly shape: readonly number[]; readonly data: readonly number[]; readonly dtype: DType }
type Value = Array_ | readonly unknown[];
interface Case { readonly name: string; readonly className: string; readonly config: Config; readonly inputs: readonly Value[]; readonly adapt?: Value; readonly result: Array_; readonly vocabulary?: readonly unknown[] }
const { cases, hashes } = golden<{ cases: Case[]; hashes: { text: string; fast: string; strong: string }[] }>('keras-preprocessing');
const isArray = (value: Value): value is Array_ => !Array.isArray(value);
const toTensor = (a: Array_): Tensor => tensor(Float32Array.from(a.data), a.shape, a.dtype);
const handed = (value: Value): unknown => (isArray(value) ? toTensor(value) : value);

function expectResult(y: Tensor, wanted: Array_, who: string): void {
  expect(y.shape, who).toEqual(wanted.shape);
  expect(y.dtype === 'f32' || wanted.dtype !== 'f32').toBe(true);
  // angles go round; TensorFlow's bicubic curve is a table of 1024 places
  const turn = who.includes("'angle'") ? 2 * Math.PI : null, got = Array.from(y.dataSync(), (v, i) => (turn === null ? v : v + turn * Math.round((at(wanted.data, i) - v) / turn)));
  expectClose(got, wanted.data, { relative: 1e-4, absolute: who.includes("'bicubic'") ? 2e-3 : 2e-4 }, who);
}
function runAll(layer: Layer, one: Case): void {
  const inputs = one.inputs.map(handed);
  if (layer instanceof HostLayer) {
    expectResult(layer.apply(inputs.length === 1 ? inputs[0] : inputs), one.result, one.name);
    // strings stay on the host, numbers need not
    if (inputs.every((x) => x instanceof Tensor)) expectResult(jit((xs: Tensor[]) => at(layer.run(xs, { training: false, seeds: new SeedGenerator(1) }), 0))(inputs), one.result, `${one.name}, compiled`);
    return;
  }
  const own = inputs as Tensor[], context = { training: false, seeds: new SeedGenerator(1) };
  expectResult(at(layer.run(own, context), 0), one.result, one.name);
  expect(layer.outputShapes(own.map((t) => t.shape))).toEqual([one.result.shape]);
  expectResult(jit((xs: Tensor[]) => at(layer.run(xs, context), 0))(own), one.result, `${one.name}, compiled`);
}

describe('preprocessing layers', () => {
  it.each(cases)('equals Keras: $name', async (one) => {
    const layer = layerFromConfig({ className: one.className, config: one.config });
    if (one.adapt !== undefined) await (layer as Layer & { adapt(data: unknown): Promise<void> }).adapt(handed(one.adapt));
    if (one.vocabulary !== undefined) expect((layer as Layer & { getVocabulary(): unknown[] }).getVocabulary()).toEqual(one.vocabulary);
    runAll(layer, one);
    const saved = JSON.parse(JSON.stringify(serializeLayer(layer))) as SerializedObject, again = layerFromConfig(saved);
    expect(JSON.parse(JSON.stringify(serializeLayer(again)))).toEqual(saved);
    if (layer.built) { again.build(one.inputs.filter(isArray).map((a) => a.shape.map((d, i) => (i === 0 ? null : d)))); layer.weights.forEach((w, i) => { at(again.weights, i).write(w.read()); }); }
    runAll(again, one);
  });
  it('hash strings of every length as TensorFlow does', () => {
    for (const { text, fast, strong } of hashes) {
      expect(String(fingerprint64(text) % (1n << 62n)), text).toBe(fast);
      expect(String(sipHash(text, [12n, 3456789n]) % (1n << 62n)), text).toBe(strong);
    }
  });
});
