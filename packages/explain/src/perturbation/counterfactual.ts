/**
 * Counterfactuals (Wachter, Mittelstadt, Russell 2017): the smallest change of the input that makes the model say another class. Numbers: gradient steps
 * that weigh the lead of the wanted class against the distance, then as many features as possible go back and the rest goes back as far as it can.
 * Texts: tokens are taken away one by one, the most telling first. A random change of equal size is the control.
 */
import { random, Tensor, tensor, ValueError, type Model } from '@limelight/core';
import { padded } from '../parts.ts';
import { Subject } from '../subject.ts';
import type { Explained, SubjectOptions } from '../types.ts';
import { Work } from '../work.ts';
import { columnStatistics } from './lime.ts';

export interface CounterfactualOptions extends Omit<SubjectOptions, 'score' | 'target'> {
  /** The class that the model should say. Default: the second likeliest. */
  readonly wanted?: number;
  /** Samples [n, …]: deviations of their columns are the measure of change, their extents the bounds. Without: changes count as they are, images within 0 and 255 or 1. */
  readonly background?: unknown;
  /** Elements that must stay as they are: indices, or names of features. */
  readonly fixed?: readonly (number | string)[];
  /** Bounds of all elements; default from the background. */
  readonly range?: readonly [number, number];
  /** Steps of the search for each of several weights. Default 200. */
  readonly steps?: number;
  /** Of the random control. Default 0. */
  readonly seed?: number;
}
export interface Change { readonly index: number; readonly name: string; readonly from: number; readonly to: number }
export interface Counterfactual extends Explained {
  readonly method: 'counterfactual';
  /** What the model says now, and about the counterfactual. */
  readonly from: number;
  readonly to: number;
  readonly wanted: number;
  /** Whether the model says the wanted class. */
  readonly found: boolean;
  /** The changed input, in the shape of the input. */
  readonly counterfactual: Tensor;
  readonly changes: readonly Change[];
  /** Sum of changes, each over its deviation. */
  readonly distance: number;
  /** Outputs for the counterfactual. */
  readonly outputsAfter: Float32Array;
  /** Random changes of the same sizes at random places: how many of them change the class at all. */
  readonly faithfulness: { readonly value: 1 | 0; readonly flips: number; readonly tries: number };
}

const TRIES = 64;

export async function counterfactual(model: Model, x: unknown, options: CounterfactualOptions = {}): Promise<Counterfactual> {
  const who = 'counterfactual', work = new Work(options), subject = await Subject.of(model, x, { ...options, score: 'output' }, who), outputs = subject.explained.outputs ?? new Float32Array(), classes = outputs.length;
  const inner = await Subject.of(model, x, { ...options, score: 'logit' }, who), logits = inner.explained.outputs ?? outputs;
  const says = (scores: ArrayLike<number>): number => (classes === 1 ? Number((scores[0] ?? 0) > 0) : Array.from(scores).reduce((best, v, i) => (v > (scores[best] ?? 0) ? i : best), 0));
  if (classes === 1 && logits[0] === outputs[0]) throw new ValueError(`${who}: model '${model.name}' gives one number that is no probability (no sigmoid); a counterfactual needs classes.`);
  const from = says(logits), order = Array.from(logits, (_, i) => i).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0)), wanted = options.wanted ?? (classes === 1 ? 1 - from : order[1] ?? 0);
  if (!Number.isInteger(wanted) || wanted < 0 || wanted >= Math.max(2, classes)) throw new ValueError(`${who}: wanted ${wanted} is no class of model '${model.name}', which has ${Math.max(2, classes)} (0 to ${Math.max(2, classes) - 1}).`);
  if (wanted === from) throw new ValueError(`${who}: model '${model.name}' says class ${from} already; a counterfactual needs another one.`);
  const search = new Searching(inner, wanted, options, work);
  const end = subject.ids === null && subject.port.dtype !== 'i32' ? await search.numbers() : await search.tokens();
  const after = (await subject.programs.classes.runAsync([...subject.sample.others.slice(0, subject.index), end, ...subject.sample.others.slice(subject.index)])).dataSync() as Float32Array;
  const own = subject.x.dataSync(), changed = end.dataSync(), names = options.featureNames, width = subject.shape.at(-1) ?? 1, changes: Change[] = [];
  for (let i = 0; i < own.length; i++) if (own[i] !== changed[i]) changes.push({ index: i, name: subject.explained.tokens?.[i] ?? (names === undefined ? `feature ${i}` : `${names[i % width]}${own.length > width ? ` at ${Math.floor(i / width)}` : ''}`), from: own[i] ?? 0, to: changed[i] ?? 0 });
  const lead = ((await inner.programs.leads.runAsync(end, inner.sample.others, search.target)).dataSync()[0] ?? 0), found = lead > 0;
  return {
    ...subject.explained, method: 'counterfactual', from, to: classes === 1 ? (found ? wanted : from) : says(after), wanted, found, counterfactual: end.reshape(subject.shape), changes,
    distance: changes.reduce((s, c) => s + (search.isText ? 1 : Math.abs(c.to - c.from) / search.scaleAt(c.index)), 0), outputsAfter: after, faithfulness: { value: found ? 1 : 0, ...await search.control(changes, from) },
  };
}

