import { library } from '../../tsdown.shared.js';

/** True for what the entry imports statically; the rest is loaded when it is first needed. */
const first = new Map();
function isFirst(id, context) {
  let known = first.get(id);
  if (known === undefined) {
    const info = context.getModuleInfo(id);
    known = info !== null && (info.isEntry || info.importers.some((importer) => isFirst(importer, context)));
    first.set(id, known);
  }
  return known;
}

export default library({
  entry: { index: 'src/node.ts' },
  platform: 'neutral',
  // One file for all of it: without this, each file loaded later would cut the first part into further pieces. Declarations stay in index.d.ts.
  outputOptions: (options) => ({ ...options, codeSplitting: { groups: [{ name: (id, context) => (!id.endsWith('.d.ts') && isFirst(id, context) ? 'core' : null) }] } }),
});
