/** The page: trains in a worker or (to show that it works) on itself, and measures how long its own event loop was held up. */
import { train, type Report } from './train.ts';

type Options = Parameters<typeof train>[0];
export interface PageReport { readonly report: Report; /** ms between turns of a 10 ms timer, longest and median */ readonly longest: number; readonly median: number; readonly warnings: readonly string[] }
interface PageWorker { postMessage(message: unknown): void; onmessage: ((event: { data: { report?: Report; error?: string } }) => void) | null; onerror: ((event: { message: string }) => void) | null; terminate(): void }
interface Scope { Worker: new (url: string, options: { type: 'module' }) => PageWorker; runInWorker?: (options: Options) => Promise<PageReport>; runHere?: (options: Options) => Promise<PageReport> }
const scope = globalThis as unknown as Scope;

async function measured(run: () => Promise<Report>): Promise<PageReport> {
  const gaps: number[] = [], warnings: string[] = [], { warn } = console;
  console.warn = (...parts: unknown[]) => { warnings.push(parts.join(' ')); };
  let last = performance.now();
  const timer = setInterval(() => { const now = performance.now(); gaps.push(now - last); last = now; }, 10);
  try {
    const report = await run();
    gaps.push(performance.now() - last);
    const sorted = gaps.sort((a, b) => a - b);
    return { report, longest: sorted.at(-1) ?? 0, median: sorted[sorted.length >> 1] ?? 0, warnings };
  } finally {
    clearInterval(timer);
    console.warn = warn;
  }
}

scope.runInWorker = (options) => measured(() => new Promise((resolve, reject) => {
  const worker = new scope.Worker('/worker.js', { type: 'module' });
  worker.onmessage = ({ data }) => {
    if (data.report === undefined) reject(new Error(data.error ?? 'no report')); else resolve(data.report);
    worker.terminate();
  };
  worker.onerror = (event) => { reject(new Error(event.message)); };
  worker.postMessage(options);
}));
scope.runHere = (options) => measured(() => train(options));
