/**
 * Tables of things known by name: layers, activations, losses… Names are compared without case, spaces, '-' and '_', so Keras's spellings
 * ('sparse_categorical_crossentropy', 'SparseCategoricalCrossentropy') find ours. An unknown name suggests the nearest.
 */
import { NameError, ValueError } from '../base/errors.ts';

/** JSON values, as configurations hold them. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type Config = { readonly [key: string]: JsonValue };
/** A class and what to make of it. */
export interface SerializedObject { readonly className: string; readonly config: Config }

const plain = (name: string): string => name.toLowerCase().replaceAll(/[_\s-]/g, '');

/** What users registered, by kind: known without loading the table of what is built in. */
const registered = new Map<string, string[]>();
/** The names of a kind: the built-in ones and those that were registered. */
export const knownNames = (kind: string, builtIn: readonly string[]): string[] => [...builtIn, ...(registered.get(kind) ?? [])];
/** Whether a name is among `knownNames` or the aliases. */
export function isKnown(kind: string, name: string, builtIn: readonly string[], aliases: Readonly<Record<string, string>>): boolean {
  const own = plain(name);
  return [...knownNames(kind, builtIn), ...Object.keys(aliases)].some((known) => plain(known) === own);
}

/** One table. `kind` names it in errors. */
export class Registry<T> {
  readonly kind: string;
  private readonly entries = new Map<string, { name: string; value: T }>();
  constructor(kind: string, initial: Readonly<Record<string, T>> = {}, aliases: Readonly<Record<string, string>> = {}) {
    this.kind = kind;
    for (const [name, value] of Object.entries(initial)) this.entries.set(plain(name), { name, value });
    for (const [alias, name] of Object.entries(aliases)) this.entries.set(plain(alias), { name, value: this.get(name) });
  }
  /** Adds an entry. Throws ValueError when the name is taken by something else. */
  register(name: string, value: T): void {
    const known = this.entries.get(plain(name));
    if (known !== undefined && known.value !== value) throw new ValueError(`A ${this.kind} named '${known.name}' is registered already; choose another name.`);
    this.entries.set(plain(name), { name, value });
    registered.set(this.kind, [...(registered.get(this.kind) ?? []), name]);
  }
  has(name: string): boolean { return this.entries.has(plain(name)); }
  /** Throws NameError with the nearest name when there is none. */
  get(name: string): T {
    const entry = this.entries.get(plain(name));
    if (entry === undefined) throw new NameError(this.kind, name, this.names());
    return entry.value;
  }
  /** The name under which a value is registered. */
  nameOf(value: T): string | undefined { return [...this.entries.values()].find((entry) => entry.value === value)?.name; }
  names(): string[] { return [...new Set([...this.entries.values()].map((entry) => entry.name))].sort(); }
}

/** `value` checked to be a plain number of a config; `fallback` when absent. */
export function numberOf(config: Config, key: string, fallback: number): number {
  const value = config[key];
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'number') throw new ValueError(`Config: '${key}' must be a number, got ${JSON.stringify(value)}.`);
  return value;
}
/** A string of a config. */
export function stringOf(config: Config, key: string, fallback: string): string {
  const value = config[key];
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'string') throw new ValueError(`Config: '${key}' must be a string, got ${JSON.stringify(value)}.`);
  return value;
}
/** A boolean of a config. */
export function booleanOf(config: Config, key: string, fallback: boolean): boolean {
  const value = config[key];
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'boolean') throw new ValueError(`Config: '${key}' must be true or false, got ${JSON.stringify(value)}.`);
  return value;
}
/** A list of numbers of a config. */
export function numbersOf(config: Config, key: string): number[] {
  const value = config[key];
  if (!Array.isArray(value) || !value.every((v) => typeof v === 'number')) throw new ValueError(`Config: '${key}' must be a list of numbers, got ${JSON.stringify(value)}.`);
  return value as number[];
}
/** A nested object with className and config. */
export function objectOf(value: JsonValue | undefined): SerializedObject | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { className, config } = value as { className?: JsonValue; config?: JsonValue };
  if (typeof className !== 'string') return null;
  return { className, config: (typeof config === 'object' && config !== null && !Array.isArray(config) ? config : {}) as Config };
}

/**
 * The options that `defaults` names, with defaults for what is absent. Throws ValueError for one of another kind than its default (a default of null or a list takes
 * anything); other options are left out.
 */
export function withDefaults<P extends object>(who: string, defaults: P, options: object): P {
  const given = options as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(defaults).map(([key, usual]: [string, unknown]) => {
    const value = given[key] ?? usual;
    if (typeof usual !== 'object' && typeof value !== typeof usual) throw new ValueError(`${who}: ${key} must be a ${typeof usual}, got ${JSON.stringify(value)}.`);
    return [key, value];
  })) as P;
}

const counts = new Map<string, number>();
/** 'dense', 'dense_1', 'dense_2'… */
export function uniqueName(base: string): string {
  const count = counts.get(base) ?? 0;
  counts.set(base, count + 1);
  return count === 0 ? base : `${base}_${count}`;
}
/** 'MaxPooling2D' → 'max_pooling2d', as Keras names layers. */
export const snakeCase = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z][a-z])/g, '$1_$2').replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
/** Drops undefined entries. */
export function compact<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, v]) => v !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
