// `npm run bench -- SUITE [--json FILE] [--rounds N] [--peers a,b]`: makes the clone ready, then measures. The suites are in bench/.
import { inRoot, script, sh } from './lib.mjs';
import { setup } from './setup.mjs';

await script(() => {
  setup();
  process.exitCode = sh(process.execPath, [inRoot('bench/run.mjs'), ...process.argv.slice(2)], { allowFailure: true }).status;
});
