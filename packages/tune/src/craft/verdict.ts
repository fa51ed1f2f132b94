/** What the over-fitting doctor calls what it saw, and the thresholds by which it does. */
import type { Logs } from '@limelight/core';

export type Verdict = 'over-fitting' | 'under-fitting' | 'diverged' | 'fine';

/** Rules of thumb, not statistics; each is strict (a value at the threshold is not beyond it). */
export const THRESHOLDS = {
  /** Validation loss over training loss. Fifteen per cent: two halves of a few hundred samples differ by a few per cent by chance alone. */ lossRatio: 1.15,
  /** The ratio that needs no rise of the curve (a run that was stopped early, or has long been flat). */ lossRatioAlone: 1.5,
  /** Rise of the validation loss since its best epoch: below three per cent it is the noise between epochs. */ rise: 0.03,
  /** Accuracy on training minus that on validation which, with `lossRatioAlone`, is over-fitting: about two standard errors of 500 samples at 90 %. */ accuracyGap: 0.03,
  /** Smaller gaps do no harm that a user would see, however the loss goes … */ feltGap: 0.02,
  /** … unless the loss rose by a quarter: then the probabilities are spoilt, though the classes are not. */ feltRise: 0.25,
  /** Training accuracy under which a model of classes is too weak. Of problems whose best possible accuracy is lower (noisy labels, many classes) it says nothing. */ weakAccuracy: 0.85,
  /** Still learning: the training loss fell below this share of that two epochs before … */ stillFalling: 0.9,
  /** … and the validation loss is this near to its lowest. */ stillRise: 0.005,
  /** Epochs before "still learning" is said: over fewer every loss falls. */ leastEpochs: 3,
} as const;

export interface Seen {
  /** logs of the model as it is, without dropout */ readonly training: Logs;
  readonly validation: Logs;
  /** training losses by epoch */ readonly losses: readonly number[];
  readonly valLosses: readonly number[];
  /** last validation loss over the lowest, minus 1 */ readonly rise: number;
  /** accuracies, or losses where the model has no accuracy */ readonly gap: { readonly metric: string; readonly training: number; readonly validation: number };
}

/**
 * diverged: a loss is not finite. over-fitting: the losses are apart, validation has turned up, and it is felt; or they are far apart (and, with an accuracy, so is that).
 * under-fitting: too weak on what it was trained on, or stopped while both losses still fell. Else fine. The first that holds.
 */
export function judge({ training, validation, losses, valLosses, rise, gap }: Seen): Verdict {
  const t = THRESHOLDS, own = training['loss'] ?? Number.NaN, other = validation['loss'] ?? Number.NaN, classes = gap.metric !== 'loss', apart = gap.training - gap.validation;
  if (![own, other, ...losses].every(Number.isFinite)) return 'diverged';
  const felt = !classes || apart > t.feltGap || rise > t.feltRise;
  if ((other > t.lossRatio * own && rise > t.rise && felt) || (other > t.lossRatioAlone * own && (!classes || apart > t.accuracyGap))) return 'over-fitting';
  if (classes && gap.training < t.weakAccuracy) return 'under-fitting';
  const falling = losses.length >= t.leastEpochs && (losses.at(-1) ?? 0) < t.stillFalling * (losses.at(-3) ?? 0);
  return valLosses.length >= t.leastEpochs && falling && rise < t.stillRise && other < t.lossRatio * own ? 'under-fitting' : 'fine';
}
