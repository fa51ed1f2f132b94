// `npm run lint`: oxlint with type information (no `any`, no floating promises, no non-null assertion in core). Rules: .oxlintrc.json.
import { inRoot, script, sh } from './lib.mjs';

await script(() => {
  sh(process.execPath, [inRoot('node_modules/oxlint/bin/oxlint'), '--deny-warnings', ...(process.argv.length > 2 ? process.argv.slice(2) : ['packages', 'examples', 'docs/guide/programs', 'tools', 'scripts', 'bench'])]);
});
