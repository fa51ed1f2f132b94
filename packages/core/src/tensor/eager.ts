/**
 * Eager evaluation: small graphs without inputs are computed at once by the reference meaning of the primitives. Where products and convolutions make
 * plain loops slow, the default device computes: a single operation through a program cached by its shapes, a whole graph (an eager gradient)
 * through a program of its own.
 */
import type { HostArray } from '../base/dtype.ts';
import { StateError } from '../base/errors.ts';
import { at, showShape, sizeOf } from '../base/shape.ts';
import { evaluateGraph } from '../backend/reference/evaluate.ts';
import * as g from '../ir/build.ts';
import { makeGraph, makeNode, nodesOf, topological } from '../ir/node.ts';
import { isOp, type Node, type StateSlot } from '../ir/types.ts';
import { ProgramCache } from '../runtime/cache.ts';
import { defaultDevice, type CompiledGraph, type Device } from '../runtime/device.ts';

/** Multiplications from which a program cached by shape pays (plain loops take about 1 µs each), and from which one compiled for a single run does. */
const HEAVY = 5_000, HEAVY_ONCE = 30_000;
const LIMIT = 32;
const programs = new WeakMap<Device, ProgramCache<CompiledGraph>>();

/** Values of nodes that depend on constants only. */
export function evaluateNodes(nodes: readonly Node[]): HostArray[] {
  return evaluateGraph(makeGraph('eager', [], nodes.map(shortcut)), [], noState).outputs;
}
/** The device that should evaluate such a graph, or null where plain loops will do. */
export function deviceFor(nodes: readonly Node[]): Device | null {
  const order = topological(nodes);
  if (order.some((node) => node.type.dtype === 'f64')) return null;
  return order.reduce((n, node) => n + workOf(node), 0) < HEAVY_ONCE ? null : fastDevice();
}
const workOf = (node: Node): number => (isHeavyKind(node) ? multiplications(node) : isOp(node, 'loop') ? node.attrs.trip * nodesOf(node.attrs.body).reduce((n, x) => n + workOf(x), 0) : 0);
/** Values of nodes that depend on constants only, by a program of their own where that pays. */
export function evaluateOnce(nodes: readonly Node[]): HostArray[] {
  const device = deviceFor(nodes);
  if (device === null) return evaluateNodes(nodes);
  const compiled = device.compile(makeGraph('eager', [], nodes));
  try { return compiled.run([]); } finally { compiled.release(); }
}
function fastDevice(): Device | null {
  const device = defaultDevice(), { sync, name } = device.capabilities;
  return sync && name !== 'null' && name !== 'reference' ? device : null;
}
const isHeavyKind = (node: Node): node is Node<'dot'> | Node<'conv'> => isOp(node, 'dot') || isOp(node, 'conv');

/** Values of nodes that depend on constants and states, and what the effects put into the states. */
export function evaluateWithState(nodes: readonly Node[], effects: readonly Node<'assign'>[], readState: (slot: StateSlot) => HostArray): { outputs: HostArray[]; assigned: Map<StateSlot, HostArray> } {
  return evaluateGraph(makeGraph('eager', [], nodes, effects), [], readState);
}
function noState(slot: StateSlot): HostArray {
  throw new StateError(`The value of '${slot.name}' belongs to a traced function and cannot be read here.`);
}

/** The same node, or a constant of its value where the device computes it faster. Looks through reshapes only: products are made last. */
function shortcut(node: Node): Node {
  if (isOp(node, 'reshape')) {
    const source = at(node.inputs, 0), fast = shortcut(source);
    return fast === source ? node : g.reshape(fast, node.type.shape);
  }
  if (!isHeavyKind(node) || node.type.dtype !== 'f32' || multiplications(node) < HEAVY) return node;
  const device = fastDevice();
  if (device === null) return node;
  const operands = evaluateNodes(node.inputs);
  const [data] = programOf(device, node).run(operands);
  return data === undefined ? node : g.constant(data, node.type.shape, 'f32');
}
function multiplications(node: Node<'dot'> | Node<'conv'>): number {
  const [a, b] = [at(node.inputs, 0).type.shape, at(node.inputs, 1).type.shape];
  if (isOp(node, 'dot')) return sizeOf(node.type.shape) * node.attrs.contractA.reduce((n, axis) => n * at(a, axis), 1);
  return sizeOf(node.type.shape) * sizeOf(b.slice(0, -1));
}
function programOf(device: Device, node: Node<'dot'> | Node<'conv'>): CompiledGraph {
  const cache = programs.get(device) ?? new ProgramCache<CompiledGraph>(LIMIT);
  programs.set(device, cache);
  const types = node.inputs.map((operand) => operand.type);
  return cache.get(`${node.op} ${types.map((t) => showShape(t.shape)).join(' ')} ${JSON.stringify(node.attrs)}`, () => {
    const inputs = types.map((type, i) => g.input(i, `operand${i}`, type));
    const result = isOp(node, 'dot') ? makeNode('dot', inputs, node.attrs) : makeNode('conv', inputs, node.attrs);
    return device.compile(makeGraph(`eager/${node.op}`, inputs, [result]));
  });
}
