/** The curves that images are resampled with: how far a pixel reaches, and its weight at a distance. */

export type Interpolation = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos3' | 'lanczos5';
export const INTERPOLATIONS = ['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5'] as const;
const lanczos = (radius: number) => (d: number): number => (d < 1e-3 ? 1 : (radius * Math.sin(Math.PI * d) * Math.sin((Math.PI * d) / radius)) / (Math.PI * d) ** 2);
/** How far a pixel reaches, and its weight at a distance. Bicubic is Keys's (1981) with a = -1/2. */
export const CURVES: Readonly<Record<Exclude<Interpolation, 'nearest'>, readonly [radius: number, weight: (distance: number) => number]>> = {
  bilinear: [1, (d) => 1 - d],
  bicubic: [2, (d) => (d <= 1 ? (1.5 * d - 2.5) * d * d + 1 : ((-0.5 * d + 2.5) * d - 4) * d + 2)],
  lanczos3: [3, lanczos(3)],
  lanczos5: [5, lanczos(5)],
};
