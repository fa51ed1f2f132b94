import { describe, expect, it } from 'vitest';
import { threefry2x32 } from '../ir/table/threefry.ts';
import { hostRandom } from './host-random.ts';

describe('the host stream', () => {
  it.each([[0, 0], [1, 2], [0xffffffff, 0x80000000]] as const)('has the words of the table (key %d, %d)', (k0, k1) => {
    const random = hostRandom([k0, k1]);
    for (let i = 0; i < 700; i++) expect([random.word(), random.word()]).toEqual(threefry2x32(k0, k1, 0, i));
  });
  it('draws whole numbers evenly, and numbers within their range', () => {
    const random = hostRandom([3, 4]), counts = [0, 0, 0];
    for (let i = 0; i < 3000; i++) {
      const n = random.below(3), u = random.unit();
      counts[n] = (counts[n] ?? 0) + 1;
      expect(u >= 0 && u < 1).toBe(true);
    }
    // five standard deviations of a third of 3,000
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(3000 * (2 / 9)));
  });
});
