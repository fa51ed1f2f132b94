/** What a worker thread starts with: imports the module of the study, takes the objective that it defines there, and runs trials as they come. */
import { parentPort, workerData } from 'node:worker_threads';
import { makeTrial, type RunTrial } from './study/trial.ts';
import { importModule } from './workers/load.ts';
import { setWorkerRole, type FromWorker, type ToWorker, type WorkerStart } from './workers/messages.ts';

const port = parentPort;
if (port !== null) {
  const { module, name } = workerData as WorkerStart;
  const say = (message: FromWorker): void => { port.postMessage(message); };
  const fail = (error: unknown): void => {
    const known = error instanceof Error ? error : new Error(String(error));
    say({ kind: 'failed', message: known.message, stack: known.stack ?? known.message, aborted: (known as { code?: unknown }).code === 'aborted' });
  };
  let controller = new AbortController();
  const objective = new Promise<RunTrial<unknown>>((resolve, reject) => {
    setWorkerRole({ module, name, define: resolve });
    // The module may be the whole program: it stops at its own `optimize`, which never ends in a worker. So what counts is the definition, not the end of the import.
    importModule(module).then(() => { reject(new Error(`${module} does not define a study named '${name}'. Call createStudy({ module: import.meta.url, name: ${JSON.stringify(name)}, … }) at its top level.`)); }, reject);
  });
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') { controller.abort(); return; }
    controller = new AbortController();
    const { signal } = controller, { job } = message;
    objective.then((run) => run(job.params, makeTrial(job, {
      report: (step, values) => { say({ kind: 'report', step, values: typeof values === 'number' ? values : { ...values } }); },
      note: (key, value) => { say({ kind: 'note', key, value }); },
    }, signal))).then((outcome) => { say({ kind: 'done', outcome }); }).catch(fail);
  });
  objective.catch(() => { /* told with the first trial */ });
}
