import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../base/testing/golden.ts';
import { NameError, ShapeError, ValueError } from '../../base/errors.ts';
import { isOp } from '../../ir/types.ts';
import { nodesOf } from '../../ir/node.ts';
import { tensor, type NestedInput, type Tensor } from '../../tensor/tensor.ts';
import { jit, record } from '../../tensor/trace.ts';
import { Variable } from '../../tensor/variable.ts';
import { getConstraint } from '../constraints/index.ts';
import { getRegularizer } from '../regularizers/index.ts';
import type { Config } from '../registry-table.ts';
import { getSchedule } from '../schedules/index.ts';
import { Adam, AdamW, adamW, Ftrl, getOptimizer, Lion, LossScaleOptimizer, optimizerRegistry, serializeOptimizer, SGD } from './index.ts';

interface Named { readonly name: string; readonly config: Config }
const data = golden<{
  start: NestedInput[]; gradients: NestedInput[][]; cases: (Named & { after1: number[]; after20: number[]; averages?: number[]; infinite?: number; scale?: number[] })[];
  schedules: (Named & { steps: number[]; values: number[] })[]; weight: NestedInput; constraints: (Named & { value: number[] })[]; regularizers: (Named & { value: number })[];
}>('keras-optimizers');
const f32 = (x: NestedInput): Tensor => tensor(x, undefined, 'f32');
const variables = (): Variable[] => data.start.map((s, i) => new Variable(f32(s), { name: `v${i}` }));
const scalar = (x: number): Tensor => tensor(new Float32Array([x]), []);
const values = (vars: readonly Variable[]): number[] => vars.flatMap((v) => [...v.read()]);

describe('optimizers equal Keras', () => {
  for (const c of data.cases) {
    it.each(['eager', 'compiled'])(`${c.name} ${JSON.stringify(c.config)} %s`, async (mode) => {
      const optimizer = getOptimizer({ className: c.name, config: c.config }), vars = variables();
      const once = (grads: Tensor[], rate: Tensor): void => { optimizer.apply(grads, vars, rate); };
      const step = mode === 'eager' ? once : jit(once);
      data.gradients.forEach((grads, i) => {
        const own = grads.map((g, j) => { const t = f32(g); return i === c.infinite && j === 0 ? tensor(t.dataSync().map((x, k) => (k === 0 ? Infinity : x)), t.shape) : t; });
        step(own, scalar(optimizer.learningRateAt(i)));
        if (i === 0) expectClose(values(vars), c.after1, { relative: 2e-6, absolute: 2e-7 }, 'after 1 step');
      });
      expectClose(values(vars), c.after20, { relative: 1e-5, absolute: 1e-6 }, 'after 20 steps');
      if (c.averages !== undefined) {
        await optimizer.finalizeVariableValues();
        expectClose(values(vars), c.averages, { relative: 1e-5, absolute: 1e-6 }, 'averages');
      }
      if (c.scale === undefined) expect(optimizer.iterations.read()[0]).toBe(20);
      else expect([...optimizer.variables.slice(-2).reverse(), optimizer.iterations].map((v) => v.read()[0])).toEqual(c.scale);
    });
  }
  it('all of them', () => {
    const tested = new Set(data.cases.map((c) => c.name.toLowerCase()));
    expect(optimizerRegistry.names().filter((name) => !tested.has(name.toLowerCase()))).toEqual([]);
  });
});

