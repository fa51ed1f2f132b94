/**
 * Pairs of vectors that are nearly equal, found by hashing and then verified, so that n samples cost about n and not n².
 *
 * Directions (images): signs of products with random directions (Charikar 2002); vectors at a small angle agree in most bits. Points (tables): random
 * products rounded to cells (Datar et al. 2004).
 */
import { tensor, ops } from '@limelight/core';
import { normal, random } from './statistics.ts';
import type { Pair } from './types.ts';
import type { Vectors } from './vectors.ts';

/** Members of one bucket that each of them is compared with: the next so many, so that a full bucket does not cost its square. */
const NEIGHBOURS = 24;

/** [rows, count] products of the rows with random directions. */
function project({ data, rows, width }: Vectors, count: number, seed: number): Float32Array {
  const next = random(seed), directions = tensor(Float32Array.from({ length: width * count }, () => normal(next)), [width, count]), out = new Float32Array(rows * count), step = 4096;
  for (let row = 0; row < rows; row += step) {
    const some = Math.min(step, rows - row);
    out.set(ops.matmul(tensor(data.subarray(row * width, (row + some) * width), [some, width]), directions).dataSync() as Float32Array, row * count);
  }
  return out;
}

/** Goes through pairs that share a key in some table, each pair once; `keys(table, row)` undefined: the row is in no bucket. */
function bucketPairs(tables: number, rows: number, key: (table: number, row: number) => string | number | undefined, visit: (a: number, b: number) => void): void {
  const all = Array.from({ length: tables }, () => new Map<string | number, number[]>()), met = new Set<number>();
  for (let row = 0; row < rows; row++) {
    met.clear();
    all.forEach((buckets, table) => {
      const own = key(table, row);
      if (own === undefined) return;
      const bucket = buckets.get(own);
      if (bucket === undefined) { buckets.set(own, [row]); return; }
      for (let i = Math.max(0, bucket.length - NEIGHBOURS); i < bucket.length; i++) met.add(bucket[i] ?? 0);
      bucket.push(row);
    });
    for (const other of met) visit(other, row);
  }
}

/**
 * Pairs of unit rows with a product of at least `least`; rows of zeros are left out. Hashes are of the rows less their common mean, which is what
 * most samples share.
 */
export function nearDirections(unit: Vectors, least: number, seed: number): Pair[] {
  const { data, rows, width } = unit, mean = new Float64Array(width), bits = 20, tables = 12;
  for (let row = 0; row < rows; row++) for (let i = 0; i < width; i++) mean[i] = (mean[i] ?? 0) + (data[row * width + i] ?? 0) / rows;
  const centred = Float32Array.from(data, (v, i) => v - (mean[i % width] ?? 0));
  const products = project({ data: centred, rows, width }, bits * tables, seed), norm = (row: number): number => { let s = 0; for (let i = 0; i < width; i++) s += (data[row * width + i] ?? 0) ** 2; return s; };
  const empty = Uint8Array.from({ length: rows }, (_, row) => Number(norm(row) < 0.5));
  const keyOf = (table: number, row: number): number | undefined => {
    if (empty[row] === 1) return undefined;
    let key = 0;
    for (let b = 0; b < bits; b++) key = key * 2 + Number((products[row * bits * tables + table * bits + b] ?? 0) > 0);
    return key;
  };
  const pairs: Pair[] = [];
  bucketPairs(tables, rows, keyOf, (a, b) => {
    let product = 0;
    for (let i = 0; i < width; i++) product += (data[a * width + i] ?? 0) * (data[b * width + i] ?? 0);
    if (product >= least) pairs.push({ a, b, likeness: Math.min(1, product) });
  });
  return pairs.sort((p, q) => q.likeness - p.likeness || p.a - q.a || p.b - q.b);
}

/** Pairs of rows that differ by at most `tolerance` in every element and have equal `classes` (all that is no number, as one text). */
export function nearPoints(points: Vectors, classes: readonly string[], tolerance: number, seed: number): Pair[] {
  const { data, rows, width } = points, per = 4, tables = 8, cell = 8 * tolerance * Math.sqrt(Math.max(1, width)), next = random(seed + 1);
  const products = width === 0 ? new Float32Array(rows * per * tables) : project(points, per * tables, seed), shifts = Array.from({ length: per * tables }, () => next() * cell);
  const keyOf = (table: number, row: number): string => {
    let key = classes[row] ?? '';
    for (let k = 0; k < per; k++) key += `|${Math.floor(((products[row * per * tables + table * per + k] ?? 0) + (shifts[table * per + k] ?? 0)) / cell)}`;
    return key;
  };
  const pairs: Pair[] = [];
  bucketPairs(tables, rows, keyOf, (a, b) => {
    let most = 0;
    for (let i = 0; i < width && most <= tolerance; i++) most = Math.max(most, Math.abs((data[a * width + i] ?? 0) - (data[b * width + i] ?? 0)));
    if (most <= tolerance) pairs.push({ a, b, likeness: 1 - most });
  });
  return pairs.sort((p, q) => q.likeness - p.likeness || p.a - q.a || p.b - q.b);
}
