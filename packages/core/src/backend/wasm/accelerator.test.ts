import { afterEach, describe, expect, it } from 'vitest';
import { createDevice, type Device } from '../../runtime/device.ts';
import { withDevice } from '../../runtime/device.ts';
import { jit } from '../../tensor/trace.ts';
import { tensor } from '../../tensor/tensor.ts';
import { matmul } from '../../tensor/ops/index.ts';
import { classOf, currentAccelerator, setAccelerator, type Accelerator, type NativeGemm } from './accelerator.ts';

/** A product in plain JavaScript that gives sums times `data.factor`: who computed shows in the result. */
const SOURCE = `
  return (memory) => (a, aRow, aStep, b, bStep, bColumn, c, cRow, rows, columns, k, resume) => {
    if (data.fails) throw new Error('the library is gone');
    const f = new Float32Array(memory.buffer);
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += f[(a + i * aRow + p * aStep) / 4] * f[(b + p * bStep + j * bColumn) / 4];
      const place = (c + i * cRow) / 4 + j;
      f[place] = data.factor * sum + (resume === 0 ? 0 : f[place]);
    }
  };`;
function accelerator(data: { readonly factor: number; readonly fails?: boolean }): Accelerator {
  return {
    description: 'a test', rates: { block: 1, shallow: 1, narrow: 1, small: 1 }, worker: { source: SOURCE, data },
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    connect: new Function('require', 'data', SOURCE)(undefined, data) as (memory: unknown) => NativeGemm,
  };
}

const [M, N, K] = [96, 64, 80];
const x = tensor(Float32Array.from({ length: M * K }, (_, i) => (i % 7) - 3), [M, K]), y = tensor(Float32Array.from({ length: K * N }, (_, i) => (i % 5) - 2), [K, N]);
const truth = (i: number, j: number): number => { let sum = 0; for (let p = 0; p < K; p++) sum += (((i * K + p) % 7) - 3) * (((p * N + j) % 5) - 2); return sum; };
const product = (device: Device): Float32Array => withDevice(device, () => jit((a: typeof x, b: typeof x) => matmul(a, b))(x, y).dataSync() as Float32Array);
const devices: Device[] = [];
const device = (options: Parameters<typeof createDevice>[0]): Device => { const made = createDevice(options); devices.push(made); return made; };

afterEach(async () => {
  setAccelerator(null);
  await Promise.all(devices.splice(0).map((d) => d.close()));
});

describe('an accelerator', () => {
  it('makes the products of programs that are compiled while it is registered, on devices that allow it', () => {
    const early = device({ threads: 1 }), off = device({ threads: 1, accelerate: false });
    expect(product(early)[N + 3]).toBe(truth(1, 3));
    setAccelerator(accelerator({ factor: 2 }));
    expect(currentAccelerator()?.description).toBe('a test');
    expect(product(early)[N + 3]).toBe(2 * truth(1, 3));
    expect(product(off)[N + 3]).toBe(truth(1, 3));
    expect(early.capabilities.description).toMatch(/, products by a test$/);
    expect(off.capabilities.description).not.toContain('products by');
    setAccelerator(null);
    expect(product(early)[N + 3]).toBe(truth(1, 3));
  });

  it('is called by each worker for its own tiles, with the bits of one thread', async () => {
    setAccelerator(accelerator({ factor: 3 }));
    const two = device({ threads: 2 }), big = tensor(Float32Array.from({ length: 512 * K }, (_, i) => Math.sin(i)), [512, K]);
    const run = (d: Device, f = jit((a: typeof x, b: typeof x) => matmul(a, b))) => () => withDevice(d, () => f(big, y).dataSync() as Float32Array);
    const one = run(device({ threads: 1 }))(), again = run(two);
    const pool = (two.backend as unknown as { pool: { isReady(): boolean } }).pool;
    expect(again()).toEqual(one);
    for (let i = 0; i < 500 && !pool.isReady(); i++) await new Promise((resolve) => { setTimeout(resolve, 10); });
    expect(pool.isReady()).toBe(true);
    for (let i = 0; i < 20; i++) expect(again()).toEqual(one);
  });

  it('that fails while it runs is a DeviceError, not a wrong result', () => {
    setAccelerator(accelerator({ factor: 1, fails: true }));
    expect(() => product(device({ threads: 1 }))).toThrow(/failed while it ran: the library is gone/);
  });
});

describe('classOf', () => {
  it('sorts tiles by their size', () => {
    expect([classOf(16, 16, 16), classOf(3, 1000, 1000), classOf(1000, 1000, 3), classOf(32, 32, 32), classOf(512, 10, 128), classOf(512, 32, 9), classOf(64, 64, 64)])
      .toEqual([null, null, null, 'small', 'narrow', 'shallow', 'block']);
  });
});
