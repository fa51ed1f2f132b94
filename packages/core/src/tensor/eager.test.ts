import { describe, expect, it } from 'vitest';
import { createDevice, defaultDevice, setDefaultDevice } from '../runtime/device.ts';
import * as ops from './ops/index.ts';
import * as random from './random.ts';
import { expectClose } from '../base/testing/golden.ts';
import { tensor, type Tensor } from './tensor.ts';
import { valueAndGrad } from './trace.ts';
import { Variable } from './variable.ts';

describe('eager evaluation of big products', () => {
  it('goes through the device and equals the reference', async () => {
    const a = random.normal([30, 40], 1), b = random.normal([40, 50], 2), x = random.normal([2, 12, 12, 4], 3), k = random.normal([3, 3, 4, 5], 4), v = random.normal([200], 5), big = random.normal([110, 200], 6);
    const run = (): Float32Array[] => [ops.matmul(a, b), ops.conv(x, k, { padding: 'same' }), ops.matmul(big, v)].map((t) => t.cast('f32').dataSync());
    const before = defaultDevice(), fast = run();
    const other = createDevice({ backend: 'null' });
    let slow: Float32Array[];
    try { setDefaultDevice(other); slow = run(); } finally { setDefaultDevice(before); }
    await other.close();
    fast.forEach((values, i) => { values.forEach((value, j) => { expect(Math.abs(value - (slow[i]?.[j] ?? NaN))).toBeLessThan(2e-4); }); });
  });
  it('whole gradients too, with what they assign', () => {
    const w = new Variable(random.normal([64, 64], 7)), count = new Variable(tensor([0])), x = random.normal([64, 64], 8);
    const loss = (t: Tensor): Tensor => { count.assign(ops.add(count.value, 1)); return ops.sum(ops.tanh(ops.matmul(t, w.value))); };
    const both = valueAndGrad(loss, [w]), before = defaultDevice(), fast = both(x), other = createDevice({ backend: 'null' });
    let slow: typeof fast;
    const again = new Variable(w.value);
    try { setDefaultDevice(other); slow = valueAndGrad((t: Tensor) => ops.sum(ops.tanh(ops.matmul(t, again.value))), [again])(x); } finally { setDefaultDevice(before); }
    expectClose(fast.grad[0]?.dataSync() ?? [], slow.grad[0]?.dataSync() ?? [], { relative: 1e-4, absolute: 2e-5 });
    expect(Math.abs(fast.value.item() - slow.value.item())).toBeLessThan(2e-3);
    expect(count.read()[0]).toBe(1);
  });
  it('is fast', () => {
    const a = random.uniform([512, 512], 1);
    ops.matmul(a, a);
    const start = performance.now();
    ops.matmul(a, a);
    // 134 million multiplications; plain loops need seconds
    expect(performance.now() - start).toBeLessThan(500);
  });
});
