/**
 * All threads, or one? On an idle machine a program runs faster on all of them; on a busy one, where a thread waits for its turn while the others
 * wait at a barrier, it can run slower than alone. Results are the same bits either way, so each program tries both now and then and keeps to what
 * is faster: the worst case is what one thread would take, plus the trials.
 *
 * Measured on two cores with a third busy process: an epoch of MNIST took 1.2 s on two threads and 0.65 s on one; with the choice, about the latter.
 */

/** Runs of a trial, in the mode that is not in use. */
const TRIAL = 4;
/** Runs between trials: doubled each time that a trial changes nothing; on one thread the other mode is tried again soon, since the machine may be free by now. */
const FIRST = 32, LONGEST = 2048, LONGEST_ALONE = 256;
/** Trials in a row that must speak for one thread: a single one may have met a pause of the machine. */
const VOTES = 2;
/** The other mode must be better by this factor to be taken. */
const BETTER = 0.93;
/** Runs that are this much slower than when they were last compared call for a new trial. */
const WORSE = 1.35;
/** Longer programs outlast the pauses that other processes cause; they always take all threads. In ms. */
const LONG = 25;

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1] ?? 0;

export class ThreadChoice {
  /** whether the next run takes all threads */
  together = true;
  private readonly recent: number[] = [];
  private readonly trial: number[] = [];
  private trying = false;
  private wait = FIRST;
  private count = 0;
  private settled = Infinity;
  private votes = 0;

  /** Told after each run how long it took, in ms. */
  report(ms: number): void {
    if (this.trying) { this.tried(ms); return; }
    const slot = this.count++ % 16;
    this.recent[slot] = ms;
    if (this.count < this.wait && !(slot === 15 && this.count > 16 && median(this.recent) > this.settled * WORSE)) return;
    if (this.together && ms > LONG) { this.count = 0; return; }
    this.trying = true;
    this.together = !this.together;
    this.trial.length = 0;
  }
  private tried(ms: number): void {
    this.trial.push(ms);
    if (this.trial.length < TRIAL) return;
    // The first run in another mode meets cold caches and sleeping threads.
    const other = median(this.trial.slice(1)), own = median(this.recent), better = other < own * BETTER;
    // while a trial runs, `together` is the mode that is tried
    const toAlone = !this.together;
    this.votes = better ? this.votes + 1 : 0;
    const changes = better && (!toAlone || this.votes >= VOTES);
    if (!changes) this.together = toAlone;
    else this.votes = 0;
    this.settled = changes ? other : own;
    this.wait = better ? FIRST : Math.min(this.together ? LONGEST : LONGEST_ALONE, this.wait * 2);
    this.trying = false;
    this.count = 0;
    this.recent.length = 0;
  }
}
