/** `limelight predict MODEL image.png`: the classes that a saved image classifier sees in a picture, the likeliest first. */
import pc from 'picocolors';
import { UsageError } from '../errors.ts';
import { loadImage } from '../image.ts';
import { drawPicture } from '../terminal/picture.ts';
import { readModel, tell } from './shared.ts';

export interface PredictOptions { readonly top: number }

export async function predict(modelPath: string, imagePath: string, { top }: PredictOptions): Promise<void> {
  const model = await readModel(modelPath);
  const ports = model.inputPorts ?? [];
  const [height, width, channels] = ports[0]?.shape ?? [];
  if (ports.length !== 1 || typeof height !== 'number' || typeof width !== 'number' || (channels ?? 1) !== 1) {
    throw new UsageError(`${modelPath} does not take one grey image (its inputs are ${ports.map((port) => `${port.name} [${port.shape.map((extent) => extent ?? '?').join(', ')}]`).join(', ')})`);
  }
  const image = await loadImage(imagePath, [height, width]);
  tell(`${imagePath}: ${image.width} × ${image.height}, shown to the model as ${width} × ${height}${image.inverted ? '; its ground is light, so it was inverted' : ''}`);
  for (const line of drawPicture({ width, height, pixels: image.input.data }, pc.createColors(process.stderr.isTTY).isColorSupported)) tell(line);
  const input = channels === undefined ? image.input : { ...image.input, shape: [...image.input.shape, 1] };
  const output = await model.predict(input);
  const values = [...await output.data()].map((value, index) => ({ index, value }));
  for (const { index, value } of values.sort((a, b) => b.value - a.value).slice(0, top)) console.log(`${index}  ${(100 * value).toFixed(1).padStart(5)} %`);
}
