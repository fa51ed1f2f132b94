import { library } from '../../tsdown.shared.js';

// worker.js is what each worker thread starts with.
export default library({ platform: 'node', entry: ['src/index.ts', 'src/worker.ts'] });
