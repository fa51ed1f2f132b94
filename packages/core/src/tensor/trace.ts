/**
 * From functions to graphs: tracing, gradients, compilation.
 *
 * `trace` runs a function once on symbolic tensors and records what it does. `gradients` extends the graph being traced by the derivatives.
 * `grad` and `valueAndGrad` turn a function into its derivative, eagerly or inside a trace, and nest. `jit` compiles a function once per
 * signature of shapes and dtypes. Prior art: JAX's transformations.
 */
import { differentiate } from '../autodiff/differentiate.ts';
import type { HostArray } from '../base/dtype.ts';
import { ShapeError, StateError, ValueError } from '../base/errors.ts';
import { at, sameShape, showShape } from '../base/shape.ts';
import { flattenTree } from '../base/tree.ts';
import * as g from '../ir/build.ts';
import { makeGraph, makeNode, nodesOf, withScope } from '../ir/node.ts';
import { isOp, type Graph, type Node, type TensorType } from '../ir/types.ts';
import { ProgramCache, signatureOf } from '../runtime/cache.ts';
import { defaultDevice, type CompiledGraph, type Device } from '../runtime/device.ts';
import { isTracing, requireTrace, TraceContext, within } from './context.ts';
import { deviceFor, evaluateWithState } from './eager.ts';
import { isTensor, Tensor, zeros } from './tensor.ts';
import { placeVariables, Variable, variableOf, variablesOf } from './variable.ts';

export { isTracing } from './context.ts';

/** One input of a traced function. */
export interface TraceInput { readonly name: string; readonly type: TensorType }

/**
 * Runs `body` once on symbolic inputs and returns the graph of what it did. Assigns of variables become effects; variables that the graph
 * uses are moved to the default device, ready for `defaultDevice().compile(graph)`.
 */
export function trace(name: string, inputs: readonly TraceInput[], body: (...inputs: Tensor[]) => readonly Tensor[]): Graph {
  const graph = record(name, inputs, body);
  placeVariables(graph, defaultDevice());
  return graph;
}
/** `trace` that leaves variables where they are: for looking at graphs and evaluating them with the reference. */
export function record(name: string, inputs: readonly TraceInput[], body: (...inputs: Tensor[]) => readonly Tensor[]): Graph {
  const context = new TraceContext();
  const nodes = inputs.map(({ name: own, type }, index) => g.input(index, own, type));
  return within(context, () => {
    const outputs = body(...nodes.map((node) => Tensor.ofNode(node))).map((t) => t.toNode());
    return makeGraph(name, nodes, outputs, context.effects());
  });
}

/**
 * d loss / d each of `wrt`, as symbolic tensors. `loss` is a scalar of the function being traced; `wrt` are tensors it was computed from, or
 * variables. What the loss does not depend on has gradient zero. Outside a trace use `grad` or `valueAndGrad`.
 */
export function gradients(loss: Tensor, wrt: readonly (Tensor | Variable)[]): Tensor[] {
  const context = requireTrace('gradients');
  if (loss.size !== 1) throw new ShapeError(`gradients: the loss has shape ${showShape(loss.shape)}; reduce it to one number first (sum or mean).`);
  if (!loss.symbolic) return wrt.map((w) => zeros(w.shape, w.dtype));
  const nodes = wrt.map((w) => (w instanceof Variable ? context.read(w.slot) : w.toNode()));
  const scalar = g.reshape(loss.toNode(), []);
  return differentiate(scalar, nodes).map((node) => Tensor.ofNode(node));
}

/** A new node with the same value: what gradients are taken against, apart from other uses of the operand. */
const identity = (x: Node): Node => makeNode('reshape', [x], { shape: x.type.shape });

/** Runs `body` in the trace that is going on, or alone: then its results are evaluated at once and its assigns carried out. */
function runSymbolic<R>(body: () => R): R {
  if (isTracing()) return body();
  const context = new TraceContext();
  return within(context, () => {
    const flat = flattenTree(body(), isTensor);
    const symbolic = flat.leaves.filter((t) => t.symbolic), outputs = evaluateRecorded(symbolic.map((t) => t.toNode()), context.effects());
    const values = new Map<Tensor, Tensor>(symbolic.map((t, i) => [t, Tensor.ofData(at(outputs, i), t.shape, t.dtype)]));
    return flat.rebuild(flat.leaves.map((t) => values.get(t) ?? t)) as R;
  });
}

