/** The page that explanations are shown on, and the part of an attribution. */
import type { Attribution } from '../types.ts';
import { lineChart } from './charts.ts';
import { INK } from './colours.ts';
import { className, drawAttribution } from './heatMap.ts';
import { brief, escape, inline } from './svg.ts';

/** One part of a page. */
export interface Section {
  readonly title: string;
  readonly subtitle: string;
  /** HTML */
  readonly figures: readonly string[];
  readonly facts: readonly (readonly [string, string])[];
}

const STYLE = `
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #ffffff; --text: #1a202c; --faint: #5f6b7a; --line: #e3e7ec; --accent: #d9480f; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171c; --card: #1d2229; --text: #e6e9ee; --faint: #9aa5b4; --line: #2e3540; --accent: #ff8a5c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 26px; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 18px; margin: 0; }
p.lead { margin: 0 0 28px; color: var(--faint); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px 24px; margin: 0 0 20px; }
section > p { margin: 2px 0 16px; color: var(--faint); }
.figures { display: flex; flex-wrap: wrap; gap: 24px 22px; align-items: flex-start; }
.figures figure { margin: 0; max-width: 100%; }
figcaption { color: var(--faint); font-size: 12px; margin-top: 6px; max-width: 150px; }
svg { max-width: 100%; height: auto; display: block; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(210px, 1fr)); gap: 10px 24px; margin: 18px 0 0; padding: 16px 0 0; border-top: 1px solid var(--line); }
dt { color: var(--faint); font-size: 12px; } dd { margin: 0; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } td, th { padding: 4px 14px 4px 0; text-align: left; } th { color: var(--faint); font-weight: 500; font-size: 12px; } td + td, th + th { text-align: right; }
footer { color: var(--faint); font-size: 13px; }`;

/** A page of sections. */
export function page(title: string, lead: string, sections: readonly Section[]): string {
  const body = sections.map(({ title: head, subtitle, figures, facts }) => `<section><h2>${escape(head)}</h2><p>${escape(subtitle)}</p><div class="figures">${figures.map((f) => `<figure>${f}</figure>`).join('')}</div>${
    facts.length === 0 ? '' : `<dl>${facts.map(([name, value]) => `<div><dt>${escape(name)}</dt><dd>${escape(value)}</dd></div>`).join('')}</dl>`}</section>`).join('\n');
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title><style>${STYLE}</style></head>\n<body><main><h1>${escape(title)}</h1><p class="lead">${escape(lead)}</p>\n${body}\n<footer>Faithfulness: parts are hidden from the most important one on (deletion) or shown in that order (insertion), against random orders of the same parts. 0 is chance, 1 the most there can be.</footer></main></body></html>\n`;
}

const NAMES: Readonly<Record<string, string>> = { exactShapley: 'Shapley values (exact)', gradCam: 'Grad-CAM', kernelShap: 'Shapley values (KernelSHAP)', lime: 'LIME', smoothGrad: 'SmoothGrad', inputGradients: 'Gradients' };
/** 'integratedGradients' as people write it. */
export const humanName = (method: string): string => NAMES[method] ?? method.replaceAll(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`).replace(/^./, (c) => c.toUpperCase());
/** Words for the faithfulness of an explanation, for people. */
export function faithfulnessText({ faithfulness: f }: Pick<Attribution, 'faithfulness'>): string {
  return f === null ? 'not measured' : `${f.value.toFixed(2)} (random orders ${f.control.mean.toFixed(2)} ± ${f.control.deviation.toFixed(2)}; beats ${f.beats} of ${f.control.orders})`;
}
/** Numbers of an attribution with their names, for people: pages and terminals. */
export function factsOf(a: Attribution): (readonly [string, string])[] {
  return [
    [a.target === null ? 'score' : `score of ${className(a)}`, brief(a.score)],
    ...(a.baselineScore === null ? [] : [['score of the baseline', brief(a.baselineScore)] as const]),
    ...(a.completeness === null ? [] : [['completeness', `sum ${brief(a.completeness.sum)}, expected ${brief(a.completeness.expected)} (off by ${brief(100 * a.completeness.relativeError)} %${a.completeness.holds ? '' : ': does not hold'})`] as const]),
    ['faithfulness', faithfulnessText(a)],
    ...Object.entries(a.details).map(([name, value]) => [name, typeof value === 'number' ? brief(value) : value] as const),
  ];
}
/** The curves of deletion and insertion. */
export function curvesOf(a: Attribution): string[] {
  const f = a.faithfulness;
  if (f === null) return [];
  return (['deletion', 'insertion'] as const).map((name) => {
    const curve = f[name], at = (scores: readonly number[]): (readonly [number, number])[] => scores.map((s, i) => [f.fractions[i] ?? 0, s]);
    return inline(lineChart([
      { name: 'random', points: at(curve.control), colour: INK.chance, dashed: true },
      { name: 'explained', points: at(curve.scores), colour: name === 'deletion' ? INK.against : INK.for },
    ], { title: name === 'deletion' ? 'Deletion' : 'Insertion', x: name === 'deletion' ? 'part hidden' : 'part shown', width: 236, height: 200 }));
  });
}
export function attributionSection(a: Attribution): Section {
  const what = a.target === null ? 'a score of its own' : className(a);
  return { title: humanName(a.method), subtitle: `Why model ${a.model} gives ${what} ${brief(a.score)}.`, figures: [inline(drawAttribution(a)), ...curvesOf(a)], facts: factsOf(a) };
}
