/** `npm run check:layers`: fails where core's floors are broken, its imports go in a circle, or it depends on anything outside itself. */
import { filesBelow, read, report } from './files.ts';
import { checkLayers } from './layers.ts';

const SRC = 'packages/core/src';
const paths = filesBelow(SRC).filter((path) => path.endsWith('.ts'));
const sources = new Map(paths.map((path) => [path, read(`${SRC}/${path}`)]));
report('layers', checkLayers(sources), `${paths.length} files on their floors, no cycles`);
