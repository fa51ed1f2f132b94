/**
 * Layers by name with the models among them. The models are named here as values, so that a bundler that drops modules nobody uses keeps those
 * that a configuration may hold.
 */
import type { Layer } from '../nn/layer.ts';
import { layerFromConfig as fromConfig, registerAll } from '../nn/registry.ts';
import type { Config, SerializedObject } from '../nn/registry-table.ts';
import { Functional } from './functional.ts';
import { Sequential } from './sequential.ts';

const MODELS: Readonly<Record<string, (config: Config) => Layer>> = {
  Functional: (config) => Functional.fromConfig(config),
  Sequential: (config) => Sequential.fromConfig(config),
};

/** Makes a layer or model from its saved form; weights are made when it is built. */
export function layerFromConfig(saved: SerializedObject): Layer {
  registerAll(MODELS);
  return fromConfig(saved);
}
