/** The pages of the recommendation commands: figures with intervals, and some users: history, list, reasons. */
import type { Catalogue, Evaluation, EvaluationSet, Recommender } from '@limelight/recommend';
import { escape } from '../../report/charts.ts';
import { reportPage } from '../../report/page.ts';
import { aheadBy, type Compared } from './compare.ts';
import { say } from './files.ts';
import { because, figuresOf } from './show.ts';

export interface PageInput {
  readonly model: Recommender;
  readonly catalogue: Catalogue | undefined;
  readonly set: EvaluationSet;
  readonly evaluation: Evaluation;
  readonly source: string;
  readonly split: string;
  readonly seconds: number;
}
const USERS = 6, LIST = 8, PAST = 8;
const SPLITS: Readonly<Record<string, string>> = { time: 'one point in time for everybody', 'leave-last-out': "each user's last item", files: 'histories and targets from files' };

export function recommenderPage({ model, catalogue, set, evaluation, source, split, seconds }: PageInput): string {
  const { figures, intervals } = figuresOf(evaluation), bounds = (name: string): string => { const found = intervals[name]; return found === undefined ? '' : `${found[0].toFixed(3)} – ${found[1].toFixed(3)}`; };
  const rows = Object.entries(figures).filter(([, value]) => Number.isFinite(value)).map(([name, value]) => `<tr><td>${escape(name)}</td><td>${value.toFixed(4)}</td><td>${bounds(name)}</td></tr>`).join('');
  return reportPage(`Recommender: ${model.kind}`, `${source}, measured on ${SPLITS[split] ?? split}`, [
    { name: 'HR@10', value: (figures['hr@10'] ?? 0).toFixed(3) }, { name: 'NDCG@10', value: (figures['ndcg@10'] ?? 0).toFixed(3) }, { name: 'users measured', value: say(evaluation.users) },
    { name: 'items ranked', value: say(model.items.size) }, { name: 'coverage', value: (figures['coverage'] ?? 0).toFixed(3) }, { name: split === 'files' ? 'seconds to measure' : 'seconds to fit', value: seconds.toFixed(1) },
  ], [
    { title: 'Some users', note: 'What they watched last, what the model recommends, and which events speak for it. What they did watch next is marked.', html: usersHtml(model, catalogue, set) },
    { title: 'Figures', note: 'Means over users; every item is ranked, what was seen is left out. Intervals: 95 %, bootstrap over users.', html: `<div class="wide"><table class="plain numbers"><tr><th>figure</th><th>value</th><th>95 % interval</th></tr>${rows}</table></div>` },
  ], `limelight recommend, ${say(model.log.users.size)} users, ${say(model.items.size)} items`);
}

function usersHtml(model: Recommender, catalogue: Catalogue | undefined, set: EvaluationSet): string {
  const title = (id: string): string => catalogue?.title(id) ?? id, fit = set.histories.flatMap((history, i) => (history.items.length >= 3 ? [i] : []));
  const chosen = Array.from({ length: Math.min(USERS, fit.length) }, (_, i) => fit[Math.floor((i * fit.length) / Math.min(USERS, fit.length))] as number);
  return chosen.map((i) => {
    const history = set.histories[i]?.items ?? new Int32Array(0), ids = Array.from(history, (item) => set.items.id(item)), targets = new Set(Array.from(set.targets[i] ?? [], (item) => set.items.id(item)));
    const times = set.histories[i]?.times ?? null, list = model.recommend({ history: ids, k: LIST, reasons: 2, ...(times === null ? {} : { times: Array.from(times) }) });
    const past = ids.slice(-PAST).reverse().map((id) => `<li>${escape(title(id))}</li>`).join(''), next = [...targets].slice(0, 3).map(title).join(', ');
    const rows = list.map((one, place) => `<tr${targets.has(one.item) ? ' class="best"' : ''}><td>${place + 1}</td><td>${escape(title(one.item))}${targets.has(one.item) ? ' ✓' : ''}</td><td class="cells">${escape(because(one, title)) || '–'}</td></tr>`).join('');
    const user = set.histories[i]?.user;
    return `<h3>${user === undefined ? `User ${i + 1}` : `User ${escape(model.users.size > user ? model.users.id(user) : String(user + 1))}`} <small>${say(ids.length)} events; next: ${escape(next)}${targets.size > 3 ? ` and ${targets.size - 3} more` : ''}</small></h3><div class="row"><div><b>Watched last</b><ol class="missing">${past}</ol></div><div class="wide"><table class="plain"><tr><th></th><th>recommended</th><th>because of</th></tr>${rows}</table></div></div>`;
  }).join('');
}

export function comparisonPage(done: readonly Compared[], metric: string, source: string, split: string): string {
  const most = Math.max(...done.map(({ evaluation }) => evaluation.interval(metric)[1]), 1e-9), best = done[0];
  const bars = done.map(({ model, evaluation }) => {
    const value = evaluation.get(metric), [low, high] = evaluation.interval(metric);
    return `<tr><th>${escape(model)}</th><td class="bar"><i style="width:${((100 * value) / most).toFixed(1)}%"></i><u style="left:${((100 * low) / most).toFixed(1)}%;width:${((100 * (high - low)) / most).toFixed(1)}%"></u></td><td class="share">${value.toFixed(4)}</td></tr>`;
  }).join('');
  const rows = done.map(({ model, seconds, evaluation, behind }) => `<tr><td>${escape(model)}</td>${['hr@10', 'ndcg@10', 'mrr', 'coverage', 'novelty'].map((name) => `<td>${evaluation.get(name).toFixed(4)}</td>`).join('')}<td>${aheadBy(behind)}</td><td>${seconds.toFixed(1)}</td></tr>`).join('');
  return reportPage('Recommenders compared', `${source}, measured on ${SPLITS[split] ?? split}`, [{ name: 'best', value: best?.model ?? '–' }, { name: metric, value: (best?.evaluation.get(metric) ?? 0).toFixed(4) }, { name: 'users measured', value: say(best?.evaluation.users ?? 0) }], [
    { title: metric, note: 'Means over users, with 95 % intervals.', html: `<table class="bars">${bars}</table>` },
    { title: 'All figures', note: `The best is compared with each other model on the same users, by ${metric}.`, html: `<div class="wide"><table class="plain numbers"><tr><th>model</th><th>hr@10</th><th>ndcg@10</th><th>mrr</th><th>coverage</th><th>novelty</th><th>best ahead by</th><th>s to fit</th></tr>${rows}</table></div>` },
  ], 'limelight recommend compare');
}
