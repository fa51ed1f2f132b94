/** A process that trains with a backup until it is killed. Argument: the path of the backup. */
import { createDevice, setDefaultDevice } from '../../runtime/device.ts';
import { trainDigits } from './digits.ts';

setDefaultDevice(createDevice({ threads: 2 }));
await trainDigits(4, 512, process.argv[2] ?? '', async (epoch, step) => {
  if (epoch < 2 || step < 8) return;
  process.stdout.write('half way\n');
  await new Promise(() => { setInterval(() => undefined, 1000); });
});
