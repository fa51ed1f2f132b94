/**
 * Predictions at once (in batches: predict.ts): one program per batch signature, no compile() needed. `predictSync` for inputs like the last ones is a copy in, a run and a copy out.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { DeviceError } from '../base/errors.ts';
import { at, type Shape } from '../base/shape.ts';
import { defaultDevice, type Device } from '../runtime/device.ts';
import { Tensor } from '../tensor/tensor.ts';
import { trace } from '../tensor/trace.ts';
import { checkRows } from './checks.ts';
import { castInputs } from './cast.ts';
import { inputColumns } from './data.ts';
import { wholeBatch, type Batch } from './feed.ts';
import { Programs, type StepProgram } from './programs.ts';
import type { Trainee } from './trainee.ts';

export interface Prepared { readonly program: StepProgram; readonly shapes: readonly Shape[]; readonly dtypes: readonly DType[] }

export class Predictor {
  readonly #model: Trainee;
  readonly #programs = new Programs();
  readonly #prepared = new Map<string, Prepared>();
  /** the last call of predictSync: its device, number of input elements and program */
  #last: { readonly device: Device; readonly length: number; readonly prepared: Prepared } | null = null;

  constructor(model: Trainee) { this.#model = model; }

  /** The program for batches like this one. */
  prepare(batch: Batch): Prepared {
    const model = this.#model;
    let shapes: readonly Shape[] = [], dtypes: readonly DType[] = [];
    const program = this.#programs.get('predict', batch.key, () => {
      this.#last = null; // its program may be the one that goes to make room
      const graph = trace(`${model.name}/predict`, batch.specs.map((s) => ({ name: s.name, type: { shape: [batch.size, ...s.shape], dtype: s.dtype } })),
        (...args) => model.forward(castInputs(args, model.inputPorts ?? []), { training: false, seeds: model.seeds }).outputs);
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
    const batch = wholeBatch(columns, { inputs: columns.length, targets: 0, weights: 0 }), prepared = this.prepare(batch);
    if (x instanceof Float32Array && columns.length === 1 && this.#model.idLimits.every((n) => n === null)) this.#last = { device, length: x.length, prepared };
    return wrap(prepared.program.run(batch, null) as HostArray[], prepared);
  }
  clear(): void {
    this.#programs.clear();
    this.#prepared.clear();
    this.#last = null;
  }
}

const wrap = (outputs: readonly HostArray[], prepared: Prepared): Tensor[] => outputs.map((data, i) => Tensor.ofData(data, at(prepared.shapes, i), at(prepared.dtypes, i)));
