/**
 * The base of all models: compile, fit, evaluate, predict, weights, saving. A model is a layer too, so models nest. Words and defaults are
 * Keras 3's; long work is asynchronous, gives the event loop a turn at least every 50 ms and can be aborted.
 *
 * A model of one's own extends it with `className` and `call`; the layers and variables in its properties are its weights. It is built by its first data,
 * and saved and loaded like any other once `registerLayer` knows its class.
 */
import { byteSize, type DType, type HostArray } from '../base/dtype.ts';
import { FormatError, NameError, ShapeError, StateError, ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import { Layer, type LayerOptions } from '../nn/layer.ts';
import { serializeLayer } from '../nn/layer-registry.ts';
import type { Optimizer } from '../nn/optimizers/index.ts';
import type { Config, SerializedObject } from '../nn/registry-table.ts';
import { nextSeed } from '../nn/seed.ts';
import { SeedGenerator } from '../tensor/random.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { packVariables, unpackVariables, type Archive, type ArchiveEntries } from './archive.ts';
import type { CallbackModel, Logs } from './callbacks/callback.ts';
import type { History } from './callbacks/history.ts';
import type { DataLike } from './columns.ts';
import { savedOptimizer } from './compileConfig.ts';
import { Compiled, type CompileOptions } from './compiled.ts';
import type { ModelData } from './data.ts';
import type { Batches, ClassWeight, EvaluateOptions, FitOptions, Inputs } from './options.ts';
import { Predictor } from './predictor.ts';
import type { LayerCall } from './structure.ts';
export type { LayerCall } from './structure.ts';
import { formatSummary, type SummaryRow } from './summary.ts';
import type { FitModel, Port, Trainee } from './trainee.ts';

export interface ModelOptions extends LayerOptions {
  /** of dropout, order of samples and (sequential models) initial weights; default: from `setRandomSeed`, else random */
  readonly seed?: number;
}


export interface SummaryOptions {
  /** default true: to the console; or a function that takes the text */
  readonly print?: boolean | ((text: string) => void);
  /** layers of nested models below them; default false */
  readonly expandNested?: boolean;
  /** a column that says what is trained; default false */
  readonly showTrainable?: boolean;
  /** names of the first and the last layer to show; default all */
  readonly layerRange?: readonly [string, string];
}

/** Training, evaluation and prediction in batches: loaded with the first of them. */
let loaded: typeof import('./training.ts') | null = null;
const training = async (): Promise<typeof import('./training.ts')> => (loaded ??= await import('./training.ts'));

export abstract class Model extends Layer implements Trainee, FitModel, CallbackModel {
  /** set to true in a callback to end the training */
  stopTraining = false;
  readonly runSeed: number;
  readonly seeds: SeedGenerator;
  /** names of the results, for a class of one's own with several; default: output, output_1… */
  protected readonly outputNames: readonly string[] = [];
  #ports: { readonly inputs: readonly Port[]; readonly outputs: readonly Port[] } | null = null;
  #compiled: Compiled | null = null;
  readonly #predictor: Predictor = new Predictor(this);
  #preprocessing: Readonly<Record<string, Layer>> = {};
  /** optimizer state that was loaded before the model was compiled */
  #waiting: { readonly entries: ArchiveEntries; readonly className: string | null; readonly name: string } | null = null;

  protected constructor(className: string, options: ModelOptions) {
    super(className, options);
    const { seed } = options;
    if (seed !== undefined && (!Number.isInteger(seed) || seed < 0)) throw new ValueError(`${className}: seed must be an integer of at least 0, not ${seed}.`);
    this.runSeed = seed ?? nextSeed();
    this.seed = this.runSeed;
    this.seeds = new SeedGenerator(this.runSeed, `${this.name}/seeds`);
  }

  /**
   * Layers without weights that prepare data on the host before this model sees them (a vocabulary, say), by names of the user's choice: saved and loaded with the
   * model, not run by it. Throws ValueError for a layer with weights, which belongs into the model.
   */
  get preprocessing(): Readonly<Record<string, Layer>> { return this.#preprocessing; }
  set preprocessing(layers: Readonly<Record<string, Layer>>) {
    for (const [key, layer] of Object.entries(layers)) if (layer.weights.length > 0) throw new ValueError(`preprocessing.${key}: layer '${layer.name}' has weights; make it a layer of model '${this.name}'.`);
    this.#preprocessing = { ...layers };
  }
  /** the layers, in the order in which they run; inputs of functional models included */
  get layers(): readonly Layer[] { return this.sublayers; }
  /** null while the model waits for data to learn its input shape */
  get inputPorts(): readonly Port[] | null { return this.#ports?.inputs ?? null; }
  get outputPorts(): readonly Port[] {
    if (this.#ports === null) throw new StateError(`Model '${this.name}' does not know its input shape yet.`);
    return this.#ports.outputs;
  }
  /** Builds the model for samples of these shapes, as the first data do. */
  buildFor(shapes: readonly (readonly (number | null)[])[], dtypes: readonly DType[], names: readonly string[] = []): void {
    if (this.#ports !== null) return;
    const full = shapes.map((shape) => [null, ...shape]), own = dtypes.map(inputDType), numbered = (list: readonly string[], what: string, i: number): string => list[i] ?? (i === 0 ? what : `${what}_${i}`);
    this.build(full, own);
    const results = this.outputSpecs(full, own);
    this.#ports = {
      inputs: shapes.map((shape, i) => ({ name: numbered(names, 'input', i), shape, dtype: at(own, i) })),
      outputs: results.map(({ shape, dtype }, i) => ({ name: numbered(this.outputNames, 'output', i), shape: shape.slice(1), dtype })),
    };
  }
  /** Uses of layers and what they take from, operands before users; `linked` false where that is not known and only the order of the layers is. For pictures. */
  structure(): { readonly calls: readonly LayerCall[]; readonly linked: boolean } {
    return { linked: false, calls: this.summaryRows().map(({ layer, outputShapes }) => ({ layer, className: layer.className, name: layer.name, outputShapes, operands: [] })) };
  }
  /** Rows of the summary. */
  protected summaryRows(): SummaryRow[] {
    return this.layers.map((layer) => ({ layer, outputShapes: layer.inputShapes === null ? [] : layer.outputShapes(layer.inputShapes) }));
  }
  override getConfig(): Config { return { ...super.getConfig(), seed: this.runSeed }; }
  protected override get ownSeeds(): SeedGenerator { return this.seeds; }
  /** After layers were added: programs and metrics are made anew. */
  protected structureChanged(): void {
    this.#predictor.clear();
    if (this.#compiled !== null) this.#compiled = new Compiled(this, this.#compiled.options);
  }
  /** The layer of that name. Throws NameError. */
  getLayer(name: string): Layer {
    const found = this.layers.find((l) => l.name === name);
    if (found === undefined) throw new NameError('layer', name, this.layers.map((l) => l.name));
    return found;
  }

  /**
   * Sets how the model is trained. Names are looked up at once: an unknown one throws NameError with the nearest name. Call it again after
   * changing `trainable` of a layer.
   */
  compile(options: CompileOptions): this {
    const before = this.#compiled;
    this.#compiled = new Compiled(this, options);
    before?.work?.release();
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting?.className === this.#compiled.optimizer.className) this.#restoreOptimizer(waiting.entries, waiting.name);
    return this;
  }
  get compiled(): boolean { return this.#compiled !== null; }
  #needCompiled(who: string): Compiled {
    if (this.#compiled === null) throw new StateError(`${who}: model '${this.name}' is not compiled. Call model.compile({ optimizer, loss, metrics }) first.`);
    return this.#compiled;
  }
  /** The optimizer given to compile. */
  get optimizer(): Optimizer { return this.#needCompiled('optimizer').optimizer; }
  /** The learning rate now. Setting it replaces a schedule. */
  get learningRate(): number {
    const { learningRate } = this.#needCompiled('learningRate').optimizer;
    return typeof learningRate === 'number' ? learningRate : learningRate(this.#needCompiled('learningRate').iteration ?? 0);
  }
  set learningRate(rate: number) {
    if (!Number.isFinite(rate)) throw new ValueError(`learningRate must be a finite number, not ${rate}.`);
    this.#needCompiled('learningRate').optimizer.learningRate = rate;
  }

  /** Trains on arrays, or on batches of a stream. All data are checked before the first step. Returns the history of losses and metrics. */
  async fit(x: ModelData, y: ModelData, options?: FitOptions): Promise<History>;
  async fit(batches: Batches, options?: FitOptions): Promise<History>;
  async fit(x: ModelData | Batches, second?: ModelData | FitOptions, third?: FitOptions): Promise<History> {
    const compiled = this.#needCompiled('fit');
    return (await training()).fit(this, compiled, x, second, third);
  }

  /** Loss and metrics over the data. */
  async evaluate(x: ModelData, y: ModelData, options?: EvaluateOptions): Promise<Logs>;
  async evaluate(batches: Batches, options?: EvaluateOptions): Promise<Logs>;
  async evaluate(x: ModelData | Batches, second?: ModelData | EvaluateOptions, third?: EvaluateOptions): Promise<Logs> {
    const compiled = this.#needCompiled('evaluate');
    return (await training()).evaluate(this, compiled, x, second, third);
  }

  /** One update with one batch; the loss of that batch before the update. Running metrics go on. */
  async trainOnBatch(x: ModelData, y: ModelData, options: { readonly sampleWeight?: DataLike; readonly classWeight?: ClassWeight } = {}): Promise<number> {
    const compiled = this.#needCompiled('trainOnBatch');
    return (await training()).trainOnBatch(this, compiled, x, y, options);
  }
  /** The loss of one batch. */
  async testOnBatch(x: ModelData, y: ModelData, options: { readonly sampleWeight?: DataLike } = {}): Promise<number> {
    const compiled = this.#needCompiled('testOnBatch');
    return (await training()).testOnBatch(this, compiled, x, y, options);
  }

  /** Output for each sample, [samples, …]; models with one output. Batches of a stream may be x alone, { x } or [x, y]. Default batch size 32. */
  async predict(x: ModelData | Inputs, options: { readonly batchSize?: number; readonly signal?: AbortSignal } = {}): Promise<Tensor> {
    return this.#single(await this.#predict(x, options), 'predict');
  }
  /** Outputs by name. */
  async predictAll(x: ModelData | Inputs, options: { readonly batchSize?: number; readonly signal?: AbortSignal } = {}): Promise<Record<string, Tensor>> {
    const outputs = await this.#predict(x, options);
    return Object.fromEntries(this.outputPorts.map((port, i) => [port.name, at(outputs, i)]));
  }
  /** `predict` at once, in one batch and without a look for NaN: for games and servers. A flat Float32Array of one sample will do. */
  predictSync(x: ModelData): Tensor { return this.#single(this.#predictor.predictSync(x), 'predictSync'); }
  async #predict(x: unknown, options: { readonly batchSize?: number; readonly signal?: AbortSignal }): Promise<Tensor[]> {
    return (await training()).predict(this.#predictor, this, x, options);
  }
  #single(outputs: readonly Tensor[], who: string): Tensor {
    if (outputs.length !== 1) throw new ValueError(`${who}: model '${this.name}' has ${outputs.length} outputs (${this.outputPorts.map((p) => p.name).join(', ')}); use predictAll.`);
    return at(outputs, 0);
  }

  /** Copies of all weights, in the order of `weights`. */
  async getWeights(): Promise<HostArray[]> {
    this.#needBuilt('getWeights');
    const out: HostArray[] = [];
    for (const weight of this.weights) out.push(await weight.readAsync());
    return out;
  }
  /** Replaces all weights. Throws ShapeError where they do not fit. */
  setWeights(values: readonly HostArray[]): void {
    this.#needBuilt('setWeights');
    if (values.length !== this.weights.length) throw new ShapeError(`setWeights: ${values.length} arrays are given, but model '${this.name}' has ${this.weights.length} weights.`);
    values.forEach((value, i) => {
      const weight = at(this.weights, i);
      if (value.length !== weight.size) throw new ShapeError(`setWeights: weight '${weight.name}' has ${weight.size} elements, the array given has ${value.length}.`);
    });
    values.forEach((value, i) => { at(this.weights, i).write(value); });
  }
  #needBuilt(who: string): void {
    if (this.inputPorts === null) throw new StateError(`${who}: model '${this.name}' has no weights yet, because it does not know its input shape. Begin it with layers.inputLayer({ shape }), or fit it first.`);
  }

  /** Rows of the summary with those of nested models below theirs. */
  #nestedRows(depth = 0): SummaryRow[] {
    return this.summaryRows().flatMap((row) => [{ ...row, depth }, ...(row.layer instanceof Model ? row.layer.#nestedRows(depth + 1) : [])]);
  }
  /** The table of layers, printed unless `print` is false or replaced by a function. */
  summary(options: SummaryOptions = {}): string {
    const { print = true, expandNested = false, showTrainable = false, layerRange } = options;
    let rows = this.summaryRows();
    if (layerRange !== undefined) {
      const [from, to] = layerRange.map((name) => this.layers.indexOf(this.getLayer(name))) as [number, number];
      rows = rows.slice(from, to + 1);
    }
    if (expandNested) rows = rows.flatMap((row) => [row, ...(row.layer instanceof Model ? row.layer.#nestedRows(1) : [])]);
    const trainable = this.trainableWeights, inTrainable = new Set(trainable);
    const groups = { trainable, nonTrainable: distinct(this.weights).filter((w) => !inTrainable.has(w)), optimizer: this.#compiled?.optimizer.variables ?? [] };
    const count = (kind: keyof typeof groups): number => groups[kind].reduce((n, v) => n + v.size, 0);
    const text = formatSummary(this.name, rows, {
      trainable: count('trainable'), nonTrainable: count('nonTrainable'), optimizer: count('optimizer'),
      bytes: (kind) => groups[kind].reduce((n, v) => n + v.size * byteSize(v.dtype), 0),
    }, showTrainable);
    if (typeof print === 'function') print(text);
    else if (print) console.log(text);
    return text;
  }

  /** Everything a file of this model holds: weights, optimizer state, seeds, configurations. */
  async archive(): Promise<Archive> {
    this.#needBuilt('save');
    const compiled = this.#compiled;
    return {
      groups: { weights: await packVariables(this.weights), ...(compiled === null ? {} : { optimizer: await packVariables(compiled.optimizer.variables) }), seeds: await packVariables([this.seeds.state]) },
      documents: { model: { ...serializeLayer(this), ...(this.#ports === null ? {} : { inputs: this.#ports.inputs }) } satisfies SerializedObject, compile: compiled === null ? null : (await import('./saveCompile.ts')).saveCompile(compiled),
        ...(Object.keys(this.#preprocessing).length === 0 ? {} : { preprocessing: Object.fromEntries(Object.entries(this.#preprocessing).map(([key, layer]) => [key, serializeLayer(layer)])) }) },
    };
  }
  async packed(archive: Archive): Promise<Uint8Array> { return (await import('./archiveBytes.ts')).packArchive(archive); }
  /** The model as the bytes of one safetensors file; see `modelFromBytes`. */
  async toBytes(): Promise<Uint8Array> { return this.packed(await this.archive()); }
  /** Saves weights, optimizer state and configuration as one safetensors file: written beside, synced, renamed. */
  async save(path: string): Promise<void> { const bytes = await this.toBytes();
    await (await import('./files.ts')).writeFileAtomic(path, bytes, 'model.save');
  }
  /** Saves the weights alone. */
  async saveWeights(path: string): Promise<void> {
    this.#needBuilt('saveWeights');
    const bytes = await this.packed({ groups: { weights: await packVariables(this.weights) }, documents: {} });
    await (await import('./files.ts')).writeFileAtomic(path, bytes, 'model.saveWeights');
  }
  /** Takes the weights of a file written by `save` or `saveWeights`. Throws FormatError when it is damaged or of another model. */
  async loadWeights(path: string): Promise<void> {
    this.#needBuilt('loadWeights');
    const { readFileBytes } = await import('./files.ts');
    const { unpackArchive } = await import('./archiveBytes.ts'), archive = unpackArchive(await readFileBytes(path, 'model.loadWeights'), `'${path}'`);
    unpackVariables(archive.groups.weights ?? [], this.weights, `'${path}'`, 'weight');
  }
  /** Weights, and where the archive has them optimizer state and seeds. */
  restoreArchive(archive: Archive, name: string): void {
    if (this.inputPorts === null) this.buildLike(archive, name);
    unpackVariables(archive.groups.weights ?? [], this.weights, name, 'weight');
    const { seeds, optimizer = [] } = archive.groups;
    if (seeds !== undefined) unpackVariables(seeds, [this.seeds.state], name, 'seed');
    if (this.#compiled === null) this.#waiting = { entries: optimizer, className: savedOptimizer(archive.documents['compile']), name };
    else this.#restoreOptimizer(optimizer, name);
  }
  #restoreOptimizer(entries: ArchiveEntries, name: string): void {
    const compiled = this.#compiled;
    if (compiled === null || entries.length === 0) return;
    // a model that was saved before its first step has no slots yet
    if (entries.length > 1) compiled.optimizer.build(this.trainableWeights);
    unpackVariables(entries, compiled.optimizer.variables, name, 'optimizer');
    compiled.iteration = Number(at(at(entries, 0).tensor.data, 0));
  }
  /** Builds a model without input shape as the saved one was. */
  protected buildLike(archive: Archive, name: string): void {
    const saved = archive.documents['model'] as { readonly className?: unknown; readonly inputs?: readonly Port[] } | undefined;
    if (saved?.className === this.className && Array.isArray(saved.inputs)) {
      const ports = saved.inputs as readonly Port[];
      this.buildFor(ports.map((p) => p.shape), ports.map((p) => p.dtype), ports.map((p) => p.name));
      return;
    }
    throw new FormatError(`${name}: model '${this.name}' has no input shape, so nothing can be loaded into it.`);
  }
}

/** Bytes and doubles become f32 on the way in. */
export const inputDType = (dtype: DType): DType => (dtype === 'u8' || dtype === 'f64' ? 'f32' : dtype);
const distinct = <T>(list: readonly T[]): T[] => [...new Set(list)];
