// `npm run examples [-- NAME…]`: runs every program of examples/ as a user would, over the built packages, and fails where one fails.
// Each example checks its own result and exits with 1 where it is wrong.
import { readdirSync } from 'node:fs';
import { Failure, inRoot, script, sh } from './lib.mjs';
import { setup } from './setup.mjs';

await script(() => {
  setup();
  const wanted = process.argv.slice(2);
  const names = readdirSync(inRoot('examples')).filter((name) => name.endsWith('.ts')).map((name) => name.slice(0, -3)).sort();
  for (const name of wanted) if (!names.includes(name)) throw new Failure(`no example '${name}'; there are ${names.join(', ')}`, 2);
  for (const name of wanted.length > 0 ? wanted : names) {
    const started = Date.now();
    console.log(`\n--- examples/${name}.ts`);
    sh(process.execPath, [inRoot('scripts/run.mjs'), inRoot('examples', `${name}.ts`)]);
    console.log(`--- ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
});
