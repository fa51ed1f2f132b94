import { Interactions, type Recommender } from '@limelight/recommend';
import type { LoggedEvent } from './eventLog.ts';

/** Events as rows that the model can take in: with times where its log has some, else in their order. */
export function rowsOf(events: readonly LoggedEvent[], model: Recommender): Interactions {
  const { log } = model;
  return Interactions.from({
    user: events.map(({ user }) => user), item: events.map(({ item }) => item), ...(log.timed ? { time: events.map(({ time }) => time) } : {}),
    ...(log.weight === null ? {} : { weight: events.map(({ weight = 1 }) => weight) }),
  });
}
