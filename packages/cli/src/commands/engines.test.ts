import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { engineTable } from './engines.ts';

const plain = stripVTControlCharacters;

it('shows engines, versions, speeds and the choice', () => {
  const text = plain(engineTable([
    { engine: 'WebAssembly', version: null, detail: '', one: 38.25, two: 74.5, times: [], chosen: true, why: 'makes everything else' },
    { engine: 'oneDNN', version: '2.6.3', detail: 'OpenMP', one: 88, two: 170.04, times: [{ kind: 'block', wasm: 35, native: 80, chosen: true }], chosen: true, why: 'faster for block products' },
    { engine: 'OpenBLAS', version: null, detail: '', one: null, two: null, times: [], chosen: false, why: 'not installed' },
  ]));
  expect(text).toMatch(/WebAssembly +│ - +│ +38\.3 │ +74\.5 │ yes +│ makes everything else/);
  expect(text).toMatch(/oneDNN +│ 2\.6\.3 \(OpenMP\) │ +88\.0 │ +170\.0 │ yes +│ faster for block products/);
  expect(text).toMatch(/OpenBLAS +│ - +│ +- │ +- │ no +│ not installed/);
  expect(text).toMatch(/block +│ +35\.0 │ +80\.0 │/);
});
