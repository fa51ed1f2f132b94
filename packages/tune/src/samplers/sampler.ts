/** What chooses the values of the next trial. */
import { NameError } from '@limelight/core';
import type { Space } from '../space/parameters.ts';
import type { Suggest } from '../space/space.ts';
import type { Goal } from '../study/objective.ts';
import type { TrialRecord } from '../study/record.ts';
import { grid } from './grid.ts';
import { random } from './random.ts';
import { tpe } from './tpe.ts';

export interface SamplerContext {
  readonly goals: readonly Goal[];
  /** all trials so far */ readonly trials: readonly TrialRecord[];
  /** of the new trial */ readonly number: number;
  /** of the study */ readonly seed: number;
}
export interface Sampler {
  readonly name: string;
  /** how many different trials there are; null: no end */
  size(space: Space): number | null;
  /** How the values of the new trial are chosen. Must follow from the context alone, so that a resumed study chooses the same. */
  begin(space: Space, context: SamplerContext): Suggest;
}

/** A sampler, or its name with its defaults. */
export type SamplerLike = 'random' | 'grid' | 'tpe' | Sampler;
const TABLE = { random, grid, tpe } as const satisfies Record<string, () => Sampler>;
export function getSampler(like: SamplerLike): Sampler {
  if (typeof like !== 'string') return like;
  if (!(like in TABLE)) throw new NameError('sampler', like, Object.keys(TABLE));
  return TABLE[like]();
}
