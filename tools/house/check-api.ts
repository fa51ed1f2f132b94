/** `npm run check:api`: compares the public API of the built packages with docs/api-report, and type-checks its declarations; `-- --write` renews the reports. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { apiReport, firstDifference, typeErrors } from './api.ts';
import { read, report, ROOT, write } from './files.ts';

const PACKAGES = [['core', '@limelight/core'], ['accelerate', '@limelight/accelerate'], ['data', '@limelight/data'], ['explain', '@limelight/explain'], ['recommend', '@limelight/recommend'], ['tune', '@limelight/tune'], ['cli', 'limelight']] as const;
const renew = process.argv.includes('--write');
const problems: string[] = [];
for (const [folder, title] of PACKAGES) {
  const path = `docs/api-report/${folder}.md`;
  const declarations = `packages/${folder}/dist/index.d.ts`, built = apiReport(title, join(ROOT, declarations));
  problems.push(...typeErrors(join(ROOT, declarations)).map((error) => `${declarations}: ${error}`));
  if (renew) write(path, built);
  else if (!existsSync(join(ROOT, path))) problems.push(`${path} is missing; run \`npm run check:api -- --write\``);
  else if (read(path) !== built) problems.push(`${path} differs (${firstDifference(read(path), built)}); where the change is wanted, run \`npm run check:api -- --write\``);
}
report('api', problems, renew ? 'reports written' : 'the reports are those of the build');
