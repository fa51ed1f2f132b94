/** The page's worker: the engine lives here, so the page stays free. */
import { train } from './train.ts';

interface WorkerScope { onmessage: ((event: { data: Parameters<typeof train>[0] }) => void) | null; postMessage(message: unknown): void }
const scope = globalThis as unknown as WorkerScope;
scope.onmessage = (event) => {
  train(event.data).then((report) => { scope.postMessage({ report }); }, (error: unknown) => { scope.postMessage({ error: error instanceof Error ? error.stack : String(error) }); });
};
