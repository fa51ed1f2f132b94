/**
 * Grad-CAM (Selvaraju et al. 2017): the maps of a convolution, each weighed with its mean gradient; what speaks for the score is kept (ReLU) and
 * enlarged to the input. Any model with a convolution, in one, two or three dimensions.
 */
import { NameError, ShapeError, ValueError, type Layer, type Model } from '@limelight/core';
import { finish } from '../attribution.ts';
import { shown } from '../runner.ts';
import { allLayers, findLayer, Subject } from '../subject.ts';
import type { Attribution, AttributionOptions } from '../types.ts';
import { Work } from '../work.ts';
import { resize } from './resize.ts';

export interface GradCamOptions extends AttributionOptions {
  /** Name of the layer whose maps are weighed. Default: the last convolution. */
  readonly layer?: string;
}

const isConv = (layer: Layer): boolean => /Conv[123]D(Transpose)?$/.test(layer.className);
function mapsLayer(model: Model, name: string | undefined): Layer {
  const convolutions = allLayers(model).filter(isConv), last = convolutions.at(-1);
  if (name !== undefined) {
    if (!allLayers(model).some((layer) => layer.name === name)) throw new NameError('layer', name, convolutions.map((layer) => layer.name));
    return findLayer(model, name);
  }
  if (last === undefined) throw new ValueError(`gradCam: model '${model.name}' has no convolution. Use integratedGradients, or name a layer that gives maps: layer.`);
  return last;
}

/**
 * The class activation map in the size of the input. Score by default: the logit.
 * @throws NameError for an unknown layer, ShapeError for one without maps
 */
export async function gradCam(model: Model, x: unknown, options: GradCamOptions = {}): Promise<Attribution> {
  const work = new Work(options), layer = mapsLayer(model, options.layer), subject = await Subject.of(model, x, { score: 'logit', ...options }, 'gradCam');
  const { result, grad } = await subject.programs.atLayer(layer).runAsync(subject.sample);
  await work.step(0.5);
  if (result.rank < 3) throw new ShapeError(`gradCam: layer '${layer.name}' gives ${shown([null, ...result.shape.slice(1)])}: no map of places. Name a convolution or what follows one (there are ${allLayers(model).filter(isConv).map((l) => l.name).join(', ')}).`);
  const first = 'dataFormat' in layer && layer.dataFormat === 'channelsFirst', inner = result.shape.slice(1), channels = (first ? inner[0] : inner.at(-1)) ?? 1, places = first ? inner.slice(1) : inner.slice(0, -1);
  const a = result.dataSync(), g = grad.dataSync(), count = places.reduce((n, d) => n * d, 1), at = (place: number, channel: number): number => (first ? channel * count + place : place * channels + channel);
  const map = new Float64Array(count);
  for (let c = 0; c < channels; c++) {
    let weight = 0;
    for (let p = 0; p < count; p++) weight += (g[at(p, c)] ?? 0) / count;
    for (let p = 0; p < count; p++) map[p] = (map[p] ?? 0) + weight * (a[at(p, c)] ?? 0);
  }
  const positive = map.map((v) => Math.max(0, v)), shape = subject.shape;
  if (shape.length < places.length) throw new ShapeError(`gradCam: layer '${layer.name}' has ${places.length} axes of places, but the input ${shown(shape)} has fewer; it must have them too.`);
  const enlarged = resize(positive, places, shape.slice(0, places.length)), each = subject.x.size / enlarged.length;
  const values = Float32Array.from({ length: subject.x.size }, (_, i) => (enlarged[Math.floor(i / each)] ?? 0) / each);
  return finish(subject, { method: 'gradCam', values, signed: false, details: { layer: layer.name } }, options, work);
}
