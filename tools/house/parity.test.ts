import { describe, expect, it } from 'vitest';
import { codeOf, counts, parityPage, parityRows, type Offer, type Source } from './parity.ts';

const names = { layers: { convolutional: ['Conv2D', 'Conv1D'], activations: ['ReLU'] }, preprocessing: ['Resizing'], losses: ['Huber'], activations: ['relu'] };
const all = (): Record<string, Offer> => ({
  layers: { exports: ['Conv2D', 'conv2d', 'Conv1D', 'ReLU', 'reLU'], registered: (name) => name !== 'Conv1D', folder: 'src/layers/' },
  preprocessing: { exports: ['Resizing', 'resizing'], registered: () => true, folder: 'src/layers/', module: 'layers' },
  losses: { exports: ['huber', 'Huber'], registered: null, folder: 'src/losses/' }, activations: { exports: ['relu'], registered: () => true, folder: 'src/activations/' },
});
const counted = (tests: Source[], fixtures: Source[] = []): string[] => parityRows(names, all(), tests, fixtures).filter(counts).map((r) => `${r.kind}.${r.name}`);
const at = (path: string, text: string): Source => ({ path, text });

describe('a name counts', () => {
  it('where a test writes it with its module', () => {
    expect(counted([at('src/model/a.test.ts', 'layers.conv2d(3); losses.huber();')])).toEqual(['layers.Conv2D', 'losses.Huber']);
  });
  it('with the module that a kind shares with another', () => {
    expect(counted([at('src/model/a.test.ts', 'layers.resizing(3, 4);')])).toEqual(['preprocessing.Resizing']);
    expect(counted([at('src/model/a.test.ts', 'preprocessing.resizing(3, 4);')])).toEqual([]);
  });
  it('alone only in a test of its module, or one that imports from it', () => {
    expect(counted([at('src/model/a.test.ts', 'huber(); x(\'relu\');')])).toEqual([]);
    expect(counted([at('src/losses/a.test.ts', 'huber();')])).toEqual(['losses.Huber']);
    expect(counted([at('src/model/a.test.ts', "import { Huber } from '../losses/index.ts'; f(Huber);")])).toEqual(['losses.Huber']);
  });
  it('in a fixture that such a test reads', () => {
    const fixtures = [at('test/fixtures/keras-losses.json', '{"cases":[{"name":"huber"}]}')];
    expect(counted([at('src/losses/a.test.ts', "golden('keras-losses')")], fixtures)).toEqual(['losses.Huber']);
    expect(counted([at('src/losses/a.test.ts', "golden('keras-metrics')")], fixtures)).toEqual([]);
  });
  it('not in comments and titles, not when it is not registered', () => {
    expect(counted([at('src/layers/a.test.ts', "// layers.conv2d\n/* layers.conv2d */ it('layers.conv2d', () => {}); layers.conv1d();")])).toEqual([]);
    expect(codeOf("it('x // y', () => { f('http://a'); });")).toBe("title(, () => { f('http://a'); });");
  });
  it('not as a layer where the word is the activation', () => {
    expect(counted([at('src/layers/a.test.ts', "layers.dense(1, { activation: 'relu' })"), at('src/activations/a.test.ts', "get('relu')")])).toEqual(['activations.relu']);
    expect(counted([at('src/layers/a.test.ts', 'new ReLU()')])).toEqual(['layers.ReLU']);
    expect(counted([at('src/layers/a.test.ts', 'layers.reLU()')])).toEqual(['layers.ReLU']);
  });
});

it('the page says what counts, what is missing and what is not tested', () => {
  const page = parityPage(parityRows(names, all(), [at('src/model/b.test.ts', 'layers.conv2d()'), at('src/layers/conv2d.test.ts', 'layers.conv2d()')], []));
  expect(page).toContain('| layers | 1/3 |');
  expect(page).toContain('| convolutional | Conv2D | `Conv2D`, `conv2d` | `conv2d.test.ts` |  |');
  expect(page).toContain('| convolutional | Conv1D | – | – | missing |');
  expect(page).toContain('| Huber | `Huber`, `huber` | – | not tested |');
});
