/** Colours of heat maps. Warm speaks for, cool against; both are told apart with every common colour blindness. */
export type Rgb = readonly [number, number, number];

const WARM: readonly Rgb[] = [[255, 247, 236], [253, 187, 132], [227, 74, 51], [153, 0, 0]];
const COOL: readonly Rgb[] = [[240, 247, 255], [146, 197, 222], [33, 113, 181], [8, 48, 107]];
/** For sizes without a sign, on dark ground: black over violet and orange to pale yellow. */
const GLOW: readonly Rgb[] = [[13, 8, 40], [101, 21, 110], [212, 72, 66], [251, 159, 58], [252, 255, 164]];

/** The colour at `t` (0 to 1) between evenly spread stops. */
function between(stops: readonly Rgb[], t: number): Rgb {
  const place = Math.min(1, Math.max(0, t)) * (stops.length - 1), i = Math.min(stops.length - 2, Math.floor(place)), part = place - i, a = stops[i] ?? [0, 0, 0], b = stops[i + 1] ?? a;
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, a[2] + (b[2] - a[2]) * part];
}
/** Colour of a value between -1 and 1. */
export const diverging = (v: number): Rgb => between(v < 0 ? COOL : WARM, Math.abs(v));
/** Colour of a size between 0 and 1. */
export const glow = (v: number): Rgb => between(GLOW, v);
/** `over` laid on `ground`, as much as `alpha` says. */
export const blend = (ground: Rgb, over: Rgb, alpha: number): Rgb => [ground[0] + (over[0] - ground[0]) * alpha, ground[1] + (over[1] - ground[1]) * alpha, ground[2] + (over[2] - ground[2]) * alpha];
export const css = (colour: Rgb): string => `#${colour.map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')}`;
/** Dark or light text, whichever is read on this ground. */
export const textOn = ([r, g, b]: Rgb): string => (0.299 * r + 0.587 * g + 0.114 * b > 140 ? '#1a202c' : '#ffffff');

/** Colours of lines and bars. */
export const INK = { for: '#d9480f', against: '#1c7ed6', chance: '#868e96', plain: '#495057' } as const;

/** What a value is divided by so that a few outliers do not make all else pale: the 99th percentile of sizes (the largest where there are few). */
export function fullScale(values: ArrayLike<number>): number {
  const sizes = Float64Array.from(values, Math.abs).sort(), at = sizes[Math.min(sizes.length - 1, Math.ceil(sizes.length * 0.99) - 1)] ?? 0;
  return at > 0 ? at : (sizes.at(-1) ?? 0) || 1;
}
