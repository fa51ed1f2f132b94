import { describe, expect, it } from 'vitest';
import { Interactions } from './interactions.ts';
import { Vocabulary } from './vocabulary.ts';

const ids = (log: Interactions, user: string): string[] => Array.from(log.history(log.users.index(user)).items, (item) => log.items.id(item));

describe('Vocabulary', () => {
  it('numbers ids by first appearance', () => {
    const words = Vocabulary.of(['b', 'a', 'b', 7]);
    expect(words.ids).toEqual(['b', 'a', '7']);
    expect([words.index('a'), words.index(7), words.index('x'), words.add('x'), words.id(3)]).toEqual([1, 2, -1, 3, 'x']);
    expect(() => words.id(9)).toThrow(/numbers are 0 to 3, not 9/);
  });
  it('maps and joins', () => {
    const a = Vocabulary.of(['x', 'y']), b = Vocabulary.of(['y', 'z']);
    expect([...a.mapping(b)]).toEqual([1, -1]);
    expect(a.joined(b).ids).toEqual(['x', 'y', 'z']);
    expect(a.ids).toEqual(['x', 'y']);
    expect(a.joined(Vocabulary.of(['y']))).toBe(a);
  });
});

describe('Interactions', () => {
  it('sorts by user and time, and keeps the order of equal times', () => {
    const log = Interactions.from({ user: ['b', 'a', 'b', 'a', 'b', 'b'], item: [1, 2, 3, 4, 5, 6], time: [9, 2, 5, 1, 5, 9], weight: [1, 2, 3, 4, 5, 6] });
    expect(log.users.ids).toEqual(['b', 'a']);
    expect(ids(log, 'b')).toEqual(['3', '5', '1', '6']);
    expect(ids(log, 'a')).toEqual(['4', '2']);
    expect([...log.time]).toEqual([5, 5, 9, 9, 1, 2]);
    expect([...(log.weight ?? [])]).toEqual([3, 5, 1, 6, 4, 2]);
    expect([...log.starts]).toEqual([0, 4, 6]);
    expect([...log.counts]).toEqual([1, 1, 1, 1, 1, 1]);
    expect(log.span).toEqual([1, 9]);
  });
  it('takes rows without times as they come', () => {
    const log = Interactions.from({ user: ['b', 'a', 'b'], item: ['x', 'y', 'z'] });
    expect(log.timed).toBe(false);
    expect(log.history(0).times).toBe(null);
    expect(ids(log, 'b')).toEqual(['x', 'z']);
    expect([...log.time]).toEqual([0, 2, 1]);
  });
  it('reads sequences, with the numbers of another log', () => {
    const log = Interactions.fromSequences([[3, 1], [1]], { items: Vocabulary.of(['1', '2']) });
    expect(log.items.ids).toEqual(['1', '2', '3']);
    expect([...log.item]).toEqual([2, 0, 0]);
    expect(log.users.ids).toEqual(['1', '2']);
  });
  it('joins logs by id', () => {
    const log = Interactions.from({ user: ['a', 'b'], item: ['x', 'y'], time: [5, 6], event: ['view', 'like'] }), more = Interactions.from({ user: ['c', 'a'], item: ['z', 'y'], time: [7, 4], event: ['like', 'skip'] });
    const both = log.concat(more);
    expect(both.users.ids).toEqual(['a', 'b', 'c']);
    expect(both.items.ids).toEqual(['x', 'y', 'z']);
    expect(ids(both, 'a')).toEqual(['y', 'x']);
    expect(Array.from(both.event ?? [], (n) => both.events[n])).toEqual(['skip', 'view', 'like', 'like']);
    expect(log.items.size).toBe(2);
    expect(() => log.concat(Interactions.fromSequences([['x']]))).toThrow(/one of the two logs/i);
  });
  it('filters', () => {
    const log = Interactions.from({ user: ['a', 'b', 'a'], item: ['x', 'y', 'z'], time: [1, 2, 3], watched: [10, 20, 30] }), some = log.filter((row) => (log.time[row] ?? 0) > 1);
    expect(ids(some, 'a')).toEqual(['z']);
    expect(some.items).toBe(log.items);
    expect([...(some.watched ?? [])]).toEqual([30, 20]);
  });
  it('refuses what it cannot use, naming the row', () => {
    expect(() => Interactions.from({ user: ['a', 'b'], item: ['x'] })).toThrow(/'item' has 1 rows, but 'user' has 2/);
    expect(() => Interactions.from({ user: ['a', ''], item: ['x', 'y'] })).toThrow(/Row 2 of the log has no user/);
    expect(() => Interactions.from({ user: ['a'], item: ['x'], time: [-1] })).toThrow(/Row 1 .* negative time \(-1\)/);
    expect(() => Interactions.from({ user: ['a'], item: ['x'], time: [Number.NaN] })).toThrow(/Row 1 .* no time/);
    expect(() => Interactions.from({ user: ['a'], item: ['x'], time: [1_700_000_000_000] })).toThrow(/divide milliseconds by 1,000/);
    expect(() => Interactions.from({ user: ['a'], item: ['x'], time: [1] }).history(1)).toThrow(/numbers are 0 to 0/);
    expect(() => new Interactions({ users: Vocabulary.of(['a']), items: Vocabulary.of(['x']), user: Int32Array.of(0), item: Int32Array.of(1), time: null })).toThrow(/item number 1/);
  });
});