describe('optimizer', () => {
  it('keeps the learning rate and the step number out of the program', () => {
    const optimizer = new Adam({ learningRate: 0.125 }), vars = variables();
    const graph = record('step', [{ name: 'rate', type: { shape: [], dtype: 'f32' } }], (rate) => { optimizer.apply(vars.map((v) => v.value), vars, rate); return []; });
    const constants = nodesOf(graph).flatMap((n) => (isOp(n, 'const') ? [...n.attrs.data] : []));
    expect(constants).not.toContain(0.125);
    expect(graph.effects).toHaveLength(1 + vars.length * 3);
  });
  it('checks options: their names, kinds and ranges', () => {
    expect(() => new Adam({ beta: 1 } as never)).toThrow(/Unknown option of optimizer Adam 'beta'/);
    expect(() => new Adam({ beta1: '1' } as never)).toThrow(/beta1 is "1"; it must be a number/);
    expect(() => new Adam({ learningRate: NaN })).toThrow(/learning rate NaN/);
    for (const bad of [{ gradientAccumulationSteps: 1 }, { emaMomentum: 2 }, { emaOverwriteFrequency: 0.5 }, { lossScaleFactor: 0 }, { clipnorm: -1 }]) expect(() => new Adam(bad)).toThrow(ValueError);
    expect(() => new SGD({ momentum: 2 })).toThrow(/within 0 and 1/);
    expect(() => new Lion({ beta1: 0 })).toThrow(ValueError);
    expect(() => new Ftrl({ learningRatePower: 1 })).toThrow(ValueError);
    expect(() => new LossScaleOptimizer(new Adam({ lossScaleFactor: 2 }))).toThrow(/lossScaleFactor/);
    expect(() => getOptimizer('lossScaleOptimizer')).toThrow(/innerOptimizer/);
    expect(new AdamW({ weightDecay: null }).weightDecay).toBeNull();
  });
  it('a loss scale passes rate, exclusions and averages on to the inner optimizer', () => {
    const inner = new AdamW({ useEma: true }), optimizer = new LossScaleOptimizer(inner), own = variables();
    optimizer.learningRate = 0.5;
    optimizer.excludeFromWeightDecay(['v0']);
    optimizer.build(own);
    expect([inner.learningRate, optimizer.averages.length, inner.getConfig()['excludeFromWeightDecay']]).toEqual([0.5, own.length, ['v0']]);
    expect(optimizer.variables).toHaveLength(1 + 3 * own.length + 2);
  });
  it('applies constraints', () => {
    const v = new Variable(tensor([3, -4]), { constraint: getConstraint('nonNeg') });
    getOptimizer('sgd').apply([tensor([0, 0])], [v], scalar(0.1));
    expect([...v.read()]).toEqual([3, 0]);
  });
  it('leaves excluded variables out of weight decay', () => {
    const optimizer = adamW({ weightDecay: 1 }), kernel = new Variable(tensor([1]), { name: 'kernel' }), bias = new Variable(tensor([1]), { name: 'bias' });
    optimizer.excludeFromWeightDecay(['bias']);
    optimizer.apply([tensor([0]), tensor([0])], [kernel, bias], scalar(0.5));
    expect(kernel.read()[0]).toBeCloseTo(0.5);
    expect(bias.read()[0]).toBe(1);
  });
  it('refuses nonsense', () => {
    expect(() => getOptimizer('adamm')).toThrow(NameError);
    expect(() => new Adam({ clipnorm: 1, clipvalue: 1 })).toThrow(ValueError);
    expect(() => { getOptimizer('sgd').apply([tensor([1])], [new Variable(tensor([1, 2]))], scalar(1)); }).toThrow(ShapeError);
  });
  it('round-trips configurations, schedules included', () => {
    for (const { name, config } of data.cases) {
      const saved = serializeOptimizer(getOptimizer({ className: name, config }));
      expect(serializeOptimizer(getOptimizer(JSON.parse(JSON.stringify(saved)) as never))).toEqual(saved);
    }
    const scheduled = new Adam({ learningRate: getSchedule({ className: 'ExponentialDecay', config: { initialLearningRate: 1, decaySteps: 2, decayRate: 0.25 } }) });
    const again = getOptimizer(JSON.parse(JSON.stringify(serializeOptimizer(scheduled))) as never);
    expect(again.learningRateAt(1)).toBeCloseTo(0.5);
  });
  it('lists its state for checkpoints in a stable order', () => {
    const optimizer = new Adam();
    optimizer.build(variables().slice(0, 2));
    expect(optimizer.variables.map((v) => v.name)).toEqual(['adam/iterations', 'adam/v0/momentum', 'adam/v0/velocity', 'adam/v1/momentum', 'adam/v1/velocity']);
  });
});

describe('schedules equal Keras', () => {
  for (const c of data.schedules) it(`${c.name} ${JSON.stringify(c.config)}`, () => { expectClose(c.steps.map(getSchedule({ className: c.name, config: c.config })), c.values, { relative: 2e-5, absolute: 1e-7 }); });
});
describe('constraints and regularizers equal Keras', () => {
  for (const c of data.constraints) it(`${c.name} ${JSON.stringify(c.config)}`, () => { expectClose(getConstraint({ className: c.name, config: c.config }).apply(f32(data.weight)).dataSync(), c.value, { relative: 1e-5, absolute: 1e-7 }); });
  for (const c of data.regularizers) it(`${c.name} ${JSON.stringify(c.config)}`, () => { expectClose([getRegularizer({ className: c.name, config: c.config }).apply(f32(data.weight)).item()], [c.value], { relative: 1e-5, absolute: 1e-7 }); });
});
