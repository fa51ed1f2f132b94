/**
 * A recommender over HTTP: POST /recommend, /similar, /explain, /events; GET /health, /ready, /metrics. Requests are checked against schemas, events are on the disk before they are acknowledged, and
 * what they say counts at once.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { LimelightError, StateError, ValueError } from '@limelight/core';
import { loadRecommender, type Catalogue, type Recommendation, type Recommender } from '@limelight/recommend';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { EventLog, type EventLogOptions, type LoggedEvent } from './eventLog.ts';
import { Learner } from './learner.ts';
import { Metrics } from './metrics.ts';
import { schemas, type EventsBody, type ExplainBody, type Id, type RecommendBody, type SimilarBody, type Who } from './schemas.ts';

export interface ServeOptions extends Pick<EventLogOptions, 'fsync' | 'interval'> {
  /** default 8080; 0: any that is free */ readonly port?: number;
  /** default '127.0.0.1': nobody else's machine reaches it. '0.0.0.0' for all; then give a token. */ readonly host?: string;
  /** asked of every request but /health and /ready: `Authorization: Bearer …`; default: none is asked */ readonly token?: string;
  /** titles in the answers, and what the rules of a request look at; with it, licence windows always count */ readonly catalogue?: Catalogue;
  /** the log of events; default: `events.ndjson` beside the model's file; false (default for a model that was not given by its path): no events are taken */ readonly events?: string | false;
  /** seconds between updates of the model from the log; default 60; false: only when the server starts */ readonly updateSeconds?: number | false;
  /** bytes that a request may have; default 1 MiB */ readonly bodyLimit?: number;
  /** told what a person who looks after the server should know; default: nobody */ readonly onMessage?: (text: string) => void;
}
export interface RecommendServer {
  readonly url: string;
  readonly port: number;
  /** the model that answers now */ readonly model: Recommender;
  /** Takes events into the model now. */ update(): Promise<void>;
  /** Takes no more requests, finishes those under way, writes and syncs the log. */ stop(): Promise<void>;
  /** Stops at SIGTERM or SIGINT and ends the process with 0 (with 1 where that fails). */ stopOnSignals(): this;
}

const word = (id: Id): string => String(id), words = (ids: readonly Id[]): string[] => ids.map(word);
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
/** Someone asks for what is not there. */
class NotFound extends Error { readonly statusCode = 404; }

/**
 * Serves a model.
 * @param source a model, or the path of a saved one
 * @throws StateError where another process writes the log, or the port is taken; ValueError for options out of range
 */
