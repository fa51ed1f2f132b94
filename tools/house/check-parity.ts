/** `npm run check:parity`: compares docs/parity.md with what is exported, registered and tested now; `-- --write` renews it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '../../packages/core/src/index.ts';
import * as data from '../../packages/data/src/index.ts';
import { activationRegistry } from '../../packages/core/src/nn/activations/index.ts';
import { constraintRegistry } from '../../packages/core/src/nn/constraints/index.ts';
import { initializerRegistry } from '../../packages/core/src/nn/initializers/index.ts';
import { lossRegistry } from '../../packages/core/src/nn/losses/index.ts';
import { metricRegistry } from '../../packages/core/src/nn/metrics/index.ts';
import { optimizerRegistry } from '../../packages/core/src/nn/optimizers/index.ts';
import { LAYERS } from '../../packages/core/src/nn/layers/index.ts';
import { regularizerRegistry } from '../../packages/core/src/nn/regularizers/index.ts';
import { scheduleRegistry } from '../../packages/core/src/nn/schedules/index.ts';
import { filesBelow, read, report, ROOT, write } from './files.ts';
import { counts, parityPage, parityRows, type Names, type Offer, type Source } from './parity.ts';

const PAGE = 'docs/parity.md';
const offer = (module: object, registry: { has(name: string): boolean } | null, folder: string): Offer => ({ exports: Object.keys(module), registered: registry === null ? null : (name) => registry.has(name), folder: `packages/core/src/${folder}/` });
const offers: Readonly<Record<string, Offer>> = {
  // Input is no layer but the function that makes one
  layers: offer(core.layers, { has: (name) => name === 'Input' || name in LAYERS() }, 'nn/layers'),
  preprocessing: { ...offer(core.layers, { has: (name) => name in LAYERS() }, 'nn/layers'), module: 'layers' },
  losses: offer(core.losses, lossRegistry, 'nn/losses'), metrics: offer(core.metrics, metricRegistry, 'nn/metrics'), optimizers: offer(core.optimizers, optimizerRegistry, 'nn/optimizers'),
  schedules: offer(core.schedules, scheduleRegistry, 'nn/schedules'), callbacks: offer(core.callbacks, null, 'model/callbacks'), initializers: offer(core.initializers, initializerRegistry, 'nn/initializers'),
  regularizers: offer(core.regularizers, regularizerRegistry, 'nn/regularizers'), constraints: offer(core.constraints, constraintRegistry, 'nn/constraints'), activations: offer(core.activations, activationRegistry, 'nn/activations'),
  utils: { exports: Object.keys(data), registered: null, folder: 'packages/data/src/' },
};
const sources = (folder: string, wanted: RegExp): Source[] => filesBelow(folder).filter((path) => wanted.test(path)).map((path) => ({ path: `${folder}/${path}`, text: read(`${folder}/${path}`) }));
const tests = [...sources('packages/core/src', /\.test\.ts$/), ...sources('packages/core/test', /\.test\.ts$/), ...sources('packages/data/src', /\.test\.ts$/)], fixtures = [...sources('packages/core/test', /\.json$/), ...sources('packages/core/src', /\.json$/)];
const rows = parityRows(JSON.parse(read('tools/house/keras-names.json')) as Names, offers, tests, fixtures), page = parityPage(rows);

const renew = process.argv.includes('--write'), again = 'run `npm run check:parity -- --write`';
if (renew) write(PAGE, page);
const problems = renew ? [] : !existsSync(join(ROOT, PAGE)) ? [`${PAGE} is missing; ${again}`] : read(PAGE) !== page ? [`${PAGE} differs from what is there; where the change is wanted, ${again}`] : [];
const kinds = [...new Set(rows.map((r) => r.kind))].map((kind) => { const own = rows.filter((r) => r.kind === kind); return `${kind} ${own.filter(counts).length}/${own.length}`; });
report('parity', problems, kinds.join(', '));
