/**
 * What a search may choose: floats, integers, choices, booleans, fixed values, and scopes whose parameters exist only with one choice. Types follow from what is written:
 * `Params<typeof space>` is what an objective receives.
 */
import { ValueError } from '@limelight/core';

/** A value that a choice may have: what JSON keeps as it is. */
export type Choice = string | number | boolean | null;

/** How a parameter is drawn; the three kinds that Optuna's journal knows. Inside, numbers are themselves and choices are their index. */
export type Distribution =
  | { readonly kind: 'float'; readonly low: number; readonly high: number; readonly step: number | null; readonly log: boolean }
  | { readonly kind: 'int'; readonly low: number; readonly high: number; readonly step: number; readonly log: boolean }
  | { readonly kind: 'choice'; readonly choices: readonly Choice[] };

declare const value: unique symbol;
/** One parameter with values of type T. */
export interface Parameter<T> {
  readonly parameter: 'value' | 'fixed' | 'scope';
  readonly distribution: Distribution | null;
  /** of 'fixed' */ readonly constant?: unknown;
  /** of 'scope': the parameters that go with each choice */ readonly scopes?: Readonly<Record<string, Space>>;
  /** type only */ readonly [value]?: T;
}
/** Parameters by name; records within are groups. */
export interface Space { readonly [name: string]: Parameter<unknown> | Space }

type Pretty<T> = { [K in keyof T]: T[K] };
/** The values that a space gives. */
export type Params<S> = Pretty<{ -readonly [K in keyof S]: S[K] extends Parameter<infer T> ? T : S[K] extends Space ? Params<S[K]> : never }>;

const bad = (what: string): ValueError => new ValueError(what);
function checkRange(kind: string, low: number, high: number, log: boolean): void {
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) throw bad(`${kind}(${low}, ${high}): give two finite numbers, the lower one first.`);
  if (log && low <= 0) throw bad(`${kind}(${low}, ${high}, { log: true }): a logarithmic range must begin above 0.`);
}

/** A number in [low, high]. With `log` all orders of magnitude are equally likely; with `step` only low, low + step, … (not both). */
export function float(low: number, high: number, options: { readonly step?: number; readonly log?: boolean } = {}): Parameter<number> {
  const { step = null, log = false } = options;
  checkRange('float', low, high, log);
  if (step !== null && !(step > 0)) throw bad(`float(${low}, ${high}): step must be above 0, not ${step}.`);
  if (step !== null && log) throw bad(`float(${low}, ${high}): step and log exclude each other; for a few values of different magnitude use choice([…]).`);
  return { parameter: 'value', distribution: { kind: 'float', low, high: step === null ? high : lastStep(low, high, step), step, log } };
}
/** A whole number from low to high, both included. */
export function int(low: number, high: number, options: { readonly step?: number; readonly log?: boolean } = {}): Parameter<number> {
  const { step = 1, log = false } = options;
  checkRange('int', low, high, log);
  if (!Number.isInteger(low) || !Number.isInteger(high) || !Number.isInteger(step) || step < 1) throw bad(`int(${low}, ${high}): bounds and step must be whole numbers, the step at least 1.`);
  if (log && step !== 1) throw bad(`int(${low}, ${high}): step and log exclude each other.`);
  return { parameter: 'value', distribution: { kind: 'int', low, high: lastStep(low, high, step), step, log } };
}
/** One of the values. */
export function choice<const T extends readonly Choice[]>(choices: T): Parameter<T[number]> {
  if (choices.length === 0) throw bad('choice([]): give at least one value to choose from.');
  if (new Set(choices).size < choices.length) throw bad(`choice([${choices.map(String).join(', ')}]): a value stands there twice.`);
  return { parameter: 'value', distribution: { kind: 'choice', choices } };
}
/** true or false */
export const boolean = (): Parameter<boolean> => ({ parameter: 'value', distribution: { kind: 'choice', choices: [false, true] } });
/** Always this value: for what a search may want to vary later. */
export const fixed = <const T>(constant: T): Parameter<T> => ({ parameter: 'fixed', distribution: null, constant });
/**
 * One of several kinds, each with parameters of its own: `scope({ sgd: { momentum: float(0, 0.99) }, adam: {} })` gives `{ kind: 'sgd', momentum }` or `{ kind: 'adam' }`.
 * Parameters of a kind that was not chosen are not drawn.
 */
export function scope<const V extends Readonly<Record<string, Space>>>(scopes: V): Parameter<{ [K in keyof V & string]: Pretty<{ kind: K } & Params<V[K]>> }[keyof V & string]> {
  const kinds = Object.keys(scopes);
  if (kinds.length === 0) throw bad('scope({}): give at least one kind to choose from.');
  for (const [kind, space] of Object.entries(scopes)) if ('kind' in space) throw bad(`scope: kind '${kind}' has a parameter named 'kind', which is where the choice itself stands; rename it.`);
  return { parameter: 'scope', distribution: { kind: 'choice', choices: kinds }, scopes };
}

/** The last value of low, low + step, … that is not above high; forgives rounding of the last digits. */
function lastStep(low: number, high: number, step: number): number {
  const steps = Math.floor((high - low) / step + 1e-9);
  return Number((low + steps * step).toPrecision(12));
}
