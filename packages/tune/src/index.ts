/** Choosing, tuning and validating networks. */
export { boolean, choice, fixed, float, int, scope, type Choice, type Distribution, type Parameter, type Params, type Space } from './space/parameters.ts';
export type { Suggest } from './space/space.ts';
export { createStudy, Study, type StudyOptions, type TrialResult } from './study/study.ts';
export type { OptimizeOptions } from './study/runner.ts';
export type { Outcome, RunTrial, Trial, TrialEvents, TrialJob } from './study/trial.ts';
export { directionOf, paretoRanks, type Direction, type Goal, type ObjectiveLike } from './study/objective.ts';
export type { TrialRecord, TrialState } from './study/record.ts';
export { grid } from './samplers/grid.ts';
export { random } from './samplers/random.ts';
export { tpe, type TpeOptions } from './samplers/tpe.ts';
export type { Sampler, SamplerContext, SamplerLike } from './samplers/sampler.ts';
export { hyperband, successiveHalving, type HalvingOptions } from './schedulers/halving.ts';
export type { Decision, Scheduler, SchedulerLike, ScheduleView } from './schedulers/scheduler.ts';
export { deviation, holm, mean, median, pairedTest, summarize, type PairedTest, type Summary } from './stats/statistics.ts';
