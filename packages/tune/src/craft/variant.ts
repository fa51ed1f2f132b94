/** A model made anew with one thing changed: for short trials that measure what a cure does. Works on the configuration of sequential models; others bring a `build` of their own. */
import { layerFromConfig, Model, StateError, ValueError, type CompileOptions, type Config, type JsonValue, type SerializedObject } from '@limelight/core';

/** What is changed. Everything left out stays as it is. */
export interface Change {
  /** share of hidden units that is left */ readonly width?: number;
  /** dropout before the last layer with weights (rate) */ readonly dropout?: number;
  readonly l1?: number;
  readonly l2?: number;
}
type SavedLayer = { readonly className: string; readonly config: Config };

/** The same model, untrained, with the change. Throws ValueError where the change does not apply to it. */
export async function variantOf(model: Model, change: Change, seed: number): Promise<Model> {
  const { documents } = await model.archive(), saved = documents['model'] as unknown as SerializedObject, compile = documents['compile'] as Record<string, JsonValue> | null;
  if (compile === null || compile['own'] === true) throw new StateError(`diagnose: model '${model.name}' is compiled with functions of your own, so it cannot be made anew from its configuration; give build.`);
  const config = change.width === undefined && change.dropout === undefined && change.l1 === undefined && change.l2 === undefined ? saved.config : changed(saved, change);
  const made = layerFromConfig({ className: saved.className, config: { ...config, seed } });
  if (!(made instanceof Model)) throw new StateError(`diagnose: '${saved.className}' is not a model.`);
  return made.compile(Object.fromEntries(Object.entries(compile).filter(([, v]) => v !== null)) as CompileOptions);
}

const SIZES = ['units', 'filters'] as const;
function changed(saved: SerializedObject, change: Change): Config {
  const all = saved.config['layers'];
  if (saved.className !== 'Sequential' || !Array.isArray(all)) throw new ValueError('diagnose: only sequential models are changed by themselves; give build for this one.');
  const layers = all as unknown as SavedLayer[], weighty = layers.map((l, i) => (SIZES.some((s) => typeof l.config[s] === 'number') ? i : -1)).filter((i) => i >= 0), last = weighty.at(-1);
  if (last === undefined || weighty.length < 2) throw new ValueError('diagnose: the model has no hidden layer to change.');
  const { width, dropout, l1, l2 } = change;
  const next = layers.flatMap((layer, i): SavedLayer[] => {
    let config: Config = layer.config;
    if (weighty.includes(i)) {
      if (width !== undefined && i !== last) for (const s of SIZES) if (typeof config[s] === 'number') config = { ...config, [s]: Math.max(1, Math.round((config[s] as number) * width)) };
      if (l1 !== undefined || l2 !== undefined) config = { ...config, kernelRegularizer: { className: 'L1L2', config: { l1: l1 ?? 0, l2: l2 ?? 0 } } };
    }
    const own = { className: layer.className, config };
    return dropout !== undefined && i === last ? [{ className: 'Dropout', config: { name: 'diagnose_dropout', rate: dropout } as Config }, own] : [own];
  });
  return { ...saved.config, layers: next as unknown as JsonValue };
}
