import { describe, expect, it, vi } from 'vitest';
import { ProgramCache, signatureOf } from './cache.ts';

describe('ProgramCache', () => {
  it('makes each program once and releases the least recently used', () => {
    const cache = new ProgramCache<{ release(): void; key: string }>(2), released: string[] = [];
    const make = vi.fn((key: string) => ({ key, release: () => { released.push(key); } }));
    const get = (key: string): string => cache.get(key, () => make(key)).key;
    expect(['a', 'b', 'a', 'c', 'a', 'c'].map(get)).toEqual(['a', 'b', 'a', 'c', 'a', 'c']);
    expect(make).toHaveBeenCalledTimes(3);
    expect(released).toEqual(['b']);
    cache.clear();
    expect(released).toEqual(['b', 'a', 'c']);
    expect(cache.size).toBe(0);
  });
  it('keeps nothing when making fails', () => {
    const cache = new ProgramCache(2);
    expect(() => cache.get('a', () => { throw new Error('no'); })).toThrow('no');
    expect(cache.size).toBe(0);
  });
});

describe('signatureOf', () => {
  it('tells shapes, dtypes, their order and the mode apart', () => {
    const texts = [
      signatureOf([{ shape: [2, 3], dtype: 'f32' }]), signatureOf([{ shape: [23], dtype: 'f32' }]), signatureOf([{ shape: [2, 3], dtype: 'i32' }]),
      signatureOf([{ shape: [2], dtype: 'f32' }, { shape: [3], dtype: 'f32' }]), signatureOf([{ shape: [3], dtype: 'f32' }, { shape: [2], dtype: 'f32' }]),
      signatureOf([]), signatureOf([{ shape: [], dtype: 'f32' }]), signatureOf([], 'train'),
    ];
    expect(new Set(texts).size).toBe(texts.length);
    expect(signatureOf([{ shape: [2, 3], dtype: 'f32' }], 'x')).toBe(signatureOf([{ shape: [2, 3], dtype: 'f32' }], 'x'));
  });
});
