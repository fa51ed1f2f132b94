import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { loadImage } from './image.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-image-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A picture of one bar, 8 wide and 40 high in a square of 56, in the given colours. */
async function bar(name: string, ground: string | { r: number; g: number; b: number; alpha: number }, ink: string, size = { width: 56, height: 56 }): Promise<string> {
  const path = join(folder, name);
  const stripe = await sharp({ create: { width: 8, height: 40, channels: 3, background: ink } }).png().toBuffer();
  await sharp({ create: { ...size, channels: 4, background: ground } }).composite([{ input: stripe, left: 24, top: 8 }]).toFile(path);
  return path;
}
const at = (image: Awaited<ReturnType<typeof loadImage>>, x: number, y: number) => Number(image.input.data[y * 28 + x]);

describe('loadImage', () => {
  it('keeps bright ink on a dark ground', async () => {
    const image = await loadImage(await bar('dark.png', 'black', 'white'), [28, 28]);
    expect([image.inverted, image.width, image.height, image.input.shape, image.input.dtype]).toEqual([false, 56, 56, [1, 28, 28], 'u8']);
    expect(at(image, 13, 14)).toBeGreaterThan(240);
    expect(at(image, 3, 14)).toBeLessThan(15);
  });

  it.each([
    ['dark ink on a light ground', 'paper.png', 'white', 'black'],
    ['JPEG', 'paper.jpg', 'white', 'navy'],
    ['a transparent ground', 'clear.png', { r: 0, g: 0, b: 0, alpha: 0 }, 'black'],
  ] as const)('inverts %s', async (_kind, name, ground, ink) => {
    const image = await loadImage(await bar(name, ground, ink), [28, 28]);
    expect(image.inverted).toBe(true);
    expect(at(image, 13, 14)).toBeGreaterThan(200);
    expect(at(image, 3, 14)).toBeLessThan(20);
  });

  it('fits a wide picture without distortion, on dark ground', async () => {
    const image = await loadImage(await bar('wide.png', 'white', 'black', { width: 112, height: 56 }), [28, 28]);
    // 112 × 56 becomes 28 × 14, so the bar from x 24 to 32 is now around x 7 and ends before y 21.
    expect(at(image, 6, 14)).toBeGreaterThan(150);
    expect([at(image, 6, 3), at(image, 6, 25)]).toEqual([0, 0]);
  });

  it('refuses what is no image, by name', async () => {
    const path = join(folder, 'text.png');
    writeFileSync(path, 'hello');
    await expect(loadImage(path, [28, 28])).rejects.toThrow(/text\.png' cannot be read as an image/);
    await expect(loadImage(join(folder, 'gone.png'), [28, 28])).rejects.toThrow(/There is no file/);
  });
});
