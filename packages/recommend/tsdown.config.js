import { library } from '../../tsdown.shared.js';

// Serving imports the package by its name, so that there is one copy of the models, and `index` has nothing of it.
export default library({ platform: 'node', entry: ['src/index.ts', 'src/serve/index.ts', 'src/serve/worker.ts'], external: ['@limelight/recommend'] });