/** One search. */
class Searching {
  readonly #subject: Subject;
  readonly #options: CounterfactualOptions;
  readonly #work: Work;
  readonly target: Tensor;
  readonly isText: boolean;
  readonly #scale: Float32Array;
  readonly #low: Float32Array;
  readonly #high: Float32Array;
  readonly #free: Float32Array;

  constructor(subject: Subject, wanted: number, options: CounterfactualOptions, work: Work) {
    this.#subject = subject;
    this.#options = options;
    this.#work = work;
    this.target = tensor(new Int32Array([wanted]), []);
    this.isText = subject.ids !== null || subject.port.dtype === 'i32';
    const size = subject.x.size, names = options.featureNames, bytes = subject.port.dtype === 'u8', filled = (v: number): Float32Array => new Float32Array(size).fill(v);
    this.#free = filled(1);
    for (const f of options.fixed ?? []) {
      const index = typeof f === 'number' ? f : names?.indexOf(f) ?? -1;
      if (!Number.isInteger(index) || index < 0 || index >= size) throw new ValueError(`counterfactual: fixed: there is no feature ${f}${names === undefined ? '' : ` (there are ${names.join(', ')})`}.`);
      this.#free[index] = 0;
    }
    if (this.#free.every((f) => f === 0)) throw new ValueError('counterfactual: everything is fixed; leave something that may change.');
    const background = options.background === undefined ? null : subject.samples(options.background, 'background'), own = subject.x.dataSync();
    const image = subject.kind === 'image', top = bytes || Math.max(...own) > 1 ? 255 : 1;
    this.#scale = background === null ? filled(image ? top : 1) : Float32Array.from(columnStatistics(background, size).deviations);
    this.#low = filled(options.range?.[0] ?? (image ? 0 : -Infinity));
    this.#high = filled(options.range?.[1] ?? (image ? top : Infinity));
    if (background !== null && options.range === undefined && !image) {
      const all = background.dataSync();
      this.#low = filled(Infinity); this.#high = filled(-Infinity);
      for (let i = 0; i < all.length; i++) { const k = i % size; this.#low[k] = Math.min(this.#low[k] ?? 0, all[i] ?? 0, own[k] ?? 0); this.#high[k] = Math.max(this.#high[k] ?? 0, all[i] ?? 0, own[k] ?? 0); }
    }
    // the program computes with finite bounds
    for (let i = 0; i < size; i++) { this.#low[i] = Math.max(this.#low[i] ?? 0, -1e30); this.#high[i] = Math.min(this.#high[i] ?? 0, 1e30); }
  }
  scaleAt(i: number): number { return this.#scale[i] ?? 1; }

  /** Leads of the wanted class for rows of elements. */
  async #leads(rows: Float32Array | Int32Array): Promise<Float32Array> {
    const { x, others } = this.#subject.sample, count = rows.length / x.size, out = new Float32Array(count), batch = Math.min(256, 2 ** Math.ceil(Math.log2(count)));
    for (let from = 0; from < count; from += batch) {
      const to = Math.min(count, from + batch), part = padded(rows.slice(from * x.size, to * x.size), batch * x.size);
      out.set(((await this.#subject.programs.leads.runAsync(Tensor.ofData(part, [batch, ...x.shape.slice(1)], x.dtype), others, this.target)).dataSync() as Float32Array).subarray(0, to - from), from);
    }
    return out;
  }

  async numbers(): Promise<Tensor> {
    const { programs, sample } = this.#subject, { x } = sample, { steps = 200 } = this.#options, shape = x.shape, as = (data: Float32Array): Tensor => Tensor.ofData(data, shape, 'f32'), zeros = (): Tensor => as(new Float32Array(x.size));
    const fixed = { scale: as(this.#scale), low: as(this.#low), high: as(this.#high), free: as(this.#free) }, own = { ...sample, target: this.target };
    let best: Float32Array | null = null, bestDistance = Infinity, last: Tensor = x;
    const weights = [1, 10, 100, 1000];
    for (const [w, weight] of weights.entries()) {
      let state: { readonly at: Tensor; readonly mean: Tensor; readonly square: Tensor } = { at: x, mean: zeros(), square: zeros() };
      for (let step = 1; step <= steps; step++) {
        const next = await programs.search.runAsync(own, { ...state, ...fixed, settings: tensor(Float32Array.of(weight, 0.1, 0.05, step, 1)) });
        state = next;
        if ((next.lead.dataSync()[0] ?? 0) > 0) {
          const point = next.at.dataSync() as Float32Array, distance = this.#distance(point);
          if (distance < bestDistance) { best = point.slice(); bestDistance = distance; }
        }
        if (step % 16 === 0) await this.#work.step((0.8 * (w + step / steps)) / weights.length);
      }
      last = state.at;
      if (best !== null && w > 0) break;
    }
    return best === null ? last : as(await this.#simpler(best));
  }
  #distance(point: Float32Array): number {
    const own = this.#subject.x.dataSync();
    let sum = 0;
    for (let i = 0; i < point.length; i++) sum += Math.abs((point[i] ?? 0) - (own[i] ?? 0)) / this.scaleAt(i);
    return sum;
  }
  /** Puts the smallest changes back as long as the class stays, then goes back on the straight way as far as it does. */
  async #simpler(point: Float32Array): Promise<Float32Array> {
    const own = this.#subject.x.dataSync(), size = point.length;
    let current = point;
    for (let round = 0; round < 3; round++) {
      const changed = Array.from(current, (_, i) => i).filter((i) => current[i] !== own[i]).sort((a, b) => Math.abs((current[a] ?? 0) - (own[a] ?? 0)) / this.scaleAt(a) - Math.abs((current[b] ?? 0) - (own[b] ?? 0)) / this.scaleAt(b));
      const levels = [...new Set(Array.from({ length: Math.min(64, changed.length) }, (_, k) => Math.ceil(((k + 1) * changed.length) / Math.min(64, changed.length))))], rows = new Float32Array(levels.length * size);
      if (levels.length === 0) break;
      levels.forEach((level, r) => { rows.set(current, r * size); for (const i of changed.slice(0, level)) rows[r * size + i] = own[i] ?? 0; });
      const leads = await this.#leads(rows), good = levels.findLastIndex((_, r) => (leads[r] ?? 0) > 0);
      if (good >= 0) current = rows.slice(good * size, (good + 1) * size);
      const parts = 64, way = new Float32Array(parts * size), start = current;
      for (let r = 0; r < parts; r++) for (let i = 0; i < size; i++) way[r * size + i] = (own[i] ?? 0) + (((start[i] ?? 0) - (own[i] ?? 0)) * (r + 1)) / parts;
      const along = await this.#leads(way), first = along.findIndex((lead) => lead > 0);
      if (first >= 0) current = way.slice(first * size, (first + 1) * size);
      if (good < 0 && first === parts - 1) break;
    }
    return current;
  }
  /** Tokens give way to `padId`, each time the one without which the wanted class leads most. */
  async tokens(): Promise<Tensor> {
    const { x } = this.#subject, pad = this.#options.padId ?? 0, current = Int32Array.from(x.dataSync());
    for (let taken = 0; taken < current.length; taken++) {
      const open = Array.from(current, (_, i) => i).filter((i) => current[i] !== pad && (this.#free[i] ?? 0) > 0), rows = new Int32Array(open.length * current.length);
      if (open.length === 0) break;
      open.forEach((i, r) => { rows.set(current, r * current.length); rows[r * current.length + i] = pad; });
      const leads = await this.#leads(rows), best = leads.reduce((b, v, r) => (v > (leads[b] ?? -Infinity) ? r : b), 0);
      current[open[best] ?? 0] = pad;
      await this.#work.step(taken / current.length);
      if ((leads[best] ?? 0) > 0) break;
    }
    return Tensor.ofData(current, x.shape, 'i32');
  }
  /** Random changes of the same sizes: how often another class than `from` is said. */
  async control(changes: readonly Change[], from: number): Promise<{ readonly flips: number; readonly tries: number }> {
    const { x, programs, sample } = this.#subject, own = x.dataSync(), size = own.length, pad = this.#options.padId ?? 0, seed = this.#options.seed ?? 0;
    const rows = this.isText ? new Int32Array(TRIES * size) : new Float32Array(TRIES * size), may = Array.from({ length: size }, (_, i) => i).filter((i) => (this.#free[i] ?? 0) > 0 && (!this.isText || own[i] !== pad));
    for (let t = 0; t < TRIES; t++) {
      rows.set(own, t * size);
      const places = random.permutation(may.length, seed * 4001 + t + 1).dataSync(), signs = random.uniform([Math.max(1, changes.length)], seed * 4001 + t + 1).dataSync();
      changes.forEach((change, k) => {
        const i = may[places[k % places.length] ?? 0] ?? 0, reach = (Math.abs(change.to - change.from) / this.scaleAt(change.index)) * this.scaleAt(i), moved = (own[i] ?? 0) + ((signs[k] ?? 0) < 0.5 ? -reach : reach);
        rows[t * size + i] = this.isText ? pad : Math.min(this.#high[i] ?? moved, Math.max(this.#low[i] ?? moved, moved));
      });
    }
    const leads = (await programs.leads.runAsync(Tensor.ofData(rows, [TRIES, ...x.shape.slice(1)], x.dtype), sample.others, tensor(new Int32Array([from]), []))).dataSync();
    return { flips: Array.from(leads).filter((lead) => lead < 0).length, tries: TRIES };
  }
}
