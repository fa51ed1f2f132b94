/**
 * The compiled programs of a model: one per mode and batch signature, traced at first use. A train step is one graph: forward, loss,
 * regularization, gradients, optimizer, metrics and seeds.
 *
 * Promises: batches are written straight into the program's input memory; the learning rate is an input; running the same signature again
 * compiles nothing.
 */
import type { HostArray } from '../base/dtype.ts';
import { createArray } from '../base/dtype.ts';
import { at, sizeOf } from '../base/shape.ts';
import type { Graph, TensorType } from '../ir/types.ts';
import { ProgramCache } from '../runtime/cache.ts';
import { defaultDevice, type CompiledGraph, type Device } from '../runtime/device.ts';
import type { Batch } from './feed.ts';

/** A compiled step with the arrays it is called with. */
export class StepProgram {
  readonly compiled: CompiledGraph;
  readonly types: readonly TensorType[];
  readonly #staging: (HostArray | null)[];
  readonly #inputs: (HostArray | undefined)[];
  readonly #sync: boolean;

  constructor(graph: Graph, device: Device) {
    this.types = graph.inputs.map((node) => node.type);
    this.compiled = device.compile(graph);
    this.#staging = this.types.map(() => null);
    this.#inputs = this.types.map(() => undefined);
    this.#sync = device.capabilities.sync;
  }
  get sync(): boolean { return this.#sync; }
  /** Where input `i` is to be written: the device's memory, or an array of our own. */
  target(i: number): HostArray {
    const view = this.compiled.inputView(i);
    if (view !== null) return view;
    const { shape, dtype } = at(this.types, i);
    const own = (this.#staging[i] ??= createArray(dtype, sizeOf(shape)));
    this.#inputs[i] = own;
    return own;
  }
  /** Writes the batch and runs. Synchronous where the device is. */
  run(batch: Batch, learningRate: number | null): HostArray[] | Promise<HostArray[]> {
    const inputs = batch.given.length;
    for (let i = 0; i < inputs; i++) batch.write(i, this.target(i));
    if (learningRate !== null) this.target(inputs)[0] = learningRate;
    return this.start();
  }
  /** Runs on what the inputs hold. */
  start(): HostArray[] | Promise<HostArray[]> {
    return this.#sync ? this.compiled.run(this.#inputs) : this.compiled.runAsync(this.#inputs);
  }
  release(): void { this.compiled.release(); }
}

export type Mode = 'train' | 'evaluate' | 'predict' | 'metrics';

/** Most programs of a mode kept at once; the least recently used goes first. */
const LIMIT = 32;

/** Programs by mode and signature, for the default device; all are dropped when that changes. */
export class Programs {
  #device: Device | null = null;
  readonly #caches = { train: new ProgramCache<StepProgram>(LIMIT), evaluate: new ProgramCache<StepProgram>(LIMIT), predict: new ProgramCache<StepProgram>(LIMIT), metrics: new ProgramCache<StepProgram>(1) } satisfies Record<Mode, ProgramCache<StepProgram>>;

  get(mode: Mode, key: string, build: () => Graph): StepProgram {
    const device = defaultDevice();
    if (device !== this.#device) {
      this.clear();
      this.#device = device;
    }
    return this.#caches[mode].get(key, () => new StepProgram(build(), device));
  }
  /** Gives the program of a batch back that no other batch can use. */
  drop(mode: Mode, key: string): void { this.#caches[mode].drop(key); }
  clear(): void { for (const cache of Object.values(this.#caches)) cache.clear(); }
}
