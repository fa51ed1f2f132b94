/**
 * The model that answers, and how events come into it. An event counts at once as part of its user's history; every so often the model itself is updated with the new rows, in a thread of its own, and
 * put in place by one assignment, so that a request sees the old model or the new one.
 */
import { Worker } from 'node:worker_threads';
import { loadRecommender, type Recommendation, type Recommender, type Request } from '@limelight/recommend';
import type { LoggedEvent } from './eventLog.ts';
import type { Metrics } from './metrics.ts';
import { rowsOf } from './rows.ts';
import type { FromWorker, ToWorker } from './worker.ts';

/** Recent events of users that are kept until the model has them: of so many users, so many each. */
const USERS = 100_000, EVENTS = 200;
/** Built, there is a module for the thread; from the sources updates run here. */
const workerUrl = import.meta.url.endsWith('.ts') ? null : new URL('./worker.js', import.meta.url);

export class Learner {
  #model: Recommender;
  /** when the model was loaded or last updated, ms */
  since = Date.now();
  #pending: LoggedEvent[] = [];
  #recent = new Map<string, { items: string[]; times: number[] }>();
  #worker: Worker | null = null;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  readonly #metrics: Metrics;
  readonly #say: (text: string) => void;

  constructor(model: Recommender, metrics: Metrics, say: (text: string) => void) {
    this.#model = model;
    this.#metrics = metrics;
    this.#say = say;
  }
  get model(): Recommender { return this.#model; }
  get pending(): number { return this.#pending.length; }

  /** Takes in all events of a log before requests come. */
  async replay(events: AsyncIterable<LoggedEvent>): Promise<number> {
    const all: LoggedEvent[] = [];
    for await (const event of events) all.push(event);
    if (all.length > 0) await this.#model.update(rowsOf(all, this.#model));
    return all.length;
  }
  /** Updates every so many seconds, where there is something new. */
  start(seconds: number): void {
    this.#timer = setInterval(() => { void this.update(); }, seconds * 1000);
    this.#timer.unref();
  }
  /** Events that the log has. */
  add(events: readonly LoggedEvent[]): void {
    for (const event of events) { this.#pending.push(event); this.#remember(event); }
  }
  #remember({ user, item, time }: LoggedEvent): void {
    let own = this.#recent.get(user);
    if (own === undefined) {
      if (this.#recent.size >= USERS) for (const [oldest] of this.#recent) { this.#recent.delete(oldest); break; }
      this.#recent.set(user, own = { items: [], times: [] });
    }
    own.items.push(item);
    own.times.push(time);
    if (own.items.length > EVENTS) { own.items.shift(); own.times.shift(); }
  }

  /** The request with what its user has watched since the model learnt. */
  requestOf<R extends Pick<Request, 'user' | 'history' | 'times'>>(request: R): R {
    const own = request.user === undefined ? undefined : this.#recent.get(request.user);
    if (own === undefined || request.user === undefined) return request;
    const known = this.#model.users.index(request.user), past = known < 0 ? null : this.#model.log.history(known), { user: _, ...rest } = request;
    const history = [...(past === null ? [] : Array.from(past.items, (item) => this.#model.items.id(item))), ...own.items];
    return { ...rest, history, ...(past === null ? { times: own.times } : past.times === null ? {} : { times: [...past.times, ...own.times] }) } as unknown as R;
  }
  recommend(request: Request): Recommendation[] { return this.#model.recommend(this.requestOf(request)); }

  /** Takes what is new into the model. A failure is told; the model before stays, and the events wait for the next time. */
  update(): Promise<void> {
    if (this.#pending.length === 0) return Promise.resolve();
    return this.#running ??= this.#update().finally(() => { this.#running = null; });
  }
  async #update(): Promise<void> {
    const count = this.#pending.length, events = this.#pending.slice(), started = performance.now();
    try {
      const next = workerUrl === null ? await this.#copyWith(events) : await this.#byWorker(workerUrl, events);
      await next.warm();
      this.#model = next;
    } catch (error) {
      this.#metrics.updateFailures++;
      this.#say(`The update with ${count} events failed, the model stays as it was: ${(error as Error).message}`);
      return;
    }
    this.#pending.splice(0, count);
    this.#recent = new Map();
    for (const event of this.#pending) this.#remember(event);
    this.since = Date.now();
    this.#metrics.updates++;
    this.#say(`The model has ${count} more events (${((performance.now() - started) / 1000).toFixed(2)} s).`);
  }
  async #copyWith(events: readonly LoggedEvent[]): Promise<Recommender> {
    const next = await loadRecommender(await this.#model.toBytes());
    await next.update(rowsOf(events, next));
    return next;
  }
  async #byWorker(url: URL, events: readonly LoggedEvent[]): Promise<Recommender> {
    if (this.#worker === null) {
      this.#worker = new Worker(url);
      this.#worker.unref();
      this.#worker.postMessage({ model: await this.#model.toBytes() } satisfies ToWorker);
    }
    const worker = this.#worker;
    try {
      return await loadRecommender(await new Promise<Uint8Array>((resolve, reject) => {
        const done = (): void => { worker.off('message', message); worker.off('error', failed); worker.off('exit', ended); };
        const message = (answer: FromWorker): void => { done(); if ('bytes' in answer) resolve(answer.bytes); else reject(new Error(answer.error)); };
        const failed = (error: Error): void => { done(); reject(error); }, ended = (): void => { done(); reject(new Error('the thread of updates ended')); };
        worker.on('message', message);
        worker.on('error', failed);
        worker.on('exit', ended);
        worker.postMessage({ events } satisfies ToWorker);
      }));
    } catch (error) {
      this.#worker = null; // the next update begins with the model that answers
      await worker.terminate();
      throw error;
    }
  }
  /** Ends the thread; events that the model lacks are in the log. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#worker?.terminate();
  }
}
