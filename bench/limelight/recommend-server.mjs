// The server of the suite recommend-serve, in a process of its own: fits the 30-second model on a generated log and serves it; prints its URL and the ids to ask for.
import { generateLog, quick } from '@limelight/recommend';
import { serve } from '@limelight/recommend/serve';
import { config } from '../lib/child.mjs';

const { log } = generateLog({ users: config.users, items: config.items, events: config.events, seed: 1 });
const model = quick();
const { seconds } = await model.fit(log);
const server = (await serve(model, { port: 0, events: config.log, updateSeconds: config.updateSeconds ?? false })).stopOnSignals();
console.log(JSON.stringify({ port: server.port, seconds, items: log.items.ids }));
