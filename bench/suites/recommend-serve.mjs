/** The 30-second model over HTTP, asked by 50 connections at once. */
export const recommendServe = {
  name: 'recommend-serve',
  about: 'the 30-second model over HTTP: 3,416 items, 50 connections, lists of 10',
  rounds: 1,
  case: 'http',
  config: { users: 3000, items: 3416, events: 80, connections: 50, k: 10, warm: 3, seconds: 10 },
  engines: [{ engine: 'limelight', program: 'limelight/recommend-serve.mjs' }],
  ratios: () => [],
};
