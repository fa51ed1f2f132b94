import { describe, expect, it } from 'vitest';
import { cropTogether, drawPicture, gallery } from './picture.ts';

const picture = (rows: string[]) => ({ width: rows[0]?.length ?? 0, height: rows.length, pixels: [...rows.join('')].map((c) => (c === '#' ? 255 : 0)) });

describe('drawPicture', () => {
  it('puts two pixels into one cell', () => {
    expect(drawPicture(picture(['# #', '## ', '###']), false)).toEqual(['█▄▀', '▀▀▀']);
  });
  it('shows grey levels where there are colours', () => {
    expect(drawPicture({ width: 1, height: 2, pixels: [255, 0] }, true)).toEqual(['\u001b[38;5;255;48;5;232m▀\u001b[0m']);
    expect(drawPicture({ width: 1, height: 2, pixels: [128, 127] }, true)).toEqual(['\u001b[38;5;244;48;5;243m▀\u001b[0m']);
  });
});

describe('cropTogether', () => {
  it('cuts to the frame that holds all ink', () => {
    const [a, b] = cropTogether([picture(['    ', ' #  ', '    ']), picture(['    ', '    ', '  # '])]);
    expect(a).toEqual({ width: 2, height: 2, pixels: [255, 0, 0, 0] });
    expect(b).toEqual({ width: 2, height: 2, pixels: [0, 0, 0, 255] });
  });
  it('leaves empty pictures alone', () => {
    expect(cropTogether([picture(['  '])])).toEqual([picture(['  '])]);
  });
});

describe('gallery', () => {
  it('fills rows and starts new ones', () => {
    const item = { picture: picture(['##', '##']), caption: 'abcd' };
    expect(gallery([item, item, item], 11, false)).toEqual(['██     ██', 'abcd   abcd', '', '██', 'abcd']);
  });
});
