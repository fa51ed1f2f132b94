/** A recommender over HTTP, and its log of events. An entry point of its own: who trains, or ranks in a page, does not load it. */
export { EventLog, type EventLogOptions, type LoggedEvent } from './eventLog.ts';
export { serve, type RecommendServer, type ServeOptions } from './serve.ts';