/** Values of what was recorded outside a function; its assigns are carried out. */
function evaluateRecorded(nodes: readonly Node[], effects: readonly Node<'assign'>[]): HostArray[] {
  const device = deviceFor([...nodes, ...effects]);
  if (device !== null) {
    const graph = makeGraph('eager', [], nodes, effects);
    placeVariables(graph, device);
    const compiled = device.compile(graph);
    try { return compiled.run([]); } finally { compiled.release(); }
  }
  const { outputs, assigned } = evaluateWithState(nodes, effects, (slot) => {
    const variable = variableOf(slot);
    if (variable === undefined) throw new StateError(`State '${slot.name}' has no variable.`);
    return variable.read();
  });
  for (const [slot, data] of assigned) variableOf(slot)?.write(data);
  return outputs;
}

/** A value with the gradient next to it. */
export interface ValueAndGrad<G> { readonly value: Tensor; readonly grad: G }

/**
 * The function that gives f's value and its gradient. `wrt` says against what: the index of one argument (a tensor or a tree of tensors;
 * default 0; the gradient has the same structure), or a list of variables that f uses (the gradient is a list of tensors).
 * f must return one number. Works eagerly, inside `jit`, and nests.
 */
export function valueAndGrad<A extends readonly unknown[]>(f: (...args: A) => Tensor, wrt: readonly Variable[]): (...args: A) => ValueAndGrad<Tensor[]>;
export function valueAndGrad<A extends readonly unknown[], N extends number = 0>(f: (...args: A) => Tensor, wrt?: N): (...args: A) => ValueAndGrad<A[N]>;
export function valueAndGrad<A extends readonly unknown[]>(f: (...args: A) => Tensor, wrt: number | readonly Variable[] = 0): (...args: A) => ValueAndGrad<unknown> {
  return (...args: A) => runSymbolic((): ValueAndGrad<unknown> => {
    if (typeof wrt !== 'number') {
      const value = checkLoss(f(...args));
      return { value, grad: gradients(value, wrt) };
    }
    if (wrt >= args.length) throw new ValueError(`grad: argument ${wrt} of a function called with ${args.length}.`);
    const flat = flattenTree(args[wrt], isTensor);
    if (flat.leaves.length === 0) throw new ValueError(`grad: argument ${wrt} holds no tensor to differentiate by.`);
    const fresh = flat.leaves.map((t) => Tensor.ofNode(identity(t.toNode())));
    const own = args.map((arg, i) => (i === wrt ? flat.rebuild(fresh) : arg)) as unknown as A;
    const value = checkLoss(f(...own));
    return { value, grad: flat.rebuild(gradients(value, fresh)) };
  });
}
function checkLoss(value: unknown): Tensor {
  if (!isTensor(value)) throw new ValueError('grad: the function must return one tensor, the loss.');
  if (value.size !== 1) throw new ShapeError(`grad: the function returned shape ${showShape(value.shape)}; reduce it to one number first (sum or mean).`);
  return value;
}
/** The function that gives f's gradient: see `valueAndGrad`. */
export function grad<A extends readonly unknown[]>(f: (...args: A) => Tensor, wrt: readonly Variable[]): (...args: A) => Tensor[];
export function grad<A extends readonly unknown[], N extends number = 0>(f: (...args: A) => Tensor, wrt?: N): (...args: A) => A[N];
export function grad<A extends readonly unknown[]>(f: (...args: A) => Tensor, wrt: number | readonly Variable[] = 0): (...args: A) => unknown {
  const both = typeof wrt === 'number' ? valueAndGrad(f, wrt) : valueAndGrad(f, wrt);
  return (...args: A) => both(...args).grad;
}

interface Compiled { readonly compiled: CompiledGraph; readonly variables: readonly Variable[]; readonly results: (outputs: readonly HostArray[]) => unknown; release(): void }
/** Programs that one compiled function keeps on a device; the least recently used goes first. */
const LIMIT = 64;

/** A compiled function. */
export interface Jitted<A extends readonly unknown[], R> {
  (...args: A): R;
  /** For devices that do not run synchronously. */
  runAsync(...args: A): Promise<R>;
}
/**
 * Compiles f for the default device: traced and compiled once for each structure, shapes and dtypes of the arguments, cached.
 * Arguments and result are tensors or trees (arrays, plain objects) of them; other arguments (numbers, strings) are part of the signature, so pass
 * a tensor for a number that changes; tensors that f takes from outside are constants of the program. Variables that f reads and assigns stay on the device. Inside another trace f is inlined.
 */
