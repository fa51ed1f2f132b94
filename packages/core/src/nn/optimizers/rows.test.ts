import { afterAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../base/testing/golden.ts';
import { at, sizeOf } from '../../base/shape.ts';
import { compileToProgram } from '../../runtime/compile.ts';
import { createDevice, defaultDevice, setDefaultDevice, type Device } from '../../runtime/device.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, Tensor } from '../../tensor/tensor.ts';
import { gradients, jit, record } from '../../tensor/trace.ts';
import { Variable } from '../../tensor/variable.ts';
import { hostRandom } from '../../tensor/host-random.ts';
import { getOptimizer, type Optimizer } from './index.ts';
import { withRows } from './rows.ts';

const setRows = (table: Tensor, ids: Tensor, rows: Tensor): Tensor => Tensor.ofNode(withRows(table.toNode(), ids.toNode(), rows.toNode()));

const before = defaultDevice(), devices: Device[] = [];
const device = (backend: 'wasm' | 'reference', threads: number): Device => { const made = createDevice({ backend, threads }); devices.push(made); return made; };
afterAll(async () => { setDefaultDevice(before); for (const d of devices) await d.close(); });

const scalar = (x: number): Tensor => tensor(new Float32Array([x]), []);
const start = (rows: number, width: number): Float32Array => { const r = hostRandom([5, 6]); return Float32Array.from({ length: rows * width }, () => r.normal()); };
const batch = (rows: number, count: number, seed: number): Tensor => { const r = hostRandom([seed, 9]); return tensor(Int32Array.from({ length: count }, () => r.below(rows)), [count], 'i32'); };
/** A loss whose gradient differs from row to row; two lookups in one table. */
const lossOf = (table: Tensor, ids: Tensor, others: Tensor): Tensor => ops.add(ops.sum(ops.sin(ops.take(table, ids, 0))), ops.sum(ops.square(ops.mean(ops.take(table, others, 0), 0))));

function train(optimizer: Optimizer, options: { rows: number; width: number; count: number; sparse: boolean; steps?: number; spread?: number }): { table: Float32Array; slots: number[][] } {
  const { rows, width, count, sparse, steps = 3, spread = rows } = options;
  const table = new Variable(tensor(start(rows, width), [rows, width]), { name: 'table', sparse });
  const step = jit((ids: Tensor, others: Tensor, rate: Tensor) => { optimizer.apply(gradients(lossOf(table.value, ids, others), [table]), [table], rate); return []; });
  for (let i = 0; i < steps; i++) step(batch(spread, count, i), batch(spread, 7, 50 + i), scalar(0.1));
  return { table: table.read() as Float32Array, slots: optimizer.variables.slice(1).map((v) => [...v.read()]) };
}

describe('gradients by rows', () => {
  it.each([['wasm', 1], ['wasm', 2], ['reference', 1]] as const)('SGD by rows equals SGD, on %s with %i threads', (backend, threads) => {
    setDefaultDevice(device(backend, threads));
    for (const width of [1, 3, 8, 64]) {
      const size = { rows: 40, width, count: 90 };
      expectClose(train(getOptimizer('sgd'), { ...size, sparse: true }).table, train(getOptimizer({ className: 'SGD', config: { momentum: 0 } }), { ...size, sparse: false }).table, { relative: 1e-5 }, `width ${width}`);
    }
  });
  it.each(['adam', 'adamw', 'rmsprop', 'adagrad', 'adadelta', 'adamax', 'ftrl', 'lion', 'nadam', { className: 'Adam', config: { lossScaleFactor: 2 } }, { className: 'Adam', config: { useEma: true, gradientAccumulationSteps: 2 } }, { className: 'SGD', config: { momentum: 0.9, nesterov: true } }, { className: 'Adam', config: { amsgrad: true, clipnorm: 0.5 } }, { className: 'Adam', config: { clipvalue: 0.1 } }, { className: 'RMSprop', config: { momentum: 0.5, centered: true, globalClipnorm: 0.3 } }])(
    'where every step touches every row, %j is what it is densely', (like) => {
      setDefaultDevice(device('wasm', 2));
      const options = { rows: 6, width: 8, count: 300 };
      const lazy = train(getOptimizer(like as never), { ...options, sparse: true }), dense = train(getOptimizer(like as never), { ...options, sparse: false });
      expectClose(lazy.table, dense.table, { relative: 2e-5, absolute: 2e-6 });
      lazy.slots.forEach((slot, i) => { expectClose(slot, at(dense.slots, i), { relative: 2e-5, absolute: 2e-6 }); });
    });
  it('leaves rows alone that no step looks up, and their slots', () => {
    setDefaultDevice(device('wasm', 2));
    const { table, slots } = train(getOptimizer('adamw'), { rows: 100, width: 4, count: 30, sparse: true, spread: 10 });
    expect([...table.subarray(40)]).toEqual([...start(100, 4).subarray(40)]);
    expect([...table.subarray(0, 40)]).not.toEqual([...start(100, 4).subarray(0, 40)]);
    for (const slot of slots) expect(slot.slice(40).every((x) => x === 0)).toBe(true);
  });
  it('moments stand still while a row is not looked up, by default they run on', () => {
    setDefaultDevice(device('wasm', 1));
    const run = (sparse: boolean): number[] => {
      const optimizer = getOptimizer('adam'), table = new Variable(tensor([[1], [1]]), { sparse });
      const step = jit((ids: Tensor, rate: Tensor) => { optimizer.apply(gradients(ops.sum(ops.take(table.value, ids, 0)), [table]), [table], rate); return []; });
      step(tensor([0], [1], 'i32'), scalar(0.1));
      const once = at([...table.read()], 0);
      step(tensor([1], [1], 'i32'), scalar(0.1));
      return [once, at([...table.read()], 0)];
    };
    const [a, b] = run(true), [c, d] = run(false);
    expect(a).toBe(c);
    expect(b).toBe(a);
    expect(d).toBeLessThan(c as number);
  });
  it('gives the same bits for any number of threads', () => {
    const size = { rows: 5000, width: 64, count: 4000, sparse: true };
    setDefaultDevice(device('wasm', 1));
    const one = train(getOptimizer('adam'), size);
    setDefaultDevice(device('wasm', 2));
    expect(Buffer.from(train(getOptimizer('adam'), size).table.buffer).equals(Buffer.from(one.table.buffer))).toBe(true);
  });
  it('neither copies nor walks the table', () => {
    const optimizer = getOptimizer({ className: 'Adam', config: { globalClipnorm: 1 } }), rows = 100_000, width = 16, count = 100;
    const table = Variable.zeros([rows, width], 'f32', { name: 'table', sparse: true });
    const program = compileToProgram(record('step', [{ name: 'ids', type: { shape: [count], dtype: 'i32' } }, { name: 'others', type: { shape: [7], dtype: 'i32' } }, { name: 'rate', type: { shape: [], dtype: 'f32' } }],
      (ids, others, rate) => { optimizer.apply(gradients(lossOf(table.value, ids as Tensor, others as Tensor), [table]), [table], rate as Tensor); return []; }));
    for (const buffer of program.buffers) if (buffer.segment !== 'state') expect(buffer.elements).toBeLessThanOrEqual((count + 7) * width);
    for (const kernel of program.kernels) {
      const { body } = kernel;
      expect(sizeOf(body.kind === 'gemm' ? [...body.batch, ...body.m, ...body.n] : body.axes)).toBeLessThanOrEqual((count + 7) * width);
    }
    // weight and both moments in one kernel
    expect(program.kernels.filter((k) => k.body.kind === 'map' && k.body.stores.some((s) => s.dynamic !== undefined)).map((k) => k.body.kind === 'map' && k.body.stores.length)).toEqual([3]);
    expect(program.kernels.filter((k) => k.body.kind === 'scatter' && at(program.buffers, k.body.buffer).segment === 'state')).toEqual([]);
  });
  it('a constraint, a penalty or another use of the table make the update dense', () => {
    const states = (extra: (table: Variable) => Tensor | null, constraint: boolean): number => {
      const optimizer = getOptimizer('adam'), table = Variable.zeros([50, 4], 'f32', { sparse: true, constraint: constraint ? { apply: (w) => ops.relu(w) } : null });
      const graph = record('step', [{ name: 'ids', type: { shape: [9], dtype: 'i32' } }], (ids) => {
        const more = extra(table), loss: Tensor = ops.sum(ops.sin(ops.take(table.value, ids as Tensor, 0)));
        optimizer.apply(gradients(more === null ? loss : ops.add(loss, more), [table]), [table], scalar(0.1));
        return [];
      });
      return graph.effects.filter((e) => at(e.inputs, 0).op === 'scatter').length;
    };
    expect(states(() => null, false)).toBe(3);
    expect(states(() => null, true)).toBe(0);
    expect(states((t) => ops.sum(ops.square(t.value)), false)).toBe(0);
  });
});
describe('state replaced by rows', () => {
  it('is written late where something else still reads it, by one index or two, and where the rows are used twice', () => {
    for (const [backend, threads] of [['wasm', 2], ['reference', 1]] as const) {
      setDefaultDevice(device(backend, threads));
      const a = new Variable(tensor(start(30, 8), [30, 8])), b = new Variable(tensor(start(30, 8), [30, 8])), seen: number[][] = [];
      const step = jit((ids: Tensor) => {
        const rows = ops.take(a.value, ops.subtract(29, ids), 0), old = a.value, total = ops.sum(old, 1);
        const fresh = ops.add(rows, 1);
        a.assign(setRows(old, ids, fresh));
        b.assign(setRows(b.value, ids, ops.multiply(fresh, ops.take(b.value, ids, 0))));
        return [total, fresh];
      });
      const ids = tensor([3, -1, 7, 29, 30, 0], [6], 'i32'), first = start(30, 8);
      const [total, fresh] = step(ids) as [Tensor, Tensor];
      seen.push([...total.dataSync()], [...fresh.dataSync()], [...a.read()], [...b.read()]);
      const expectA = [...first], expectB = [...first];
      for (const id of [3, 7, 29, 0]) for (let k = 0; k < 8; k++) { expectA[id * 8 + k] = Math.fround(at([...first], (29 - id) * 8 + k) + 1); expectB[id * 8 + k] = Math.fround(at(expectA, id * 8 + k) * at([...first], id * 8 + k)); }
      expect(seen[2]).toEqual(expectA);
      expect(seen[3]).toEqual(expectB);
      expectClose(at(seen, 0), Array.from({ length: 30 }, (_, i) => first.subarray(i * 8, i * 8 + 8).reduce((s, x) => s + x, 0)));
    }
  });
});
