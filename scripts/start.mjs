// `npm start`: makes the clone ready where needed, then trains the MNIST program. Arguments go to the program.
import { inRoot, script } from './lib.mjs';
import { run } from './run.mjs';
import { setup } from './setup.mjs';

await script(async () => {
  setup();
  await run(inRoot('examples/mnist.ts'), process.argv.slice(2));
});
