/**
 * Confident learning (Northcutt, Jiang and Chuang 2021): which labels are wrong, from probabilities that a model gave for samples it had not learned.
 *
 * A sample counts as surely of class j where its probability of j reaches the mean that samples labelled j have. Counting (given label, sure
 * class) and scaling each row to the number of its labels estimates the joint distribution of given and true labels. From each cell off the
 * diagonal as many samples are suspects as the estimate says: those with the largest margin between the two probabilities.
 */

export interface Suspect { readonly row: number; readonly given: number; readonly suggested: number; readonly givenP: number; readonly suggestedP: number }
export interface ConfidentLabels {
  /** estimated counts [given][true] */
  readonly joint: number[][];
  /** the surest first: by the margin between the suggested and the given label's probability */
  readonly suspects: Suspect[];
  /** estimated share of wrong labels */
  readonly noise: number;
}

/**
 * @param probabilities [rows, classes], out of fold
 * @param labels class of each row; -1 is left out
 */
export function confidentLabels(probabilities: Float32Array, labels: ArrayLike<number>, classes: number): ConfidentLabels {
  const rows = labels.length, p = (row: number, c: number): number => probabilities[row * classes + c] ?? 0;
  const counts = new Float64Array(classes), thresholds = new Float64Array(classes);
  for (let row = 0; row < rows; row++) {
    const given = labels[row] ?? -1;
    if (given < 0) continue;
    counts[given] = (counts[given] ?? 0) + 1;
    thresholds[given] = (thresholds[given] ?? 0) + p(row, given);
  }
  for (let c = 0; c < classes; c++) thresholds[c] = (counts[c] ?? 0) > 0 ? (thresholds[c] ?? 0) / (counts[c] ?? 1) : Infinity;

  const joint = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let row = 0; row < rows; row++) {
    const given = labels[row] ?? -1;
    if (given < 0) continue;
    let sure = -1;
    for (let c = 0; c < classes; c++) if (p(row, c) >= (thresholds[c] ?? Infinity) && (sure < 0 || p(row, c) > p(row, sure))) sure = c;
    const cells = joint[given];
    if (sure >= 0 && cells !== undefined) cells[sure] = (cells[sure] ?? 0) + 1;
  }
  let off = 0, total = 0;
  joint.forEach((cells, given) => {
    const sum = cells.reduce((a, b) => a + b, 0), count = counts[given] ?? 0;
    for (let c = 0; c < classes; c++) {
      cells[c] = sum > 0 ? ((cells[c] ?? 0) / sum) * count : c === given ? count : 0;
      total += cells[c] ?? 0;
      if (c !== given) off += cells[c] ?? 0;
    }
  });

  const byGiven = Array.from({ length: classes }, (): number[] => []);
  for (let row = 0; row < rows; row++) byGiven[labels[row] ?? -1]?.push(row);
  const chosen = new Set<number>();
  joint.forEach((cells, given) => cells.forEach((estimate, other) => {
    const wanted = other === given ? 0 : Math.round(estimate);
    if (wanted === 0) return;
    const own = [...byGiven[given] ?? []].sort((a, b) => (p(b, other) - p(b, given)) - (p(a, other) - p(a, given)) || a - b);
    for (const row of own.slice(0, wanted)) chosen.add(row);
  }));

  const suspects: Suspect[] = [];
  for (const row of chosen) {
    const given = labels[row] ?? 0;
    let best = 0;
    for (let c = 1; c < classes; c++) if (p(row, c) > p(row, best)) best = c;
    // A sample for which the model agrees with its label is no suspect, whatever the estimate says.
    if (best !== given) suspects.push({ row, given, suggested: best, givenP: p(row, given), suggestedP: p(row, best) });
  }
  suspects.sort((a, b) => (b.suggestedP - b.givenP) - (a.suggestedP - a.givenP) || a.row - b.row);
  return { joint, suspects, noise: total > 0 ? off / total : 0 };
}
