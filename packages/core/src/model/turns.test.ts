import { afterEach, describe, expect, it, vi } from 'vitest';
import { AbortedError } from '../base/errors.ts';
import { nextTurn, throwIfAborted, TurnTaker } from './turns.ts';

afterEach(() => { vi.unstubAllGlobals(); });

describe('turns', () => {
  for (const [name, hide] of [['setImmediate', false], ['a message channel', true]] as const) {
    it(`lets timers run (${name})`, async () => {
      if (hide) vi.stubGlobal('setImmediate', undefined);
      let fired = false;
      setTimeout(() => { fired = true; }, 0);
      const end = performance.now() + 500;
      while (!fired && performance.now() < end) await nextTurn();
      expect(fired).toBe(true);
    });
  }
  it('are due after their time', async () => {
    const taker = new TurnTaker(20);
    expect(taker.due).toBe(false);
    await new Promise((resolve) => { setTimeout(resolve, 25); });
    expect(taker.due).toBe(true);
    await taker.take();
    expect(taker.due).toBe(false);
  });
  it('an aborted signal throws, with the reason', () => {
    throwIfAborted(undefined);
    expect(() => { throwIfAborted(AbortSignal.abort()); }).toThrow(AbortedError);
    expect(() => { throwIfAborted(AbortSignal.abort(new Error('no time'))); }).toThrow(/no time/);
  });
});
