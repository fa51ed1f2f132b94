/** Numbers, times and bars as text: the small formatter of the progress bar and the summary. */

/** 0.4123, 12.35, 1.2e-7: about four significant digits, as Keras prints metrics. */
export function formatMetric(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return '0.0000';
  return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6 ? value.toFixed(4) : value.toExponential(4);
}

/** 12 ms, 4.5 s, 3:20, 1:02:03 */
export function formatTime(ms: number): string {
  if (!Number.isFinite(ms)) return '?';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds), two = (n: number) => String(n).padStart(2, '0');
  const h = Math.floor(whole / 3600), m = Math.floor((whole % 3600) / 60), s = whole % 60;
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** 52,130 */
export function formatCount(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** 512 B, 397.5 KB, 1.2 GB (powers of 1024, as Keras prints them) */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let value = bytes, unit = 'B';
  for (const next of ['KB', 'MB', 'GB', 'TB']) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return `${value.toFixed(2)} ${unit}`;
}

/** A bar of `width` cells, `part` of it (0..1) filled. */
export function formatBar(part: number, width: number): string {
  const filled = Math.round(Math.min(Math.max(part, 0), 1) * width);
  return `${'━'.repeat(filled)}${'─'.repeat(width - filled)}`;
}
