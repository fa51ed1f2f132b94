/** Linear enlargement of maps of any number of axes, axis by axis. */

/** Places of axis extents `from` read at the middles of `to` (half-pixel centres, as TensorFlow's image.resize). */
export function resize(values: ArrayLike<number>, from: readonly number[], to: readonly number[]): Float64Array {
  let data = Float64Array.from(values), shape = [...from];
  to.forEach((extent, axis) => {
    const own = shape[axis] ?? 1;
    if (own === extent) return;
    const outer = shape.slice(0, axis).reduce((n, d) => n * d, 1), inner = shape.slice(axis + 1).reduce((n, d) => n * d, 1), next = new Float64Array(outer * extent * inner);
    for (let i = 0; i < extent; i++) {
      const place = Math.min(own - 1, Math.max(0, ((i + 0.5) * own) / extent - 0.5)), low = Math.floor(place), high = Math.min(own - 1, low + 1), part = place - low;
      for (let o = 0; o < outer; o++) {
        for (let k = 0; k < inner; k++) next[(o * extent + i) * inner + k] = (data[(o * own + low) * inner + k] ?? 0) * (1 - part) + (data[(o * own + high) * inner + k] ?? 0) * part;
      }
    }
    shape = shape.map((d, i) => (i === axis ? extent : d));
    data = next;
  });
  return data;
}
