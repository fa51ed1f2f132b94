/**
 * A line fitted to noisy points by hand: no layers, only a loss function, its gradient and a step against it.
 * The points lie around y = 2 x - 1; the fit must find slope and intercept.
 */
import { jit, random, tensor, valueAndGrad, type Tensor } from '@limelight/core';

const x = random.uniform([200], 1, { min: -3, max: 3 });
const y = x.mul(2).sub(1).add(random.normal([200], 2, { stddev: 0.1 }));

type Line = { slope: Tensor; intercept: Tensor };
const loss = (line: Line, xs: Tensor, ys: Tensor): Tensor => line.slope.mul(xs).add(line.intercept).sub(ys).square().mean();

// One compiled program: the loss, its gradient for every tensor of `line`, and the new line.
const lossAndGradient = valueAndGrad(loss);
const step = jit((line: Line, xs: Tensor, ys: Tensor) => {
  const { value, grad } = lossAndGradient(line, xs, ys);
  const rate = 0.1;
  return { value, line: { slope: line.slope.sub(grad.slope.mul(rate)), intercept: line.intercept.sub(grad.intercept.mul(rate)) } };
});

let line: Line = { slope: tensor(0), intercept: tensor(0) };
for (let i = 1; i <= 100; i++) {
  const result = step(line, x, y);
  line = result.line;
  if (i % 20 === 0) console.log(`step ${i}: loss ${result.value.item().toFixed(4)}`);
}

const slope = line.slope.item(), intercept = line.intercept.item();
console.log(`y = ${slope.toFixed(3)} x ${intercept < 0 ? '-' : '+'} ${Math.abs(intercept).toFixed(3)}`);
if (Math.abs(slope - 2) > 0.02 || Math.abs(intercept + 1) > 0.03) throw new Error('the line was not found');
