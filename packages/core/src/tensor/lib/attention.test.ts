/** Causal attention leaves half of its products out: the results are those of the reference, whatever stood in the memory that is left out, on any number of threads. */
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../base/testing/golden.ts';
import { createDevice, setDefaultDevice, type DeviceOptions } from '../../runtime/device.ts';
import { hostRandom } from '../host-random.ts';
import * as ops from '../ops/index.ts';
import { tensor, type Tensor } from '../tensor.ts';
import { jit, valueAndGrad } from '../trace.ts';

const random = hostRandom([4, 2]);
const draw = (...shape: number[]): Tensor => tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()), shape);
const weigh = (y: Tensor): Tensor => ops.sum(ops.multiply(y, ops.reshape(ops.sin(ops.arange(y.size)), y.shape)));

async function run(options: DeviceOptions, work: () => Tensor[]): Promise<{ values: number[][]; text: string }> {
  let text = '';
  const device = createDevice({ ...options, write: (line) => { text += line; } });
  setDefaultDevice(device);
  try {
    const values = work().map((t) => Array.from(t.dataSync()));
    // the texts of the debug levels are loaded with their first use
    for (let i = 0; i < 200 && options.debug !== undefined && !text.includes('program '); i++) await new Promise((resolve) => { setTimeout(resolve, 10); });
    return { values, text };
  } finally { await device.close(); }
}
const cases: readonly (readonly [string, readonly Tensor[]])[] = [
  ['square', [draw(3, 61, 2, 5), draw(3, 61, 2, 5), draw(3, 61, 2, 7)]],
  ['more keys than queries', [draw(5, 33, 2, 8), draw(5, 70, 2, 8), draw(5, 70, 2, 8)]],
  ['more queries than keys', [draw(5, 70, 1, 16), draw(5, 33, 1, 16), draw(5, 33, 1, 16)]],
  ['long enough for threads', [draw(16, 96, 2, 32), draw(16, 96, 2, 32), draw(16, 96, 2, 32)]],
];

describe('causal attention', () => {
  it.each(cases)('%s', async (_, operands) => {
    const all = (xs: readonly Tensor[]): Tensor[] => {
      const attend = (own: readonly Tensor[]): Tensor => ops.dotProductAttention(own[0] as Tensor, own[1] as Tensor, own[2] as Tensor, { isCausal: true });
      return [attend(xs), ...valueAndGrad((own: readonly Tensor[]) => weigh(attend(own)))(xs).grad];
    };
    const compiled = (): Tensor[] => { const step = jit(all); step(operands); return step(operands); };
    const reference = await run({ backend: 'reference' }, compiled), poisoned = await run({ threads: 1, debug: 4 }, compiled);
    reference.values.forEach((wanted, i) => { expectClose(poisoned.values[i] ?? [], wanted, { relative: 1e-4, absolute: 1e-4 }, `result ${i}`); });
    expect((await run({ threads: 2 }, compiled)).values).toEqual(poisoned.values);
    // both products forward, all four backward
    expect([...poisoned.text.matchAll(/gemm.*nothing (above|below) the diagonal of (\w)/g)].map((m) => `${m[1]} ${m[2]}`).sort()).toEqual(['above a', 'above a', 'above c', 'above c', 'below a', 'below b']);
  });
  it('computes what somebody else reads', async () => {
    const [q, k] = [draw(2, 40, 8), draw(2, 40, 8)], work = (): Tensor[] => jit((a: Tensor, b: Tensor) => {
      const scores = ops.matmul(a, ops.transpose(b, [0, 2, 1]));
      return [scores, ops.tril(scores)];
    })(q, k);
    const reference = await run({ backend: 'reference' }, work), wasm = await run({ threads: 1, debug: 4 }, work);
    reference.values.forEach((wanted, i) => { expectClose(wasm.values[i] ?? [], wanted, { relative: 1e-4, absolute: 1e-4 }); });
    expect(wasm.text).not.toMatch(/the diagonal/);
  });
});
