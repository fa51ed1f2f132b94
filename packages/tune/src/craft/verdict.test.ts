import { describe, expect, it } from 'vitest';
import { judge, THRESHOLDS as t, type Seen, type Verdict } from './verdict.ts';

/** A model that has learned and stands still, changed in what is named. */
const seen = (own: number, other: number, change: Partial<Seen> = {}): Seen => ({ training: { loss: own }, validation: { loss: other }, losses: [2, 1, 1, 1], valLosses: [2, 1, 1, 1], rise: 0, gap: { metric: 'loss', training: own, validation: other }, ...change });
const accuracy = (training: number, validation: number): Seen['gap'] => ({ metric: 'accuracy', training, validation });
const step = 1e-6;

describe('the verdict', () => {
  it.each<readonly [string, Seen, Verdict, Seen, Verdict]>([
    ['loss ratio, of a curve that rises', seen(1, t.lossRatio, { rise: 0.1 }), 'fine', seen(1, t.lossRatio + step, { rise: 0.1 }), 'over-fitting'],
    ['rise, of losses that are apart', seen(1, 1.2, { rise: t.rise }), 'fine', seen(1, 1.2, { rise: t.rise + step }), 'over-fitting'],
    ['loss ratio alone', seen(1, t.lossRatioAlone), 'fine', seen(1, t.lossRatioAlone + step), 'over-fitting'],
    ['gap of accuracy, of losses far apart', seen(1, 2, { gap: accuracy(t.accuracyGap, 0) }), 'under-fitting', seen(1, 2, { gap: accuracy(t.accuracyGap + step, 0) }), 'over-fitting'],
    ['gap that is felt', seen(1, 1.2, { rise: 0.1, gap: accuracy(1, 1 - t.feltGap + step) }), 'fine', seen(1, 1.2, { rise: 0.1, gap: accuracy(1, 1 - t.feltGap - step) }), 'over-fitting'],
    ['rise that is felt', seen(1, 1.2, { rise: t.feltRise, gap: accuracy(0.95, 0.95) }), 'fine', seen(1, 1.2, { rise: t.feltRise + step, gap: accuracy(0.95, 0.95) }), 'over-fitting'],
    ['weak accuracy', seen(1, 1, { gap: accuracy(t.weakAccuracy, 0.84) }), 'fine', seen(1, 1, { gap: accuracy(t.weakAccuracy - step, 0.84) }), 'under-fitting'],
    ['loss that still falls', seen(1, 1, { losses: [2, 1, 1, t.stillFalling] }), 'fine', seen(1, 1, { losses: [2, 1, 1, t.stillFalling - step] }), 'under-fitting'],
    ['rise while it falls', seen(1, 1, { losses: [4, 3, 2, 1], rise: t.stillRise }), 'fine', seen(1, 1, { losses: [4, 3, 2, 1], rise: t.stillRise - step }), 'under-fitting'],
    ['loss ratio while it falls', seen(1, t.lossRatio, { losses: [4, 3, 2, 1] }), 'fine', seen(1, t.lossRatio - step, { losses: [4, 3, 2, 1] }), 'under-fitting'],
    ['epochs', seen(1, 1, { losses: [2, 1], valLosses: [2, 1] }), 'fine', seen(1, 1, { losses: [3, 2, 1], valLosses: [3, 2, 1] }), 'under-fitting'],
    ['what is finite', seen(1e30, 1e30), 'fine', seen(1, 1, { losses: [1, Infinity] }), 'diverged'],
  ])('%s: at the threshold, and beyond', (_name, at, first, beyond, second) => { expect([judge(at), judge(beyond)]).toEqual([first, second]); });
});
