/**
 * The trainer of a compiled model, made with its first training or evaluation: builds the graphs of its steps and runs them. A train step is ONE graph: forward, loss, regularization,
 * gradients, optimizer, metrics, seeds.
 */
import { isFloat } from '../base/dtype.ts';
import { ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import type { Graph } from '../ir/types.ts';
import type { Masked } from '../nn/layer.ts';
import type { Optimizer } from '../nn/optimizers/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { gradients, trace, type TraceInput } from '../tensor/trace.ts';
import type { Logs } from './callbacks/callback.ts';
import { castTo } from './cast.ts';
import type { Compiled } from './compiled.ts';
import type { Batch, ColumnSpec } from './feed.ts';
import { Objective } from './objective.ts';
import { Programs, type StepProgram } from './programs.ts';
import type { Trainee } from './trainee.ts';

/** Inputs, targets and weights of a traced step, taken apart. */
interface Parts { readonly inputs: readonly Tensor[]; readonly targets: readonly (Tensor | null)[]; readonly sampleWeight: Tensor | null }

export class Trainer {
  readonly optimizer: Optimizer;
  readonly objective: Objective;
  readonly #model: Trainee;
  readonly #compiled: Compiled;
  readonly #programs = new Programs();
  /** which outputs have labels, in the order in which batches bring them */
  #labelled: readonly number[] | null = null;
  #targets: readonly ColumnSpec[] = [];

  constructor(model: Trainee, compiled: Compiled) {
    this.#model = model;
    this.#compiled = compiled;
    this.optimizer = compiled.optimizer;
    this.objective = new Objective(compiled.options);
  }

  /** Indices of the outputs that labels are needed for. */
  labelledOutputs(): readonly number[] {
    if (this.#labelled === null) {
      const outputs = this.#model.outputPorts;
      this.#labelled = outputs.map((_, k) => k).filter((k) => this.objective.usesOutput(outputs, k));
    }
    return this.#labelled;
  }

  /** true once the labels' shapes are known */
  get prepared(): boolean { return this.objective.built; }
  /** the labels that it was prepared for */
  get targets(): readonly ColumnSpec[] { return this.#targets; }
  /** Decides metrics by the labels' shapes and makes the optimizer's slots. */
  prepare(targets: readonly ColumnSpec[]): void {
    if (this.prepared) return;
    this.#targets = targets.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
    const outputs = this.#model.outputPorts, labelled = this.labelledOutputs();
    this.objective.build(outputs, outputs.map((_, k) => (labelled.includes(k) ? at(targets, labelled.indexOf(k)) : null)));
    this.optimizer.build(this.#model.trainableWeights);
  }

  /** Gives back the train program of a batch's key. */
  drop(key: string): void { this.#programs.drop('train', key); }
  /** Gives its programs back; it compiles them again when it is used nevertheless. */
  release(): void { this.#programs.clear(); }

  async learningRate(): Promise<number> {
    const { learningRate } = this.optimizer;
    return typeof learningRate === 'number' ? learningRate : learningRate(await this.iterations());
  }
  async iterations(): Promise<number> {
    this.#compiled.iteration ??= Number((await this.optimizer.iterations.readAsync())[0] ?? 0);
    return this.#compiled.iteration;
  }

  /** One update; the loss of the batch. Synchronous where the device is. Call `iterations()` once before the first step. */
  train(batch: Batch): number | Promise<number> {
    const program = this.#programs.get('train', batch.key, () => this.#trainGraph(batch));
    const step = this.#compiled.iteration ?? 0, { learningRate } = this.optimizer;
    const rate = typeof learningRate === 'number' ? learningRate : learningRate(step);
    const done = program.run(batch, rate);
    this.#compiled.iteration = step + 1;
    if (!this.optimizer.skips) return firstNumber(done);
    const counted = (results: readonly ArrayLike<number>[]): number => { this.#compiled.iteration = at(at(results, 1), 0); return at(at(results, 0), 0); };
    return done instanceof Promise ? done.then(counted) : counted(done);
  }
  /** Loss of one batch without an update; adds to the metrics. */
  evaluate(batch: Batch): number | Promise<number> {
    return firstNumber(this.#programs.get('evaluate', batch.key, () => this.#evaluateGraph(batch)).run(batch, null));
  }
  /** The running loss and metrics, read from the device. */
  async logs(): Promise<Logs> {
    const program: StepProgram = this.#programs.get('metrics', '', () => trace(`${this.#model.name}/metrics`, [], () => this.objective.results()));
    const values = await program.start();
    return Object.fromEntries(this.objective.names.map((name, i) => [name, Number(at(values, i)[0])]));
  }

  #trainGraph(batch: Batch): Graph {
    const variables = this.#model.trainableWeights;
    if (variables.length === 0) throw new ValueError(`Model '${this.#model.name}' has no trainable weights, so there is nothing to train. Set trainable = true on a layer.`);
    const rate: TraceInput = { name: 'learningRate', type: { shape: [], dtype: 'f32' } };
    return trace(`${this.#model.name}/train`, [...inputsOf(batch), rate], (...args) => {
      const parts = this.#parts(batch, args), { results, added } = this.#forward(parts.inputs, true);
      const { total, losses } = this.#loss(parts, results, added);
      const grads = gradients(this.optimizer.scaleLoss(total), variables);
      this.optimizer.apply(grads, variables, at(args, -1));
      this.objective.update(total, losses, parts.targets, results, parts.sampleWeight, batch.size);
      return this.optimizer.skips ? [total, this.optimizer.iterations.value] : [total];
    });
  }
  #evaluateGraph(batch: Batch): Graph {
    return trace(`${this.#model.name}/evaluate`, inputsOf(batch), (...args) => {
      const parts = this.#parts(batch, args), { results, added } = this.#forward(parts.inputs, false);
      const { total, losses } = this.#loss(parts, results, added);
      this.objective.update(total, losses, parts.targets, results, parts.sampleWeight, batch.size);
      return [total];
    });
  }
  /** Results, and what layers add to the loss. */
  #forward(inputs: readonly Tensor[], training: boolean): { results: Masked; added: readonly Tensor[] } {
    const added: Tensor[] = [];
    return { results: this.#model.forward(inputs, { training, seeds: this.#model.seeds, losses: added }), added };
  }
  #loss(parts: Parts, results: Masked, added: readonly Tensor[]): { total: Tensor; losses: readonly Tensor[] } {
    const { total, parts: losses } = this.objective.loss(parts.targets, results, parts.sampleWeight);
    const penalty = this.#model.regularizationLoss();
    return { total: [...(penalty === null ? [] : [penalty]), ...added].reduce((sum, own) => sum.add(own), total), losses };
  }
  #parts(batch: Batch, args: readonly Tensor[]): Parts {
    const { inputs, targets, weights } = batch.roles, ports = this.#model.outputPorts, labelled = this.labelledOutputs();
    const inputPorts = this.#model.inputPorts ?? [];
    const columns = batch.columns(args.slice(0, batch.given.length)), given = columns.slice(inputs, inputs + targets);
    return {
      inputs: columns.slice(0, inputs).map((x, i) => castTo(x, at(inputPorts, i))),
      // integer labels stay integers for sparse losses; everything else is compared as f32
      targets: ports.map((_, k) => { const i = labelled.indexOf(k); return i < 0 ? null : labels(at(given, i)); }),
      sampleWeight: weights === 1 ? at(columns, inputs + targets) : null,
    };
  }
}

const inputsOf = (batch: Batch): TraceInput[] => batch.given.map((spec) => ({ name: spec.name, type: { shape: [batch.size, ...spec.shape], dtype: spec.dtype } }));
/** Small integers as i32, the dtype of class numbers. */
const labels = (y: Tensor): Tensor => (isFloat(y.dtype) || y.dtype === 'i32' ? y : y.cast('i32'));
const firstNumber = (result: readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]>): number | Promise<number> =>
  result instanceof Promise ? result.then((r) => at(at(r, 0), 0)) : at(at(result, 0), 0);

/** The trainer of what was compiled: made once. */
export function trainerOf(model: Trainee, compiled: Compiled): Trainer {
  if (compiled.work instanceof Trainer) return compiled.work;
  const made = new Trainer(model, compiled);
  compiled.work = made;
  return made;
}
