/** `limelight evaluate MODEL`: the loss and the metrics with which the model was compiled, on test data. */
import { loadData, readModel, useThreads } from './shared.ts';

export interface EvaluateOptions { readonly data: 'mnist'; readonly batchSize: number; readonly threads?: number }

export async function evaluate(path: string, options: EvaluateOptions): Promise<void> {
  useThreads(options.threads);
  const model = await readModel(path);
  const { test } = await loadData(options.data);
  const results = await model.evaluate(test.x, test.y, { batchSize: options.batchSize });
  const width = Math.max(...Object.keys(results).map((name) => name.length));
  for (const [name, value] of Object.entries(results)) console.log(`${name.padEnd(width)}  ${value.toFixed(4)}`);
}
