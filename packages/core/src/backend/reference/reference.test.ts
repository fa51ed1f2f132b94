import { describe, expect, it } from 'vitest';
import * as b from '../../ir/build.ts';
import { makeGraph, makeSlot } from '../../ir/node.ts';
import type { Graph, Node } from '../../ir/types.ts';
import type { Program } from '../../plan/program.ts';
import { f32, i32 } from '../../testing/data.ts';
import { createReferenceBackend } from './backend.ts';
import { evaluateGraph } from './evaluate.ts';

const F = (...shape: number[]) => ({ shape, dtype: 'f32' as const });
const noState = (): never => { throw new Error('no state expected'); };
/** The reference backend looks at a program's graph and at which buffers are state; nothing else. */
const programOf = (graph: Graph, slots: readonly ReturnType<typeof makeSlot>[]): Program => ({
  name: graph.name, graph, kernels: [], steps: [], inputs: [], outputs: [], segmentBytes: { const: 0, input: 0, output: 0, scratch: 0 }, scratchLowerBound: 0,
  buffers: slots.map((slot, id) => ({ id, name: slot.name, dtype: slot.type.dtype, elements: slot.type.shape.reduce((p, d) => p * d, 1), segment: 'state', offset: 0, slot })),
});

describe('evaluateGraph', () => {
  it('walks a loop and stacks its outputs', () => {
    const total = b.input(0, 'total', F()), item = b.input(1, 'item', F()), next = b.add(total, item);
    const xs = b.input(0, 'xs', F(4));
    const run = (reverse: boolean): number[][] => {
      const results = b.loop([b.splat(0, [], 'f32'), xs], { body: makeGraph('sum', [total, item], [next, next]), trip: 4, carries: 1, stacked: 1, reverse });
      return evaluateGraph(makeGraph('g', [xs], results), [f32([4], [1, 2, 3, 4])], noState).outputs.map((o) => Array.from(o));
    };
    expect(run(false)).toEqual([[10], [1, 3, 6, 10]]);
    expect(run(true)).toEqual([[10], [10, 9, 7, 4]]);
  });
  it('keeps the carries of a loop without iterations', () => {
    const carry = b.input(0, 'c', F(2)), x = b.input(0, 'x', F(2));
    const results = b.loop([x], { body: makeGraph('none', [carry], [b.exp(carry), carry]), trip: 0, carries: 1, stacked: 0, reverse: false });
    expect(evaluateGraph(makeGraph('g', [x], results), [f32([2], [3, 4])], noState).outputs.map((o) => Array.from(o))).toEqual([[3, 4], []]);
  });
  it('reads state from before, and returns what is assigned', () => {
    const slot = makeSlot('w', F(2)), other = makeSlot('v', F(2)), w = b.state(slot), v = b.state(other);
    const graph = makeGraph('swap', [], [w], [b.assign(slot, v), b.assign(other, w)]);
    const { outputs, assigned } = evaluateGraph(graph, [], (s) => (s === slot ? Float32Array.of(1, 2) : Float32Array.of(3, 4)));
    expect(Array.from(outputs[0] ?? [])).toEqual([1, 2]);
    expect(Array.from(assigned.get(slot) ?? [])).toEqual([3, 4]);
    expect(Array.from(assigned.get(other) ?? [])).toEqual([1, 2]);
  });
  it('refuses inputs that do not fit', () => {
    const x = b.input(0, 'pixels', F(2)), graph = makeGraph('g', [x], [x]);
    expect(() => evaluateGraph(graph, [], noState)).toThrow(/takes 1 inputs, got 0/);
    expect(() => evaluateGraph(graph, [f32([3], [1, 2, 3])], noState)).toThrow(/input 'pixels' of graph 'g' has 2 elements, but 3/);
    expect(() => evaluateGraph(graph, [i32([2], [1, 2])], noState)).toThrow(/input 'pixels' of graph 'g' is f32, but a Int32Array/);
  });
});

describe('the reference backend', () => {
  const slot = makeSlot('counter', F(2));
  const x = b.input(0, 'x', F(2)), old: Node = b.state(slot), graph = makeGraph('count', [x], [old], [b.assign(slot, b.add(old, x))]);

  it('keeps state between runs and returns new arrays', async () => {
    const backend = createReferenceBackend(), executable = backend.compile(programOf(graph, [slot]));
    expect(backend.readState(slot)).toEqual(Float32Array.of(0, 0));
    const first = executable.run([Float32Array.of(1, 2)]), second = await executable.runAsync([Float32Array.of(10, 20)]);
    expect([...first, ...second]).toEqual([Float32Array.of(0, 0), Float32Array.of(1, 2)]);
    expect(await backend.readStateAsync(slot)).toEqual(Float32Array.of(11, 22));
    (second[0] as Float32Array).fill(99);
    expect(backend.readState(slot)).toEqual(Float32Array.of(11, 22));
    expect(backend.memory().stateBytes).toBe(8);
  });
  it('takes a missing input from its staging memory', () => {
    const backend = createReferenceBackend(), executable = backend.compile(programOf(graph, [slot]));
    executable.inputView(0)?.set([5, 6]);
    executable.run([undefined]);
    expect(backend.readState(slot)).toEqual(Float32Array.of(5, 6));
    expect(executable.inputView(1)).toBeNull();
    expect(executable.text()).toBe('graph count: evaluated node by node');
  });
  it('checks what is written, and forgets what is released', () => {
    const backend = createReferenceBackend();
    expect(() => backend.readState(slot)).toThrow(/state 'counter' has no memory/);
    expect(() => { backend.writeState(slot, Float32Array.of(1)); }).toThrow(/has 2 elements, but 1/);
    expect(() => { backend.writeState(slot, Int32Array.of(1, 2)); }).toThrow(/is f32, but a Int32Array/);
    backend.allocateState(slot);
    backend.writeState(slot, Float32Array.of(7, 8));
    backend.allocateState(slot);
    expect(backend.readState(slot)).toEqual(Float32Array.of(7, 8));
    backend.releaseState(slot);
    expect(backend.hasState(slot)).toBe(false);
  });
});