export async function serve(source: Recommender | string, options: ServeOptions = {}): Promise<RecommendServer> {
  const { port = 8080, host = '127.0.0.1', token, catalogue, updateSeconds = 60, bodyLimit = 2 ** 20, onMessage: say = () => {} } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new ValueError(`serve: port must be a whole number from 0 to 65535, not ${port}.`);
  if (token === '') throw new ValueError('serve: the token is empty.');
  if (updateSeconds !== false && !(updateSeconds > 0)) throw new ValueError(`serve: updateSeconds must be false or above 0, not ${updateSeconds}.`);
  const path = options.events ?? (typeof source === 'string' ? join(dirname(source), 'events.ndjson') : false);
  const metrics = new Metrics(), learner = new Learner(typeof source === 'string' ? await loadRecommender(source) : source, metrics, say);
  void learner.model.log; // a model that was never fitted is refused here
  const log = path === false ? null : await EventLog.open(path, { onMessage: say, ...(options.fsync === undefined ? {} : { fsync: options.fsync }), ...(options.interval === undefined ? {} : { interval: options.interval }) });
  let stopping: Promise<void> | null = null, app: FastifyInstance | null = null;
  const stop = (): Promise<void> => stopping ??= (async () => { if (app !== null) await closeHttp(app); await learner.stop(); await log?.close(); })();
  try {
    const replayed = log === null ? 0 : await learner.replay(log.read());
    if (replayed > 0) say(`${replayed} events of ${log?.path} are in the model.`);
    await learner.model.warm();
    if (updateSeconds !== false && log !== null) learner.start(updateSeconds);
    app = build({ learner, metrics, log, catalogue, token, bodyLimit, isStopping: () => stopping !== null });
    try {
      await app.listen({ port, host });
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? new StateError(`serve: port ${port} is taken by another program. Give another one.`) : error;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const isLocal = ['127.0.0.1', '::1', 'localhost'].includes(host);
  if (!isLocal && token === undefined) say(`Anybody who reaches ${host} may ask and send events: give a token.`);
  const real = (app.server.address() as AddressInfo).port;
  const server: RecommendServer = {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${real}`, port: real, get model() { return learner.model; }, update: () => learner.update(), stop,
    stopOnSignals() {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { say(`${signal}: finishing the requests under way.`); stop().then(() => process.exit(0), (error: unknown) => { say(String(error)); process.exit(1); }); });
      return this;
    },
  };
  return server;
}

interface Parts { readonly learner: Learner; readonly metrics: Metrics; readonly log: EventLog | null; readonly catalogue: Catalogue | undefined; readonly token: string | undefined; readonly bodyLimit: number; readonly isStopping: () => boolean }

function build({ learner, metrics, log, catalogue, token, bodyLimit, isStopping }: Parts): FastifyInstance {
  // Nothing is bent into shape: a wrong type or a misspelt name is an error that says so.
  const app = Fastify({ bodyLimit, forceCloseConnections: 'idle', ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } } });
  app.removeContentTypeParser('text/plain');
  const wanted = token === undefined ? null : digest(`Bearer ${token}`);
  app.addHook('onRequest', async (request, reply) => {
    const { url } = request.routeOptions;
    if (wanted === null || url === '/health' || url === '/ready') return;
    // Digests have one length, so the comparison takes one time, whatever was sent.
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), wanted)) await reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'This server asks for its token: Authorization: Bearer …' });
  });
  app.addHook('onResponse', (request, reply, done) => { metrics.answered(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000); done(); });
  app.setNotFoundHandler((request, reply) => { void reply.code(404).send({ error: `There is no ${request.method} ${request.url.split('?')[0]}. There are POST /recommend, /similar, /explain, /events and GET /health, /ready, /metrics.` }); });
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const [status, text] = answerOf(error, bodyLimit);
    void reply.code(status).send({ error: text });
  });

  const titled = (item: string): { item: string; title?: string } => (catalogue === undefined ? { item } : { item, title: catalogue.title(item) });
  const shown = (list: readonly Recommendation[]): unknown => list.map(({ reasons, score, ...rest }) => ({ ...rest, ...titled(rest.item), score, ...(reasons === undefined ? {} : { reasons: reasons.map(({ item, weight }) => ({ ...titled(item), weight })) }) }));
  const whoOf = ({ user, history, times }: Who) => ({ ...(user === undefined ? {} : { user: word(user) }), ...(history === undefined ? {} : { history: words(history) }), ...(times === undefined ? {} : { times }) });
  const known = (id: Id): string => {
    if (learner.model.items.index(id) < 0) throw new NotFound(`The model does not know the item '${id}'.`);
    return word(id);
  };

  app.post<{ Body: RecommendBody }>('/recommend', { schema: { body: schemas.recommend } }, ({ body }, reply) => {
    const { allow, deny, k, filterSeen, reasons } = body, rules = body.rules === undefined && catalogue === undefined ? null : { ...body.rules, ...(catalogue === undefined ? {} : { catalogue }) };
    void reply.send({ model: learner.model.kind, items: shown(learner.recommend({ ...whoOf(body), ...(k === undefined ? {} : { k }), ...(filterSeen === undefined ? {} : { filterSeen }), ...(reasons === undefined ? {} : { reasons }), ...(allow === undefined ? {} : { allow: words(allow) }), ...(deny === undefined ? {} : { deny: words(deny) }), ...(rules === null ? {} : { rules }) })) });
  });
  app.post<{ Body: SimilarBody }>('/similar', { schema: { body: schemas.similar } }, ({ body }, reply) => { void reply.send({ model: learner.model.kind, items: shown(learner.model.similar(known(body.item), body.k)) }); });
  app.post<{ Body: ExplainBody }>('/explain', { schema: { body: schemas.explain } }, ({ body }, reply) => {
    const item = known(body.item), { model } = learner, history = model.historyOf(learner.requestOf(whoOf(body)));
    const parts = history.items.length === 0 ? [] : model.contributions(history, model.items.index(item));
    void reply.send({ model: model.kind, ...titled(item), contributions: parts.map(({ index, weight }) => ({ ...titled(model.items.id(history.items[index] as number)), weight })).sort((a, b) => b.weight - a.weight) });
  });
  app.post<{ Body: EventsBody }>('/events', { schema: { body: schemas.events } }, async ({ body }, reply) => {
    if (log === null) throw new NotFound('This server keeps no log of events; start it with one.');
    const now = Math.floor(Date.now() / 1000), events = body.events.map(({ user, item, time = now, event, weight }): LoggedEvent => ({ user: word(user), item: word(item), time, ...(event === undefined ? {} : { event }), ...(weight === undefined ? {} : { weight }) }));
    await log.append(events);
    learner.add(events);
    metrics.events += events.length;
    return reply.code(202).send({ accepted: events.length });
  });
  app.get('/health', (_request, reply) => { void reply.send({ status: 'ok', model: learner.model.kind }); });
  app.get('/ready', (_request, reply) => {
    const why = isStopping() ? 'stopping' : log?.problem?.message;
    void reply.code(why === undefined ? 200 : 503).send(why === undefined ? { ready: true, items: learner.model.items.size, users: learner.model.users.size, pendingEvents: learner.pending } : { ready: false, why });
  });
  app.get('/metrics', (_request, reply) => {
    const { rss, heapUsed } = process.memoryUsage();
    void reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.text({
      events_pending: [learner.pending, 'Events that the log has and the model has not.'], model_age_seconds: [(Date.now() - learner.since) / 1000, 'Since the model was loaded or updated.'], model_items: [learner.model.items.size, 'Items that the model knows.'],
      model_users: [learner.model.users.size, 'Users that the model knows.'], event_log_bytes: [log?.size ?? 0, 'Length of the event log.'], memory_resident_bytes: [rss, 'Resident memory of the process.'], memory_heap_bytes: [heapUsed, 'JavaScript heap in use.'],
    }));
  });
  return app;
}

/** ms that requests under way have to end in; then their connections are cut. */
const GRACE = 10_000;
/** Takes no more connections and waits for the requests under way. Connections that clients keep open become idle one by one; they are closed as they do. */
async function closeHttp(app: FastifyInstance): Promise<void> {
  const idle = setInterval(() => { app.server.closeIdleConnections(); }, 20), late = setTimeout(() => { app.server.closeAllConnections(); }, GRACE);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(late);
  }
}

/** Status and words for what went wrong. */
function answerOf(error: FastifyError, bodyLimit: number): readonly [status: number, text: string] {
  if (error.validation !== undefined) {
    const first = error.validation[0], extra = (first?.params as { additionalProperty?: string } | undefined)?.additionalProperty;
    return [400, `${error.validationContext ?? 'body'}${first?.instancePath ?? ''} ${first?.message ?? 'is not as it should be'}${extra === undefined ? '' : `: '${extra}' is unknown`}.`];
  }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return [413, `The body has more than ${bodyLimit} bytes.`];
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return [415, 'Send JSON: content-type: application/json.'];
  if (error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return [400, 'The body is empty; send JSON.'];
  if (error instanceof SyntaxError || error.code === 'FST_ERR_CTP_INVALID_JSON_BODY') return [400, 'The body is no JSON.'];
  if (error instanceof ValueError) return [400, error.message];
  if (error instanceof StateError) return [503, error.message];
  if (error.statusCode !== undefined && error.statusCode < 500) return [error.statusCode, error.message];
  return [500, error instanceof LimelightError ? error.message : 'The server failed at this request.'];
}
