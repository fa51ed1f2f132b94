/**
 * The control block: the few words in shared memory through which threads meet. Index = i32 word from the start of the block; words that different
 * threads write often have cache lines of their own.
 */

/** i32 word indices. */
export const WORDS = {
  /** What to do now: sequence · 4096 + (program slot + 1); the low part 0 means: look at `posted`. One word, so that it is read whole. */
  epoch: 0,
  /** workers that sleep on `epoch` */
  sleeping: 16,
  /** threads that have arrived at the barrier */
  barrierCount: 32,
  /** changes when a barrier opens */
  barrierGeneration: 48,
  /** threads that sleep on `barrierGeneration` */
  barrierSleeping: 64,
  /** not 0: a thread failed; nobody may wait for it */
  abort: 80,
  /** failed or stopped workers that will touch memory no more */
  parked: 81,
  /** messages that were or will be posted to every worker */
  posted: 96,
  /** first of MAX_THREADS words: messages that worker t has worked off */
  done: 112,
  /** length of the error text, then its characters, one in each word */
  error: 176,
} as const;

export const MAX_THREADS = 64;
export const MAX_ERROR = 160;
export const CONTROL_BYTES = (WORDS.error + 1 + MAX_ERROR) * 4;
/** Program slots that one epoch word can name. */
export const MAX_SLOTS = 4095;
export const SLOT_BITS = 12;
