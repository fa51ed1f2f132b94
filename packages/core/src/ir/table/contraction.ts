/** Rows of the contractions: dot, conv, windowReduce. */
import { DTypeError, ShapeError } from '../../base/errors.ts';
import { at, forEachIndex, showShape, stridesOf } from '../../base/shape.ts';
import type { Primitive } from '../primitive.ts';
import { accept, arity, axesOf, only, perAxis, showType, whole, windowCount } from './check.ts';
import { combineOf, multiplyIn, neutralOf, WRAP } from './combine.ts';
import { axisOffsets, resultArray } from './loops.ts';

export const contractionRows = {
  dot: {
    name: 'dot',
    traits: { family: 'contraction', elementwise: false, cost: 2 },
    infer: (inputs, { batchA, batchB, contractA, contractB }) => {
      arity('dot', inputs, 2);
      const a = at(inputs, 0), b = at(inputs, 1);
      if (a.dtype !== b.dtype) throw new DTypeError(`dot: operands ${showType(a)} and ${showType(b)} differ in dtype; cast one of them.`);
      accept('dot', a, 'number');
      axesOf('dot', [...batchA, ...contractA], a);
      axesOf('dot', [...batchB, ...contractB], b);
      const together = (what: string, left: readonly number[], right: readonly number[]): void => {
        if (left.length !== right.length) throw new ShapeError(`dot: ${what} axes ${showShape(left)} and ${showShape(right)} must pair up.`);
        left.forEach((axis, i) => {
          const other = at(right, i);
          if (at(a.shape, axis) !== at(b.shape, other)) {
            throw new ShapeError(`dot: ${showType(a)} and ${showType(b)} do not fit: ${what} axis ${axis} is ${at(a.shape, axis)}, axis ${other} is ${at(b.shape, other)}; they must be equal.`);
          }
        });
      };
      together('batch', batchA, batchB);
      together('contracted', contractA, contractB);
      const shape = [
        ...batchA.map((axis) => at(a.shape, axis)),
        ...a.shape.filter((_, i) => !batchA.includes(i) && !contractA.includes(i)),
        ...b.shape.filter((_, i) => !batchB.includes(i) && !contractB.includes(i)),
      ];
      return { shape, dtype: a.dtype };
    },
    evaluate: (inputs, { batchA, batchB, contractA, contractB }, results) => {
      const a = at(inputs, 0), b = at(inputs, 1), out = resultArray(results);
      const free = (rank: number, ...used: readonly number[]) => Array.from({ length: rank }, (_, i) => i).filter((i) => !used.includes(i));
      const batchesA = axisOffsets(a.type.shape, batchA), batchesB = axisOffsets(b.type.shape, batchB);
      const rows = axisOffsets(a.type.shape, free(a.type.shape.length, ...batchA, ...contractA));
      const columns = axisOffsets(b.type.shape, free(b.type.shape.length, ...batchB, ...contractB));
      const stepsA = axisOffsets(a.type.shape, contractA), stepsB = axisOffsets(b.type.shape, contractB);
      const multiply = multiplyIn(a.type.dtype), wrap = WRAP[a.type.dtype];
      let place = 0;
      for (let batch = 0; batch < batchesA.length; batch++) for (const row of rows) for (const column of columns) {
        const startA = (batchesA[batch] as number) + row, startB = (batchesB[batch] as number) + column;
        let total = 0;
        for (let k = 0; k < stepsA.length; k++) {
          total = wrap(total + multiply(a.data[startA + (stepsA[k] as number)] as number, b.data[startB + (stepsB[k] as number)] as number));
        }
        out[place++] = total;
      }
      return [out];
    },
  } satisfies Primitive<'dot'>,

  conv: {
    name: 'conv',
    traits: { family: 'contraction', elementwise: false, cost: 2 },
    infer: (inputs, { strides, padding, kernelDilation, inputDilation, groups }) => {
      arity('conv', inputs, 2);
      const x = at(inputs, 0), kernel = at(inputs, 1), spatial = x.shape.length - 2;
      if (x.dtype !== kernel.dtype) throw new DTypeError(`conv: operands ${showType(x)} and ${showType(kernel)} differ in dtype; cast one of them.`);
      accept('conv', x, 'number');
      if (spatial < 1 || kernel.shape.length !== x.shape.length) {
        throw new ShapeError(`conv: ${showType(x)} must be [N, spatial..., Cin] and the kernel ${showType(kernel)} [spatial..., Cin / groups, Cout] with as many spatial axes (at least one).`);
      }
      perAxis('conv', 'strides', strides, spatial, x);
      perAxis('conv', 'padding', padding, spatial, x);
      perAxis('conv', 'kernelDilation', kernelDilation, spatial, x);
      perAxis('conv', 'inputDilation', inputDilation, spatial, x);
      for (const n of [...strides, ...kernelDilation, ...inputDilation]) whole('conv', 'a stride or dilation', n, 1);
      whole('conv', 'groups', groups, 1);
      const channels = at(x.shape, -1), features = at(kernel.shape, -1);
      if (channels !== at(kernel.shape, -2) * groups || features % groups !== 0) {
        throw new ShapeError(`conv: ${channels} input channels in ${groups} group(s) do not fit the kernel ${showType(kernel)}: its last axes must be [${channels / groups}, a multiple of ${groups}].`);
      }
      const out = strides.map((stride, i) => {
        const extent = at(x.shape, i + 1), dilated = extent === 0 ? 0 : (extent - 1) * at(inputDilation, i) + 1;
        const [low, high] = at(padding, i);
        if (!Number.isInteger(low) || !Number.isInteger(high)) throw new ShapeError(`conv: padding [${low}, ${high}] must be whole numbers.`);
        return windowCount('conv', dilated, low, high, at(kernel.shape, i), at(kernelDilation, i), stride);
      });
      return { shape: [at(x.shape, 0), ...out, features], dtype: x.dtype };
    },
    evaluate: (inputs, attrs, results) => {
      const x = at(inputs, 0), kernel = at(inputs, 1), out = resultArray(results);
      const spatial = attrs.strides.length, result = at(results, 0).shape, window = kernel.type.shape.slice(0, spatial);
      const channels = at(kernel.type.shape, -2), features = at(kernel.type.shape, -1), perGroup = features / attrs.groups;
      const own = stridesOf(x.type.shape), multiply = multiplyIn(x.type.dtype), wrap = WRAP[x.type.dtype];
      // source[axis](o, k): the element of x that output o meets at kernel place k, or -1 in the padding and between dilated elements
      const source = (axis: number, o: number, k: number): number => {
        const dilation = at(attrs.inputDilation, axis);
        const p = o * at(attrs.strides, axis) + k * at(attrs.kernelDilation, axis) - at(at(attrs.padding, axis), 0);
        return p >= 0 && p % dilation === 0 && p / dilation < at(x.type.shape, axis + 1) ? p / dilation : -1;
      };
      forEachIndex(result.slice(0, -1), (index, position) => {
        const taps: { readonly from: number; readonly weight: number }[] = [];
        forEachIndex(window, (place, tap) => {
          let from = at(index, 0) * at(own, 0);
          for (let axis = 0; axis < spatial; axis++) {
            const p = source(axis, at(index, axis + 1), at(place, axis));
            if (p < 0) return;
            from += p * at(own, axis + 1);
          }
          taps.push({ from, weight: tap * channels * features });
        });
        for (let f = 0; f < features; f++) {
          const channel = Math.floor(f / perGroup) * channels;
          let total = 0;
          for (const { from, weight } of taps) for (let c = 0; c < channels; c++) {
            total = wrap(total + multiply(x.data[from + channel + c] as number, kernel.data[weight + c * features + f] as number));
          }
          out[position * features + f] = total;
        }
      });
      return [out];
    },
  } satisfies Primitive<'conv'>,

  windowReduce: {
    name: 'windowReduce',
    traits: { family: 'contraction', elementwise: false, cost: 1 },
    infer: (inputs, { kind, window, strides, padding, dilation }) => {
      const x = only('windowReduce', inputs), rank = x.shape.length;
      accept(`windowReduce ${kind}`, x, 'number');
      perAxis('windowReduce', 'window', window, rank, x);
      perAxis('windowReduce', 'strides', strides, rank, x);
      perAxis('windowReduce', 'padding', padding, rank, x);
      perAxis('windowReduce', 'dilation', dilation, rank, x);
      for (const n of [...window, ...strides, ...dilation]) whole('windowReduce', 'a window, stride or dilation', n, 1);
      for (const [low, high] of padding) {
        whole('windowReduce', 'padding', low, 0);
        whole('windowReduce', 'padding', high, 0);
      }
      const shape = x.shape.map((extent, i) => {
        const [low, high] = at(padding, i);
        return windowCount('windowReduce', extent, low, high, at(window, i), at(dilation, i), at(strides, i));
      });
      return { shape, dtype: x.dtype };
    },
    evaluate: (inputs, { kind, window, strides, padding, dilation }, results) => {
      const { type: { shape, dtype }, data } = at(inputs, 0), out = resultArray(results), own = stridesOf(shape);
      const combine = combineOf(kind, dtype), neutral = neutralOf(kind, dtype);
      forEachIndex(at(results, 0).shape, (index, flat) => {
        let total = neutral;
        forEachIndex(window, (place) => {
          let from = 0;
          for (let axis = 0; axis < shape.length; axis++) {
            const p = at(index, axis) * at(strides, axis) + at(place, axis) * at(dilation, axis) - at(at(padding, axis), 0);
            if (p < 0 || p >= at(shape, axis)) return; // padding is neutral
            from += p * at(own, axis);
          }
          total = combine(total, data[from] as number);
        });
        out[flat] = total;
      });
      return [out];
    },
  } satisfies Primitive<'windowReduce'>,
};
