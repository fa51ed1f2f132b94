/** What is drawn: files that other programs can read, for every kind of input. */
import { input, layers, model, sequential } from '@limelight/core';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { calibrationCurve } from '../calibration/calibrationCurve.ts';
import { partialDependence } from '../global/partialDependence.ts';
import { permutationImportance } from '../global/permutationImportance.ts';
import { nearestExamples } from '../global/nearestExamples.ts';
import { integratedGradients } from '../gradients/integratedGradients.ts';
import { inputGradients } from '../gradients/inputGradients.ts';
import { counterfactual } from '../perturbation/counterfactual.ts';
import { golden, network } from '../test/golden.ts';
import { toPng, toSvg } from './heatMap.ts';
import { toHtml } from './sections.ts';
import { brief, ticks } from './svg.ts';

/** Every opening tag has its closing one, in order. */
function wellFormed(xml: string): boolean {
  const open: string[] = [];
  for (const [, slash, name = '', , self] of xml.matchAll(/<(\/?)([a-z][\w-]*)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>/gi)) {
    if (slash === '/') { if (open.pop() !== name) return false; } else if (self !== '/' && !['meta', 'img'].includes(name)) open.push(name);
  }
  return open.length === 0;
}
const image = sequential([input({ shape: [6, 8, 3], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(2, { activation: 'softmax' })], { seed: 1 });
const sequence = sequential([input({ shape: [5, 3] }), layers.lstm(4), layers.dense(2)], { seed: 1 });
const x = input({ shape: [4], dtype: 'i32' }), text = model({ inputs: x, outputs: layers.dense(2).apply(layers.flatten().apply(layers.embedding(9, 3).apply(x))) });
const pixels = Float32Array.from({ length: 144 }, (_, i) => (i * 53) % 256), tokenizer = (t: string): number[] => t.split(' ').map((_, i) => i + 1);

describe('heat maps', () => {
  it.each([
    ['an image', () => integratedGradients(image, pixels), 8, 6], ['an image without signs', () => inputGradients(image, pixels), 8, 6], ['a sequence', () => integratedGradients(sequence, new Float32Array(15).fill(1)), 5, 3],
    ['a text', () => integratedGradients(text, 'a <b> "c"', { tokenizer }), 4, 1], ['a table', () => integratedGradients(network(), golden.x), 5, 1],
  ] as const)('of %s', async (_, make, width, height) => {
    const attribution = await make(), png = decode(toPng(attribution, 3)), svg = toSvg(attribution);
    expect([png.width, png.height, png.channels]).toEqual([width * 3, height * 3, 3]);
    expect(new Set(png.data).size).toBeGreaterThan(2);
    expect(svg).toMatch(/^<\?xml .+<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/s);
    expect(wellFormed(svg)).toBe(true);
    expect(wellFormed(toHtml(attribution).replace('<!doctype html>', ''))).toBe(true);
  });
  it('show where it counts: one pixel alone is coloured', async () => {
    const net = sequential([input({ shape: [8, 8, 1] }), layers.flatten(), layers.dense(1)]), kernel = new Float32Array(64), on = new Float32Array(64).fill(1);
    kernel[20] = 1;
    net.setWeights([kernel, new Float32Array(1)]);
    const { data } = decode(toPng(await integratedGradients(net, on, { kind: 'image' }), 1)), at = (i: number): number[] => [...data.subarray(i * 3, i * 3 + 3)] as number[];
    expect(at(20)[0]).toBeGreaterThan((at(20)[2] ?? 255) + 40);
    expect(new Set(at(19)).size).toBe(1);
  });
});
describe('pages', () => {
  it('hold every kind of explanation, and nothing from elsewhere', async () => {
    const net = network(), list = [
      await integratedGradients(net, golden.x, { featureNames: ['<a>', 'b', 'c', 'd', 'e'] }), await counterfactual(net, golden.x, { background: golden.data }), await counterfactual(image, pixels), await nearestExamples(net, golden.x, golden.data),
      await permutationImportance(net, golden.data, golden.labels), await partialDependence(net, golden.data, 1, { target: 0 }), await partialDependence(net, golden.data, [0, 1], { target: 0, resolution: 4 }), calibrationCurve(golden.calibration.probabilities, golden.calibration.labels),
    ];
    const html = toHtml(list, { title: 'Why & how' });
    expect(html.match(/<section>/g)?.length).toBe(list.length);
    expect(html).toContain('Why &amp; how');
    expect(html).toContain('&lt;a&gt; = ');
    expect(html).not.toMatch(/(?:src|href)="(?!data:)/);
    expect(html).not.toContain('NaN');
    expect(wellFormed(html.replace('<!doctype html>', ''))).toBe(true);
  });
});
it('numbers are brief, ticks are round', () => {
  expect([0, 1234.5, 0.123456, 1e-7, -2.5e6].map(brief)).toEqual(['0', '1235', '0.123', '1.0e-7', '-2.5e6']);
  expect(ticks(0.03, 0.98)).toEqual([0.2, 0.4, 0.6, 0.8]);
});
