/** Rows of the contractions: dot, conv, windowReduce. */
import { DTypeError, ShapeError } from '../../base/errors.ts';
import { at, showShape } from '../../base/shape.ts';
import type { Primitive } from '../primitive.ts';
import { accept, arity, axesOf, only, perAxis, showType, whole, windowCount } from './check.ts';

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
    samples: () => [],
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
    samples: () => [],
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
    samples: () => [],
  } satisfies Primitive<'windowReduce'>,
};
