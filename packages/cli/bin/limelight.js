#!/usr/bin/env node
// Starts the command line. The work is in dist/main.js; this file only says what to do where the package was not built yet.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  await (await import(main.href)).main(process.argv);
} else {
  console.error('limelight: the package is not built; run `npm run build` in the repository first');
  process.exitCode = 1;
}
