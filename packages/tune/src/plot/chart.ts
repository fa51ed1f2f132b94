/** What a chart shows, and how its axes are divided. Drawn as SVG by svg.ts and as text by text.ts. */
export interface Series {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** lower and upper bounds around y, drawn as a band */ readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] };
  readonly style?: 'line' | 'faint' | 'dashed' | 'points';
  /** CSS colour; default: the next of the palette */ readonly colour?: string;
}
export interface Chart {
  readonly title: string;
  readonly x: { readonly label: string; readonly log?: boolean };
  readonly y: { readonly label: string; readonly log?: boolean; readonly range?: readonly [number, number] };
  readonly series: readonly Series[];
  /** upright lines with a text */ readonly marks?: readonly { readonly x: number; readonly label: string; readonly colour?: string }[];
}
/** Okabe and Ito's colours, told apart with every kind of colour vision. */
export const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#6a5acd', '#7f7f7f', '#000000'] as const;

/** From data to 0…1 along an axis, with the values where it is labelled. */
export interface Axis { readonly place: (v: number) => number; readonly ticks: readonly number[] }
export function axis(values: readonly number[], log: boolean, wanted = 6, range?: readonly [number, number]): Axis {
  const finite = values.filter((v) => Number.isFinite(v) && (!log || v > 0));
  let low = range?.[0] ?? Math.min(...finite), high = range?.[1] ?? Math.max(...finite);
  if (finite.length === 0 && range === undefined) { low = log ? 1 : 0; high = log ? 10 : 1; }
  if (low === high) { low = log ? low / 2 : low - 0.5; high = log ? high * 2 : high + 0.5; }
  if (log) {
    const from = Math.log10(low), to = Math.log10(high), every = Math.max(1, Math.ceil((to - from) / wanted));
    let ticks = Array.from({ length: Math.floor(to + 1e-9) - Math.ceil(from - 1e-9) + 1 }, (_, i) => 10 ** (Math.ceil(from - 1e-9) + i)).filter((_, i) => i % every === 0);
    if (ticks.length < 3) {
      for (const digits of [[1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]]) {
        ticks = [0, 1, 2].flatMap((d) => digits.map((m) => Number((m * 10 ** (Math.floor(from) + d)).toPrecision(3)))).filter((t) => t >= low * (1 - 1e-9) && t <= high * (1 + 1e-9));
        if (ticks.length >= 3) break;
      }
    }
    return { place: (v) => (Math.log10(v) - from) / (to - from), ticks };
  }
  const raw = (high - low) / wanted, power = 10 ** Math.floor(Math.log10(raw)), whole = finite.every(Number.isInteger), step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw && (!whole || Number.isInteger(s))) ?? (whole ? Math.max(1, Math.ceil(raw)) : raw);
  if (range === undefined) { low = Math.floor(low / step + 1e-9) * step; high = Math.ceil(high / step - 1e-9) * step; }
  const ticks: number[] = [];
  for (let t = Math.ceil(low / step - 1e-9) * step; t <= high + step * 1e-9; t += step) ticks.push(Number(t.toPrecision(12)));
  return { place: (v) => (v - low) / (high - low), ticks };
}
/** A number as short as it can be read. */
export function short(v: number): string {
  if (v === 0) return '0';
  const size = Math.abs(v);
  if (size >= 1e5 || size < 1e-3) return v.toExponential(1).replace('.0e', 'e').replace('e+', 'e');
  return String(Number(v.toPrecision(4)));
}
export const bounds = (chart: Chart): { readonly xs: number[]; readonly ys: number[] } => ({
  xs: [...chart.series.flatMap((s) => s.x), ...(chart.marks ?? []).map((m) => m.x)],
  ys: chart.series.flatMap((s) => [...s.y, ...(s.band?.low ?? []), ...(s.band?.high ?? [])]),
});
