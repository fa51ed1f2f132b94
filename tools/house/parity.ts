/**
 * The Keras parity table: which of Keras 3's names are offered here and tested. The names are listed in keras-names.json; everything else is found:
 *
 * - *offered*: the public module exports the name (a class, or a factory in camelCase), and the registry that reads configurations knows it;
 * - *tested*: a test names it. A test counts where it writes `layers.conv2d` or `losses.Huber`; one that lies in the kind's folder or imports from it also where it writes
 *   the name alone, or reads a fixture that has it in quotes. Comments and titles of tests do not count.
 *
 * Names meet without regard to case and underscores: `hard_silu` is `hardSilu`. Only a layer that is called like an activation (`ReLU`) must be spelled as a class, or with
 * its module, because 'relu' in quotes is the activation.
 */
import { posix } from 'node:path';

export type Names = Readonly<Record<string, readonly string[] | Readonly<Record<string, readonly string[]>>>>;
/** What one kind offers. */
export interface Offer {
  /** the public module: names of its exports */
  readonly exports: readonly string[];
  /** whether configurations may hold the name; null: nothing of the kind is held by name */
  readonly registered: ((name: string) => boolean) | null;
  /** folder whose tests are the kind's own, ending in '/' */
  readonly folder: string;
  /** the name of the public module, where it is not the kind's */
  readonly module?: string;
}
export interface Source { readonly path: string; readonly text: string }
export interface Row { readonly kind: string; readonly family: string; readonly name: string; readonly ours: string | null; readonly tests: readonly string[] }

