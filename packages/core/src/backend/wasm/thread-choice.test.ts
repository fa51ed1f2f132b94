import { describe, expect, it } from 'vitest';
import { ThreadChoice } from './thread-choice.ts';

/** Runs with the given times and says how often each mode was used. */
function use(choice: ThreadChoice, runs: number, together: number, alone: number): { together: number; alone: number } {
  const used = { together: 0, alone: 0 };
  for (let i = 0; i < runs; i++) {
    const mode = choice.together ? 'together' : 'alone';
    used[mode]++;
    choice.report(mode === 'together' ? together : alone);
  }
  return used;
}

describe('choice of threads', () => {
  it('keeps to all threads where they are faster, and tries the other mode ever more rarely', () => {
    const choice = new ThreadChoice();
    expect(use(choice, 10_000, 0.5, 0.9).alone).toBeLessThan(60);
  });
  it('leaves them where one thread is faster', () => {
    const choice = new ThreadChoice();
    expect(use(choice, 10_000, 1.2, 0.6).together).toBeLessThan(240);
  });
  it('notices within few runs that the machine has become busy, and that it is idle again', () => {
    const choice = new ThreadChoice();
    use(choice, 5000, 0.5, 0.9);
    expect(use(choice, 400, 1.8, 0.9).together).toBeLessThan(100);
    expect(use(choice, 5000, 0.5, 0.9).together).toBeGreaterThan(2500);
  });
  it('is not turned by one unlucky stretch of time', () => {
    const choice = new ThreadChoice();
    use(choice, 40, 0.5, 0.9);
    // one trial of one thread falls into a stretch in which two are slow
    let alone = 0;
    for (let i = 0; i < 2000; i++) {
      const slow = i >= 10 && i < 40;
      if (!choice.together) alone++;
      choice.report(choice.together ? (slow ? 2 : 0.5) : 0.9);
    }
    expect(alone).toBeLessThan(60);
  });
  it('does not try one thread on long programs', () => {
    expect(use(new ThreadChoice(), 500, 40, 80).alone).toBe(0);
  });
});