export function jit<A extends readonly unknown[], R>(f: (...args: A) => R): Jitted<A, R> {
  const caches = new WeakMap<Device, ProgramCache<Compiled>>();
  const prepare = (args: A): { entry: Compiled; inputs: HostArray[] } => {
    const device = defaultDevice(), flat = flattenTree<Tensor>(args, isTensor);
    const cache = caches.get(device) ?? new ProgramCache<Compiled>(LIMIT);
    caches.set(device, cache);
    const entry = cache.get(signatureOf(flat.leaves, flat.key), () => compile(device, f.name === '' ? 'jit' : f.name, flat.leaves, (leaves) => f(...(flat.rebuild(leaves) as unknown as A))));
    for (const variable of entry.variables) variable.place(device);
    return { entry, inputs: flat.leaves.map((t) => t.dataSync()) };
  };
  const run = (...args: A): R => {
    if (isTracing()) return withScope(f.name === '' ? 'jit' : f.name, () => f(...args));
    const { entry, inputs } = prepare(args);
    return entry.results(entry.compiled.run(inputs)) as R;
  };
  const runAsync = async (...args: A): Promise<R> => {
    const { entry, inputs } = prepare(args);
    return entry.results(await entry.compiled.runAsync(inputs)) as R;
  };
  return Object.assign(run, { runAsync });
}
function compile(device: Device, name: string, leaves: readonly Tensor[], body: (leaves: readonly Tensor[]) => unknown): Compiled {
  let results: Compiled['results'] = () => undefined;
  const graph = record(name, leaves.map((t, i) => ({ name: `arg${i}`, type: { shape: t.shape, dtype: t.dtype } })), (...inputs) => {
    const flat = flattenTree(body(inputs), isTensor);
    const computed = flat.leaves.filter((t) => t.symbolic), types = computed.map((t) => ({ shape: t.shape, dtype: t.dtype }));
    results = (outputs) => {
      let i = 0;
      return flat.rebuild(flat.leaves.map((t) => {
        if (!t.symbolic) return t;
        const { shape, dtype } = at(types, i);
        return Tensor.ofData(at(outputs, i++), shape, dtype);
      }));
    };
    return computed;
  });
  placeVariables(graph, device);
  const compiled = device.compile(graph);
  return { compiled, variables: variablesOf(graph), results, release: () => { compiled.release(); } };
}

/** Gradients with respect to each input from the inputs, the result and its gradient; null: none flows. */
export type Backward = (inputs: readonly Tensor[], output: Tensor, gradient: Tensor) => readonly (Tensor | null)[];
/**
 * A function with its own gradient. `forward` may use only its arguments and constants; `backward` is used wherever a gradient flows through,
 * and is itself differentiable. On concrete tensors only `forward` runs.
 */
export function customGradient(forward: (...inputs: Tensor[]) => Tensor, backward: Backward, name = 'customGradient'): (...inputs: Tensor[]) => Tensor {
  return (...inputs) => {
    if (!inputs.some((t) => t.symbolic)) return forward(...inputs);
    const own = inputs.map((t, i) => g.input(i, `arg${i}`, { shape: t.shape, dtype: t.dtype }));
    const body = makeGraph(name, own, [forward(...own.map((node) => Tensor.ofNode(node))).toNode()]);
    for (const node of nodesOf(body)) {
      if ((isOp(node, 'input') && !own.includes(node)) || isOp(node, 'state')) throw new StateError(`${name}: forward uses a traced tensor that is not an argument; pass it as one.`);
    }
    const [result] = g.call(inputs.map((t) => t.toNode()), body, name, (ins, outs, grads) => {
      const output = Tensor.ofNode(at(outs, 0)), sources = ins.map((node) => Tensor.ofNode(node));
      return backward(sources, output, Tensor.ofNode(at(grads, 0))).map((t, i) => {
        if (t === null) return null;
        const shape = at(sources, i).shape;
        if (!sameShape(t.shape, shape)) throw new ShapeError(`${name}: backward returned shape ${showShape(t.shape)} for input ${i} of shape ${showShape(shape)}.`);
        return t.toNode();
      });
    });
    if (result === undefined) throw new StateError(`${name}: forward returned nothing.`);
    return Tensor.ofNode(result);
  };
}
