/** Loading whole models. */
import { FormatError, LimelightError } from '../base/errors.ts';
import type { Layer } from '../nn/layer.ts';
import { objectOf, type JsonValue } from '../nn/registry-table.ts';
import { unpackArchive } from './archiveBytes.ts';
import { loadCompile } from './compileConfig.ts';
import { Model } from './model.ts';
import { layerFromConfig } from './registry.ts';

/** The model that `toBytes` wrote, compiled as it was, with its optimizer state: training goes on as if it had not stopped. Throws FormatError. */
export function modelFromBytes(bytes: Uint8Array, name = 'The data'): Model {
  const archive = unpackArchive(bytes, name), saved = objectOf(archive.documents['model'] as JsonValue);
  if (saved === null) throw new FormatError(`${name} holds weights but no model; build the model yourself and use loadWeights.`);
  let model: unknown;
  try {
    model = layerFromConfig(saved);
  } catch (error) {
    if (error instanceof LimelightError) throw new FormatError(`${name}: the model cannot be made from its configuration: ${error.message}`, { cause: error });
    throw error;
  }
  if (!(model instanceof Model)) throw new FormatError(`${name} holds a ${saved.className}, which is not a model.`);
  model.preprocessing = preprocessingOf(archive.documents['preprocessing'], name);
  const compile = loadCompile(archive.documents['compile'], name);
  if (compile !== null) model.compile(compile);
  model.restoreArchive(archive, name);
  return model;
}

function preprocessingOf(saved: unknown, name: string): Record<string, Layer> {
  if (typeof saved !== 'object' || saved === null) return {};
  return Object.fromEntries(Object.entries(saved as Readonly<Record<string, JsonValue>>).map(([key, value]) => {
    const object = objectOf(value);
    if (object === null) throw new FormatError(`${name}: preprocessing.${key} has no className.`);
    return [key, layerFromConfig(object)];
  }));
}

/** The model in a file written by `model.save`. */
export async function loadModel(path: string): Promise<Model> {
  const { readFileBytes } = await import('./files.ts');
  return modelFromBytes(await readFileBytes(path, 'loadModel'), `'${path}'`);
}
