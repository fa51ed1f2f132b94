/** The methods of `limelight explain` by name: of one input, and of the model as a whole, which need labelled data. */
import type { Model } from '@limelight/core';
import { calibration, counterfactual, explain, methodFor, methodNames, nearestExamples, partialDependence, temperatureScaling, type Explanation, type MethodName, type RunOptions } from '@limelight/explain';
import { UsageError } from '../errors.ts';
import { outputWidth, type Labelled } from '../labelled.ts';
import { firstRows, importanceOf } from '../report/columns.ts';
import type { InputSample } from '../samples.ts';

/** Of the model as a whole; `data` is needed. */
const OF_MODEL = ['calibration', 'partialDependence', 'permutationImportance', 'temperatureScaling'] as const;
const OF_INPUT = [...methodNames, 'counterfactual', 'nearestExamples'] as const;
export type Method = MethodName | 'counterfactual' | 'nearestExamples' | (typeof OF_MODEL)[number];
const isOfModel = (method: string): method is (typeof OF_MODEL)[number] => (OF_MODEL as readonly string[]).includes(method);
const NEEDS_DATA = '--data FILE.csv --label COLUMN, --data FOLDER (images, a subfolder for each class) or --data mnist';

export interface MethodSettings {
  readonly target?: number;
  readonly steps?: number;
  readonly samples?: number;
  readonly layer?: string;
  /** of partialDependence: one or two columns */ readonly feature?: readonly string[];
  /** of the data, at most */ readonly rows?: number;
}
export interface Given {
  readonly model: Model;
  readonly input: InputSample | null;
  /** held-out data */ readonly data: Labelled | null;
  /** what nearest examples are looked for in */ readonly examples: Labelled | null;
  /** rows that were given for methods that hide columns */ readonly background: readonly (readonly number[])[] | undefined;
  readonly names: readonly string[] | undefined;
}

/** The methods that were asked for, or what suits; refuses what cannot be before any work. */
export function methodsFrom(text: string | undefined, hasInput: boolean, hasData: boolean): Method[] | null {
  const all: readonly string[] = [...OF_INPUT, ...OF_MODEL].sort(), names = text?.split(',').map((name) => name.trim()).filter((name) => name !== '');
  for (const name of names ?? []) {
    if (!all.includes(name)) throw new UsageError(`--method ${name}: there is no such method; there are ${all.join(', ')}`);
    if ((isOfModel(name) || name === 'nearestExamples') && !hasData) throw new UsageError(`--method ${name} needs labelled data: ${NEEDS_DATA}`);
    if (!isOfModel(name) && !hasInput) throw new UsageError(`--method ${name} explains one input: give an image, a row of a table (--row) or mnist:N; without an input there are ${OF_MODEL.join(', ')}`);
  }
  if (names?.length === 0) throw new UsageError('--method: name at least one');
  if (names === undefined && !hasInput && !hasData) throw new UsageError(`give an input (an image, a row of a table, mnist:N), or labelled data: ${NEEDS_DATA}`);
  return names === undefined ? null : ([...new Set(names)] as Method[]);
}
/** What suits, where no method was named. */
export function suitingMethods({ model, input, data, background }: Given): Method[] {
  if (input !== null) return [methodFor(model, background === undefined && data?.kind !== 'table' ? {} : { background: [] })];
  return data !== null && data.classNames !== null ? ['permutationImportance', 'calibration'] : ['permutationImportance'];
}

const ROWS = 2000, IMAGES = 300, BACKGROUND = 200;
export async function runMethod(method: Method, given: Given, settings: MethodSettings, run: RunOptions): Promise<Explanation> {
  const { model, input, data } = given;
  if (isOfModel(method)) {
    if (data === null) throw new UsageError(`--method ${method} needs labelled data: ${NEEDS_DATA}`);
    return ofModel(method, model, data, settings, run);
  }
  if (input === null) throw new UsageError(`--method ${method} explains one input`);
  const background = given.background ?? (data?.kind === 'table' ? backgroundOf(data) : undefined), outputs = outputWidth(model), classNames = data?.classNames?.length === outputs ? data.classNames : undefined;
  const common = { ...run, ...there({ background, featureNames: given.names, classNames }) };
  if (method === 'counterfactual') {
    if (data !== null && data.classNames === null) throw new UsageError('--method counterfactual is for classes; this model predicts a quantity');
    return counterfactual(model, input.value, { ...common, ...there({ wanted: settings.target }) });
  }
  if (method === 'nearestExamples') {
    const examples = given.examples ?? data;
    if (examples === null) throw new UsageError(`--method nearestExamples needs labelled data: ${NEEDS_DATA}`);
    const { x, y } = firstRows(examples, settings.rows ?? ROWS);
    return nearestExamples(model, input.value, x, { ...common, labels: y, ...there({ layer: settings.layer }) });
  }
  return explain(model, input.value, { ...common, method, ...there({ target: settings.target, steps: settings.steps, samples: settings.samples, layer: settings.layer }) });
}
async function ofModel(method: (typeof OF_MODEL)[number], model: Model, data: Labelled, { feature, rows, target }: MethodSettings, run: RunOptions): Promise<Explanation> {
  const { x, y } = firstRows(data, rows ?? ROWS);
  switch (method) {
    case 'permutationImportance': return importanceOf(model, data, rows ?? (data.kind === 'image' ? IMAGES : ROWS), run);
    case 'partialDependence': {
      const outputs = outputWidth(model), names = data.featureNames;
      if (names === null) throw new UsageError('--method partialDependence is for columns of tables; for images take occlusion or permutationImportance');
      if (feature === undefined || feature.length > 2) throw new UsageError(`--method partialDependence: of which column, or which two? --feature NAME (there are ${names.slice(0, 24).join(', ')}${names.length > 24 ? ', …' : ''})`);
      if (outputs > 1 && target === undefined) throw new UsageError(`--method partialDependence: the score of which class? --target N (${(data.classNames ?? []).map((name, i) => `${i} ${name}`).join(', ')})`);
      const [first = '', second] = feature, classNames = data.classNames?.length === outputs ? data.classNames : undefined;
      return partialDependence(model, x, second === undefined ? first : [first, second], { ...run, featureNames: names, ...there({ target, classNames }) });
    }
    case 'calibration': case 'temperatureScaling': {
      if (data.classNames === null) throw new UsageError(`--method ${method} is for classes; this model predicts a quantity`);
      return method === 'calibration' ? calibration(model, x, y, run) : temperatureScaling(model, x, y, run);
    }
  }
}
/** Some rows of a table, evenly spread. */
function backgroundOf(data: Labelled): { readonly data: Float32Array; readonly shape: readonly number[] } {
  const rows = Math.min(BACKGROUND, data.rows), width = data.x.data.length / data.rows, out = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) { const from = Math.floor((i * data.rows) / rows) * width; for (let k = 0; k < width; k++) out[i * width + k] = data.x.data[from + k] ?? 0; }
  return { data: out, shape: [rows, width] };
}
/** What of a record is given. */
export const there = <T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