export const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');
/** A test without comments and without the titles of `describe` and `it`. */
export const codeOf = (text: string): string => text.replaceAll(/\b(?:describe|it|test)(?:\.\w+)*\(\s*(['"`])(?:\\.|(?!\1).)*\1/g, 'title(').replaceAll(/\/\*[\s\S]*?\*\//g, ' ').replaceAll(/(^|[^:'"`])\/\/[^\n]*/g, '$1');
/** Fixtures that a test reads: golden('keras-losses'), new URL('./testing/keras-fit.json', …). */
const fixturesOf = (text: string): string[] => [...text.matchAll(/['"`]([\w./-]*?)([\w-]+)(?:\.json)?['"`]/g)].flatMap(([all, , name]) => (all.includes('.json') || name?.startsWith('keras-') === true ? [`${name ?? ''}.json`] : []));

/** Everything that a text names: qualified ('layers.conv2d'), and alone (identifiers and quoted words) as written. */
function namedIn(text: string): { readonly qualified: ReadonlySet<string>; readonly alone: Words } {
  const qualified = new Set<string>(), alone = new Set<string>();
  for (const [, scope = '', name = ''] of text.matchAll(/\b(\w+)\.(\w+)\b/g)) qualified.add(`${scope.toLowerCase()}.${plain(name)}`);
  for (const [, name = ''] of text.matchAll(/(?<![.\w])([A-Za-z]\w*)\b(?=\s*[(,)\]}'"`:;]|$)/g)) alone.add(name);
  return { qualified, alone: wordsOf(alone) };
}
interface Words { readonly exact: ReadonlySet<string>; readonly plain: ReadonlySet<string> }
const wordsOf = (words: Iterable<string>): Words => { const exact = new Set(words); return { exact, plain: new Set([...exact].map(plain)) }; };
/** The folders of the files that a test imports. */
const importsOf = (path: string, text: string): string[] => [...text.matchAll(/\bfrom\s+'(\.[^']*)'/g)].map(([, to = '']) => posix.normalize(`${posix.dirname(path)}/${to}`));

/** One row for each of Keras's names. */
export function parityRows(names: Names, offers: Readonly<Record<string, Offer>>, tests: readonly Source[], fixtures: readonly Source[]): Row[] {
  const read = tests.map(({ path, text }) => { const code = codeOf(text); return { path, ...namedIn(code), from: [path, ...importsOf(path, code)], fixtures: fixturesOf(code) }; });
  const quoted = new Map(fixtures.map(({ path, text }) => [path.slice(path.lastIndexOf('/') + 1), wordsOf([...text.matchAll(/"(\w+)"/g)].map(([, word = '']) => word))]));
  const activations = new Set(([names['activations'] ?? []].flat() as string[]).map(plain));
  return Object.entries(names).flatMap(([kind, list]) => {
    const offer = offers[kind];
    if (offer === undefined) throw new Error(`parity: nothing is known of '${kind}'`);
    const families = Array.isArray(list) ? { [kind]: list as readonly string[] } : (list as Readonly<Record<string, readonly string[]>>);
    return Object.entries(families).flatMap(([family, all]) => all.map((name): Row => {
      const key = plain(name), found = offer.exports.filter((e) => plain(e) === key), ok = found.length > 0 && (offer.registered?.(name) ?? true);
      const inWords = (words: Words | undefined): boolean => (kind === 'layers' && activations.has(key) ? words?.exact.has(name) : words?.plain.has(key)) === true;
      const hits = read.filter((test) => test.qualified.has(`${offer.module ?? kind}.${key}`) || (test.from.some((f) => f.startsWith(offer.folder)) && (inWords(test.alone) || test.fixtures.some((f) => inWords(quoted.get(f))))));
      // the test of its own first: beside it, and named like it
      const rank = ({ path }: { readonly path: string }): number => (path.startsWith(offer.folder) ? 0 : 2) + (plain(path.slice(path.lastIndexOf('/'))).includes(`/${key}.`) ? 0 : 1);
      hits.sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
      return { kind, family, name, ours: ok ? found.sort().map((e) => `\`${e}\``).join(', ') : null, tests: hits.map((t) => t.path) };
    }));
  });
}

export const counts = (row: Row): boolean => row.ours !== null && row.tests.length > 0;

/** The page. */
export function parityPage(rows: readonly Row[]): string {
  const kinds = [...new Set(rows.map((r) => r.kind))], of = (kind: string): readonly Row[] => rows.filter((r) => r.kind === kind);
  const share = (list: readonly Row[]): string => `${list.filter(counts).length}/${list.length}`;
  const missing = (row: Row): string => (row.ours === null ? 'missing' : row.tests.length === 0 ? 'not tested' : '');
  const families = [...new Set(of('layers').map((r) => r.family))];
  return [
    '# Keras parity', '',
    'Generated by `npm run check:parity -- --write`; `npm run check:parity` fails where it differs. Which of Keras 3\'s names are here, and tested.', '',
    'A name counts when it is **offered** and **tested**:', '',
    '- *offered*: `@limelight/core` (`@limelight/data` for *utils*) exports a class of that name, or a factory or function in camelCase, and, where saved models hold such things by name, the registry knows the name;',
    '- *tested*: a test of the package names it. A test counts that writes it with its module (`layers.conv2d`, `losses.Huber`); one that lies in the module\'s folder or imports from it also where',
    '  it writes the name alone or in quotes, or reads a fixture of golden numbers that has the name in quotes. Comments and titles of tests do not count, and an activation in quotes does not count',
    '  for the layer of that name.', '',
    `The layers are the classes that Keras exports of ten families (${families.map((f) => `${f} ${of('layers').filter((r) => r.family === f).length}`).join(', ')}: ${of('layers').length} together).`,
    'The family *core* has `Input`, a function in Keras and here, and the bases `InputLayer`, `Lambda` and `Wrapper`; *rnn* has the base `RNN`. The layers of Keras\'s family *preprocessing* are counted by themselves.',
    'Left out are `Layer` and `InputSpec`, and what wraps Python programs (TFSMLayer, JaxLayer, FlaxLayer, TorchModuleWrapper). Optimizers: without LossScaleOptimizer and MultiOptimizer, which wrap others;',
    'callbacks: without OrbaxCheckpoint, which writes a Python format. *utils* are the functions that make datasets of files and arrays.', '',
    '| kind | offered and tested |', '|---|---|', ...kinds.map((kind) => `| ${kind} | ${share(of(kind))} |`), '',
    ...kinds.flatMap((kind) => {
      const list = of(kind);
      return [`## ${kind} (${share(list)})`, '', kind === 'layers' ? '| family | Keras | here | tested by | |' : '| Keras | here | tested by | |', kind === 'layers' ? '|---|---|---|---|---|' : '|---|---|---|---|',
        ...list.map((row) => `| ${kind === 'layers' ? `${row.family} | ` : ''}${row.name} | ${row.ours ?? '–'} | ${testCell(row)} | ${missing(row)} |`), ''];
    }),
  ].join('\n').trimEnd() + '\n';
}
/** The first test only: the page would change with every other one. */
const testCell = (row: Row): string => (row.tests[0] === undefined ? '–' : `\`${row.tests[0].slice(row.tests[0].lastIndexOf('/') + 1)}\``);
