/** How well an image classifier does, for a reader at a terminal: what it confuses, and the images on which it is most surely wrong. */
import type { Tensor } from '@limelight/core';
import type { Split } from '@limelight/data';
import pc from 'picocolors';
import { confusionCounts, confusionTable } from './confusion.ts';
import { cropTogether, gallery, type Picture } from './picture.ts';

/** What is needed of a model: the probability of each class for each image. */
export interface Classifier { predict(x: Split['x'], options?: { readonly batchSize?: number }): Promise<Tensor> }

export interface Mistake {
  /** row of the image */
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  /** probability that the model gave to the wrong class, 0..1 */
  readonly confidence: number;
}

/** The class of the greatest probability in each row. */
export function argMaxRows(probabilities: ArrayLike<number>, classes: number): Int32Array {
  const best = new Int32Array(probabilities.length / classes);
  for (let row = 0; row < best.length; row++) {
    for (let c = 1; c < classes; c++) {
      if ((probabilities[row * classes + c] ?? 0) > (probabilities[row * classes + (best[row] ?? 0)] ?? 0)) best[row] = c;
    }
  }
  return best;
}

/** Wrong predictions, the surest first. */
export function worstMistakes(labels: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number, count: number): Mistake[] {
  const predicted = argMaxRows(probabilities, classes), mistakes: Mistake[] = [];
  predicted.forEach((guess, index) => {
    const label = labels[index] ?? -1;
    if (guess !== label) mistakes.push({ index, label, predicted: guess, confidence: probabilities[index * classes + guess] ?? 0 });
  });
  return mistakes.sort((a, b) => b.confidence - a.confidence || a.index - b.index).slice(0, count);
}

export interface ShowOptions {
  /** names of the classes; default '0', '1', … */
  readonly names?: readonly string[];
  /** how many mistakes are drawn; default 6 */
  readonly mistakes?: number;
  /** receives the lines; default console.log */
  readonly print?: (line: string) => void;
  /** width of the terminal in cells; default that of standard output, else 80 */
  readonly columns?: number;
  /** default: as the terminal allows (NO_COLOR is respected) */
  readonly colour?: boolean;
}

/**
 * Predicts the images and prints a confusion table and the worst mistakes.
 * @param model gives [n, classes] probabilities
 * @param data x: grey images [n, height, width], y: class numbers [n]
 */
export async function showClassifier(model: Classifier, data: Split, options: ShowOptions = {}): Promise<void> {
  const { print = console.log, mistakes: count = 6, colour = pc.isColorSupported, columns = process.stdout.columns || 80 } = options; // a terminal may say that it has 0
  const output = await model.predict(data.x, { batchSize: 256 });
  const classes = output.shape[1] ?? 1, probabilities = await output.data();
  const names = options.names ?? Array.from({ length: classes }, (_, i) => String(i));
  print(confusionTable(confusionCounts(data.y.data, argMaxRows(probabilities, classes), classes), names, pc.createColors(colour)));
  const worst = worstMistakes(data.y.data, probabilities, classes, count);
  if (worst.length === 0) return;
  const [, height = 1, width = 1] = data.x.shape;
  const pictures = cropTogether(worst.map(({ index }): Picture => ({ width, height, pixels: data.x.data.subarray(index * width * height, (index + 1) * width * height) })));
  const name = (c: number): string => names[c] ?? String(c);
  print('');
  print(`The surest of ${predictedWrong(data.y.data, probabilities, classes)} mistakes:`);
  const items = worst.map((mistake, i) => ({ picture: pictures[i] ?? { width: 0, height: 0, pixels: [] }, caption: `${name(mistake.label)} read as ${name(mistake.predicted)} (${(100 * mistake.confidence).toFixed(0)} %)` }));
  for (const line of gallery(items, columns, colour)) print(line);
  print('');
}

const predictedWrong = (labels: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): number =>
  argMaxRows(probabilities, classes).reduce((sum, guess, i) => sum + (guess === labels[i] ? 0 : 1), 0);
