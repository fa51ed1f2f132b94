/**
 * Functional models: any acyclic graph of layers, with several inputs and outputs and shared layers. `input()` and `layer.apply()` record the graph;
 * `model({ inputs, outputs })` takes out the part between them.
 */
import type { DType } from '../base/dtype.ts';
import { FormatError, ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import { InputLayer } from '../nn/layers/input.ts';
import { SymbolicTensor, type BatchShape, type CallContext, type Layer, type Masked, type Masks, type TensorSpec } from '../nn/layer.ts';
import { knownLayer, serializeLayer } from '../nn/layer-registry.ts';
import { booleanOf, numberOf, objectOf, stringOf, type Config, type JsonValue } from '../nn/registry-table.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { castInputs } from './cast.ts';
import { Model, type LayerCall, type ModelOptions } from './model.ts';
import type { SummaryRow } from './summary.ts';
import type { Port } from './trainee.ts';

type Ends = SymbolicTensor | readonly SymbolicTensor[] | Readonly<Record<string, SymbolicTensor>>;
export interface FunctionalOptions extends ModelOptions {
  /** one, several, or a record whose keys name them */
  readonly inputs: Ends;
  readonly outputs: Ends;
}

/** One use of a layer. */
interface Call { readonly layer: Layer; readonly inputs: readonly SymbolicTensor[]; shapes: readonly BatchShape[] }
interface Place { readonly call: number; readonly output: number }

export class Functional extends Model {
  readonly className = 'Functional';
  readonly #layers: readonly Layer[];
  readonly #ports: { readonly inputs: readonly Port[]; readonly outputs: readonly Port[] };
  /** uses of layers, operands before users; the inputs first */
  readonly #calls: readonly Call[];
  /** where each operand of each call comes from */
  readonly #operands: readonly (readonly Place[])[];
  readonly #inputs: readonly Place[];
  readonly #outputs: readonly Place[];

  constructor(options: FunctionalOptions) {
    super('Functional', options);
    const inputs = ends(options.inputs, 'inputs'), outputs = ends(options.outputs, 'outputs');
    const calls: Call[] = [], indexOf = new Map<readonly SymbolicTensor[], Map<Layer, number>>();
    const find = (layer: Layer, operands: readonly SymbolicTensor[]): number | undefined => indexOf.get(operands)?.get(layer);
    const record = (layer: Layer, operands: readonly SymbolicTensor[]): void => {
      let byLayer = indexOf.get(operands);
      if (byLayer === undefined) indexOf.set(operands, (byLayer = new Map()));
      byLayer.set(layer, calls.length);
      calls.push({ layer, inputs: operands, shapes: [] });
    };
    for (const [name, tensor] of inputs) {
      const producer = tensor.producer;
      if (producer === null || !(producer.layer instanceof InputLayer)) throw new ValueError(`model: input '${name}' is the result of layer '${producer?.layer.name ?? '?'}'; inputs must come from input({ shape }).`);
      if (find(producer.layer, producer.inputs) !== undefined) throw new ValueError(`model: input '${producer.layer.name}' is given twice.`);
      record(producer.layer, producer.inputs);
    }
    const given = new Set(calls.map((c) => c.layer));
    const visit = (tensor: SymbolicTensor): void => {
      // depth first with a stack of our own: models may be thousands of layers deep
      const stack: { tensor: SymbolicTensor; next: number }[] = [{ tensor, next: 0 }];
      for (let top = stack[stack.length - 1]; top !== undefined; top = stack[stack.length - 1]) {
        const producer = top.tensor.producer;
        if (producer === null) throw new ValueError(`model: '${top.tensor.name}' comes from nowhere.`);
        if (find(producer.layer, producer.inputs) !== undefined) { stack.pop(); continue; }
        if (producer.layer instanceof InputLayer && !given.has(producer.layer)) throw new ValueError(`model: the outputs need the input '${producer.layer.name}', which is not among the inputs (${inputs.map(([n]) => n).join(', ')}). Add it.`);
        const operand = producer.inputs[top.next++];
        if (operand !== undefined) { stack.push({ tensor: operand, next: 0 }); continue; }
        record(producer.layer, producer.inputs);
        stack.pop();
      }
    };
    for (const [, tensor] of outputs) visit(tensor);
    const place = (tensor: SymbolicTensor): Place => {
      const producer = tensor.producer;
      const call = producer === null ? undefined : find(producer.layer, producer.inputs);
      if (producer === null || call === undefined) throw new ValueError(`model: '${tensor.name}' is not part of the graph between inputs and outputs.`);
      return { call, output: producer.outputIndex };
    };
    this.#calls = calls;
    this.#operands = calls.map((call) => call.inputs.map(place));
    this.#inputs = inputs.map(([, t]) => place(t));
    this.#outputs = outputs.map(([, t]) => place(t));
    this.#layers = [...new Set(calls.map((c) => c.layer))];
    const names = new Set<string>();
    for (const layer of this.#layers) {
      if (names.has(layer.name)) throw new ValueError(`model: two layers are named '${layer.name}'; layers of a model need different names.`);
      names.add(layer.name);
    }
    for (const call of calls) {
      call.shapes = call.layer.outputSpecs(call.inputs.map((t) => t.shape), call.inputs.map((t) => t.dtype)).map((spec) => spec.shape);
    }
    const port = ([name, t]: readonly [string, SymbolicTensor]): Port => ({ name, shape: t.shape.slice(1), dtype: t.dtype });
    this.#ports = { inputs: inputs.map(port), outputs: uniqueNames(outputs).map(port) };
    super.build(inputs.map(([, t]) => t.shape));
    if (!this.trainable) this.trainable = false; // and with it the layers
  }
  static fromConfig(config: Config): Functional {
    const { layers: savedLayers, calls: savedCalls, inputs, outputs } = config as unknown as SavedGraph;
    if (![savedLayers, savedCalls, inputs, outputs].every((list) => Array.isArray(list))) throw new FormatError("Functional: the configuration needs the lists 'layers', 'calls', 'inputs' and 'outputs'.");
    const layers = savedLayers.map((saved) => {
      const object = objectOf(saved);
      if (object === null) throw new FormatError('Functional: an entry of layers has no className.');
      return knownLayer(object);
    });
    const results: (readonly SymbolicTensor[])[] = [];
    const tensorAt = ([call, output]: readonly [number, number]): SymbolicTensor => {
      const tensor = results[call]?.[output];
      if (tensor === undefined) throw new FormatError(`Functional: the configuration names result ${output} of call ${call}, which does not exist.`);
      return tensor;
    };
    for (const { layer: index, inputs: operands } of savedCalls) {
      const layer = layers[index];
      if (layer === undefined) throw new FormatError(`Functional: the configuration names layer ${index} of ${layers.length}.`);
      results.push(layer instanceof InputLayer ? [layer.output] : layer.applyAll(operands.map(tensorAt)));
    }
    const record = (list: SavedGraph['inputs']): Record<string, SymbolicTensor> => Object.fromEntries(list.map(({ name, place }) => [name, tensorAt(place)]));
    return new Functional({ inputs: record(inputs), outputs: record(outputs), name: stringOf(config, 'name', 'functional'), trainable: booleanOf(config, 'trainable', true), seed: numberOf(config, 'seed', 0) });
  }

  override get layers(): readonly Layer[] { return this.#layers; }
  override get sublayers(): readonly Layer[] { return this.#layers; }
  override get inputPorts(): readonly Port[] { return this.#ports.inputs; }
  override get outputPorts(): readonly Port[] { return this.#ports.outputs; }
  override get idLimits(): readonly (number | null)[] {
    return this.#inputs.map((input) => {
      const limits = this.#calls.flatMap(({ layer }, i) => at(this.#operands, i).flatMap((from, k) => (from.call === input.call && from.output === input.output ? [layer.idLimits[k] ?? Infinity] : [])));
      const least = Math.min(...limits);
      return least === Infinity ? null : least;
    });
  }
  override buildFor(): void { /* built when it was made */ }
  override call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] { return this.forward(inputs, context).outputs; }
  override computeMask(inputs: readonly Tensor[], masks: Masks): Masks { return this.forward(inputs, { training: false, seeds: this.seeds, masks }).masks; }
  override forward(inputs: readonly Tensor[], context: CallContext): Masked {
    const given = castInputs(inputs, this.inputPorts, context.watch?.keepFloats), done: Masked[] = [];
    this.#inputs.forEach(({ call }, i) => { done[call] = { outputs: [at(given, i)], masks: [context.masks?.[i] ?? null] }; });
    const output = (p: Place): Tensor => at(at(done, p.call).outputs, p.output), mask = (p: Place): Tensor | null => at(done, p.call).masks[p.output] ?? null;
    this.#calls.forEach((call, i) => {
      const operands = at(this.#operands, i);
      done[i] ??= call.layer.runMasked(operands.map(output), { ...context, masks: operands.map(mask) });
    });
    return { outputs: this.#outputs.map(output), masks: this.#outputs.map(mask) };
  }
  override outputSpecs(shapes: readonly BatchShape[]): readonly TensorSpec[] {
    const known: (readonly TensorSpec[])[] = [], place = (p: Place): TensorSpec => at(at(known, p.call), p.output);
    this.#inputs.forEach(({ call }, i) => { known[call] = [{ shape: at(shapes, i), dtype: at(this.inputPorts, i).dtype }]; });
    this.#calls.forEach((call, i) => {
      const operands = at(this.#operands, i).map(place);
      known[i] ??= call.layer.outputSpecs(operands.map((o) => o.shape), operands.map((o) => o.dtype));
    });
    return this.#outputs.map(place);
  }
  override outputDType(): DType { return at(this.outputPorts, 0).dtype; }
  override getConfig(): Config {
    const ends = (ports: readonly Port[], places: readonly Place[]): JsonValue => ports.map((port, i) => ({ name: port.name, place: [at(places, i).call, at(places, i).output] }));
    return {
      ...super.getConfig(),
      layers: this.layers.map(serializeLayer),
      calls: this.#calls.map((call, i) => ({ layer: this.#layers.indexOf(call.layer), inputs: at(this.#operands, i).map((p) => [p.call, p.output]) })),
      inputs: ends(this.inputPorts, this.#inputs), outputs: ends(this.outputPorts, this.#outputs),
    };
  }
  override structure(): { readonly calls: readonly LayerCall[]; readonly linked: boolean } {
    return { linked: true, calls: this.#calls.map(({ layer, shapes }, i) => ({ layer, className: layer.className, name: layer.name, outputShapes: shapes, operands: at(this.#operands, i).map((p) => p.call) })) };
  }
  protected override summaryRows(): SummaryRow[] {
    // a plain chain needs no column of connections, as in Keras
    const chain = this.#layers.length === this.#calls.length && this.#operands.every((o, i) => (i === 0 ? o.length === 0 : o.length === 1 && o[0]?.call === i - 1));
    return this.#layers.map((layer) => {
      const first = this.#calls.findIndex((c) => c.layer === layer);
      return {
        layer, outputShapes: at(this.#calls, first).shapes,
        ...(chain ? {} : { connectedTo: this.#calls.flatMap((c, i) => (c.layer === layer ? at(this.#operands, i).map((p) => `${at(this.#calls, p.call).layer.name}[${p.output}]`) : [])) }),
      };
    });
  }
}

interface SavedGraph {
  readonly layers: readonly JsonValue[];
  readonly calls: readonly { readonly layer: number; readonly inputs: readonly (readonly [number, number])[] }[];
  readonly inputs: readonly { readonly name: string; readonly place: readonly [number, number] }[];
  readonly outputs: readonly { readonly name: string; readonly place: readonly [number, number] }[];
}

function ends(given: Ends, what: string): (readonly [string, SymbolicTensor])[] {
  const list: (readonly [string, SymbolicTensor])[] = given instanceof SymbolicTensor ? [[given.name, given]]
    : Array.isArray(given) ? (given as readonly SymbolicTensor[]).map((t) => [t.name, t] as const) : Object.entries(given as Readonly<Record<string, SymbolicTensor>>);
  if (list.length === 0) throw new ValueError(`model: ${what} is empty.`);
  for (const [name, tensor] of list) {
    if (!(tensor instanceof SymbolicTensor)) throw new ValueError(`model: ${what} '${name}' is not the result of input() or layer.apply().`);
  }
  return list;
}
/** Several results of one layer get numbers. */
function uniqueNames(list: readonly (readonly [string, SymbolicTensor])[]): (readonly [string, SymbolicTensor])[] {
  const seen = new Map<string, number>();
  return list.map(([name, tensor]) => {
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return [count === 0 ? name : `${name}_${count}`, tensor] as const;
  });
}

/** A functional model: `const x = input({ shape: [4] }); model({ inputs: x, outputs: layers.dense(1).apply(x) })`. */
export const model = (options: FunctionalOptions): Functional => new Functional(options);
