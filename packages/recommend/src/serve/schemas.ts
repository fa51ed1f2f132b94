/** What requests may hold. */
import type { Rules } from '@limelight/recommend';

const id = { anyOf: [{ type: 'string', minLength: 1, maxLength: 512 }, { type: 'integer' }] } as const;
const ids = (most: number) => ({ type: 'array', items: id, maxItems: most }) as const;
const object = (properties: Record<string, unknown>, required: readonly string[] = []) => ({ type: 'object', properties, required, additionalProperties: false }) as const;
const times = { type: 'array', items: { type: 'number', minimum: 0, maximum: 4_102_444_800 }, maxItems: 10_000 } as const, who = { user: id, history: ids(10_000), times } as const;
const k = { type: 'integer', minimum: 1, maximum: 1000 } as const;

const share = { type: 'number', minimum: 0, maximum: 1 } as const;
const rules = object({ now: { anyOf: [{ type: 'number', minimum: 0 }, { const: false }] }, age: { type: 'number', minimum: 0 }, maxPerFranchise: { type: 'integer', minimum: 1 }, diversity: share, exploration: share, seed: { type: 'integer' } });

export const schemas = {
  recommend: object({ ...who, k, filterSeen: { type: 'boolean' }, allow: ids(100_000), deny: ids(100_000), rules, reasons: { anyOf: [{ type: 'boolean' }, { type: 'integer', minimum: 0, maximum: 20 }] } }),
  similar: object({ item: id, k }, ['item']),
  explain: object({ ...who, item: id }, ['item']),
  events: object({ events: { type: 'array', minItems: 1, maxItems: 10_000, items: object({ user: id, item: id, time: times.items, event: { type: 'string', minLength: 1, maxLength: 64 }, weight: { type: 'number' } }, ['user', 'item']) } }, ['events']),
} as const;

export type Id = string | number;
export interface Who { readonly user?: Id; readonly history?: readonly Id[]; readonly times?: readonly number[] }
export interface RecommendBody extends Who { readonly k?: number; readonly filterSeen?: boolean; readonly allow?: readonly Id[]; readonly deny?: readonly Id[]; readonly rules?: Omit<Rules, 'catalogue'>; readonly reasons?: boolean | number }
export interface SimilarBody { readonly item: Id; readonly k?: number }
export interface ExplainBody extends Who { readonly item: Id }
export interface EventsBody { readonly events: readonly { readonly user: Id; readonly item: Id; readonly time?: number; readonly event?: string; readonly weight?: number }[] }
