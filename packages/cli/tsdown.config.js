import { library } from '../../tsdown.shared.js';

export default library({ platform: 'node', entry: ['src/index.ts', 'src/main.ts', 'src/studies/mnist-worker.ts'] });
