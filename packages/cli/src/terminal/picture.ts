/**
 * Small grey pictures in the terminal: one character cell shows two pixels, one above the other (half-block characters).
 * With colours the pixels are grey levels of the 256-colour palette; without, ink is where the pixel is at least half of 255.
 */

/** A grey picture, row-major, 0 is paper and 255 is ink. */
export interface Picture { readonly width: number; readonly height: number; readonly pixels: ArrayLike<number> }

/** The part of the palette that holds grey: 24 levels from nearly black to nearly white. */
const FIRST_GREY = 232, GREYS = 24;
const greyOf = (pixel: number): number => FIRST_GREY + Math.round((Math.min(255, Math.max(0, pixel)) / 255) * (GREYS - 1));

/** The picture as lines of text, each `width` cells wide; half as many lines as the picture is high, rounded up. */
export function drawPicture(picture: Picture, colour: boolean): string[] {
  const { width, height, pixels } = picture;
  const pixel = (x: number, y: number): number => (y < height ? pixels[y * width + x] ?? 0 : 0);
  return Array.from({ length: Math.ceil(height / 2) }, (_, row) => {
    const cells = Array.from({ length: width }, (_cell, x) => {
      const above = pixel(x, 2 * row), below = pixel(x, 2 * row + 1);
      return colour ? `\u001b[38;5;${greyOf(above)};48;5;${greyOf(below)}m▀` : (above >= 128 ? (below >= 128 ? '█' : '▀') : below >= 128 ? '▄' : ' ');
    });
    return cells.join('') + (colour ? '\u001b[0m' : '');
  });
}

/** The pictures cut to the smallest frame that holds the ink of all of them, so that empty borders take no room. */
export function cropTogether(pictures: readonly Picture[]): Picture[] {
  let left = Infinity, right = -1, top = Infinity, bottom = -1;
  for (const { width, height, pixels } of pictures) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if ((pixels[y * width + x] ?? 0) === 0) continue;
        left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
      }
    }
  }
  if (right < 0) return [...pictures];
  return pictures.map((picture) => ({
    width: right - left + 1, height: bottom - top + 1,
    pixels: Array.from({ length: (right - left + 1) * (bottom - top + 1) }, (_, i) => {
      const x = left + (i % (right - left + 1)), y = top + Math.floor(i / (right - left + 1));
      return x < picture.width && y < picture.height ? picture.pixels[y * picture.width + x] ?? 0 : 0;
    }),
  }));
}

/**
 * Pictures side by side with a caption under each, as many in a row as `columns` cells hold.
 * @returns lines of text; captions longer than a picture are cut
 */
export function gallery(items: readonly { readonly picture: Picture; readonly caption: string }[], columns: number, colour: boolean): string[] {
  const gap = 3, cell = Math.max(1, ...items.map((item) => Math.max(item.picture.width, Math.min(item.caption.length, 18))));
  const perRow = Math.max(1, Math.floor((columns + gap) / (cell + gap)));
  const lines: string[] = [];
  for (let start = 0; start < items.length; start += perRow) {
    const row = items.slice(start, start + perRow);
    const drawn = row.map(({ picture, caption }) => {
      const pad = ' '.repeat(cell - picture.width);
      return [...drawPicture(picture, colour).map((line) => line + pad), caption.slice(0, cell).padEnd(cell)];
    });
    const height = Math.max(...drawn.map((one) => one.length));
    for (let line = 0; line < height; line++) {
      lines.push(drawn.map((one) => one[line] ?? ' '.repeat(cell)).join(' '.repeat(gap)).trimEnd());
    }
    lines.push('');
  }
  return lines.slice(0, -1);
}
