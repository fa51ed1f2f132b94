/** The entry for Node: everything, and what only Node can do. */
import { bringTurbo } from './backend/wasm/features.ts';
import { turbo } from './backend/wasm/turbo.ts';

bringTurbo(turbo);

export * from './index.ts';
