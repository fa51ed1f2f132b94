/**
 * Predictions: one program per batch signature, no compile() needed. `predictSync` for inputs like the last ones is a copy in, a run and a copy out.
 */
import { createArray, type DType, type HostArray } from '../base/dtype.ts';
import { DeviceError } from '../base/errors.ts';
import { at, sizeOf, type Shape } from '../base/shape.ts';
import { defaultDevice, type Device } from '../runtime/device.ts';
import { Tensor } from '../tensor/tensor.ts';
import { trace } from '../tensor/trace.ts';
import { checkBatchSize, checkRows } from './checks.ts';
import { isDataLike, sliceRows, type Column } from './columns.ts';
import { inputColumns, takeApart } from './data.ts';
import { isStream, StreamFeed, wholeBatch, type Batch, type BatchStream } from './feed.ts';
import { Programs, type StepProgram } from './programs.ts';
import { asList, type Trainee } from './trainee.ts';
import { castInputs } from './trainer.ts';
import { throwIfAborted, TurnTaker } from './turns.ts';

interface Prepared { readonly program: StepProgram; readonly shapes: readonly Shape[]; readonly dtypes: readonly DType[] }

export class Predictor {
  readonly #model: Trainee;
  readonly #programs = new Programs();
  readonly #prepared = new Map<string, Prepared>();
  /** the last call of predictSync: its device, number of input elements and program */
  #last: { readonly device: Device; readonly length: number; readonly prepared: Prepared } | null = null;

  constructor(model: Trainee) { this.#model = model; }

  #prepare(batch: Batch): Prepared {
    const model = this.#model;
    let shapes: readonly Shape[] = [], dtypes: readonly DType[] = [];
    const program = this.#programs.get('predict', batch.key, () => {
      this.#last = null; // its program may be the one that goes to make room
      const graph = trace(`${model.name}/predict`, batch.specs.map((s) => ({ name: s.name, type: { shape: [batch.size, ...s.shape], dtype: s.dtype } })),
        (...args) => asList(model.call(castInputs(args, model.inputPorts ?? []), { training: false, seeds: model.seeds })));
      shapes = graph.outputs.map((o) => o.type.shape);
      dtypes = graph.outputs.map((o) => o.type.dtype);
      return graph;
    });
    const known = this.#prepared.get(batch.key);
    if (known?.program === program) return known;
    const prepared = { program, shapes, dtypes };
    this.#prepared.set(batch.key, prepared);
    return prepared;
  }

  /** Outputs for all batches of a stream, behind each other. Labels that come along are left out. */
  async #predictStream(stream: BatchStream<unknown>, batchSize: number, signal: AbortSignal | undefined): Promise<Tensor[]> {
    const feed = new StreamFeed(stream, {
      batchSize, who: 'predict', read: (element, step) => {
        const who = `predict: batch ${step}`, bare = isDataLike(element) || (element !== null && typeof element === 'object' && !Array.isArray(element) && !('x' in element));
        const columns = inputColumns(this.#model, bare ? element : takeApart(element, who).x, who);
        checkRows(columns, who);
        return { columns, roles: { inputs: columns.length, targets: 0, weights: 0 } };
      },
    });
    const parts: (readonly HostArray[])[] = [], turns = new TurnTaker();
    let rows = 0, last: Prepared | null = null;
    try {
      await feed.begin(0);
      for (let batch = await feed.next(); batch !== null; batch = await feed.next()) {
        throwIfAborted(signal);
        last = this.#prepare(batch);
        parts.push(await last.program.run(batch, null));
        rows += batch.size;
        if (turns.due) await turns.take();
      }
    } finally {
      await feed.end();
    }
    if (last === null) return [];
    const { shapes, dtypes } = last;
    return shapes.map((shape, i) => {
      const data = createArray(at(dtypes, i), sizeOf(shape.slice(1)) * rows);
      let next = 0;
      for (const part of parts) {
        data.set(at(part, i), next);
        next += at(part, i).length;
      }
      return Tensor.ofData(data, [rows, ...shape.slice(1)], at(dtypes, i));
    });
  }

  /** Outputs for all samples, in batches. */
  async predict(x: unknown, options: { readonly batchSize?: number | undefined; readonly signal?: AbortSignal | undefined }): Promise<Tensor[]> {
    const { batchSize = 32, signal } = options;
    checkBatchSize(batchSize, 'predict');
    if (isStream(x)) return this.#predictStream(x, batchSize, signal);
    const columns = inputColumns(this.#model, x, 'predict'), rows = checkRows(columns, 'predict');
    const turns = new TurnTaker();
    let results: { data: HostArray; shape: Shape; dtype: DType }[] = [];
    for (let from = 0; from < rows; from += batchSize) {
      throwIfAborted(signal);
      const to = Math.min(from + batchSize, rows), batch = this.#batch(columns, from, to);
      const { program, shapes, dtypes } = this.#prepare(batch);
      const outputs = await program.run(batch, null);
      if (from === 0) results = outputs.map((_, i) => ({ data: createArray(at(dtypes, i), sizeOf(at(shapes, i).slice(1)) * rows), shape: [rows, ...at(shapes, i).slice(1)], dtype: at(dtypes, i) }));
      outputs.forEach((data, i) => { at(results, i).data.set(data, from * sizeOf(at(shapes, i).slice(1))); });
      if (turns.due) await turns.take();
    }
    return results.map((r) => Tensor.ofData(r.data, r.shape, r.dtype));
  }

  /** Outputs for the samples, at once and in one batch. */
  predictSync(x: unknown): Tensor[] {
    const last = this.#last;
    if (last !== null && x instanceof Float32Array && x.length === last.length && last.device === defaultDevice()) {
      const { program } = last.prepared;
      program.target(0).set(x);
      return wrap(program.start() as HostArray[], last.prepared);
    }
    const device = defaultDevice();
    if (!device.capabilities.sync) throw new DeviceError(`predictSync: this device (${device.capabilities.description}) answers asynchronously; use await model.predict(x).`);
    const columns = inputColumns(this.#model, x, 'predictSync', false);
    checkRows(columns, 'predictSync');
    const batch = wholeBatch(columns, { inputs: columns.length, targets: 0, weights: 0 }), prepared = this.#prepare(batch);
    if (x instanceof Float32Array && columns.length === 1) this.#last = { device, length: x.length, prepared };
    return wrap(prepared.program.run(batch, null) as HostArray[], prepared);
  }
  #batch(columns: readonly Column[], from: number, to: number): Batch {
    return wholeBatch(columns.map((c) => sliceRows(c, from, to)), { inputs: columns.length, targets: 0, weights: 0 });
  }
  clear(): void {
    this.#programs.clear();
    this.#prepared.clear();
    this.#last = null;
  }
}

const wrap = (outputs: readonly HostArray[], prepared: Prepared): Tensor[] => outputs.map((data, i) => Tensor.ofData(data, at(prepared.shapes, i), at(prepared.dtypes, i)));
