/** `limelight info MODEL`: what is in a model file. */
import { statSync } from 'node:fs';
import { readModel } from './shared.ts';

export async function info(path: string): Promise<void> {
  const model = await readModel(path);
  console.log(model.summary({ print: false }));
  console.log(`file       ${path}, ${(statSync(path).size / 1000).toFixed(1)} kB`);
}
