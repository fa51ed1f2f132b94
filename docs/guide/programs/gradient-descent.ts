// Down the bowl f(w) = (w₁ - 3)² + 10 (w₂ + 1)², with and without momentum.
import { grad, ops, optimizers, tensor, Variable, type Tensor } from '@limelight/core';

const f = (w: Tensor): Tensor => ops.sum(ops.multiply(tensor([1, 10]), ops.square(ops.subtract(w, tensor([3, -1])))));
const slope = grad(f);

for (const [name, optimizer] of [['plain', optimizers.sgd()], ['momentum', optimizers.sgd({ momentum: 0.8 })], ['adam', optimizers.adam()]] as const) {
  const w = new Variable(tensor([0, 0]));
  const rate = tensor(name === 'adam' ? 0.3 : 0.02);
  for (let step = 1; step <= 60; step++) {
    optimizer.apply([slope(w.value)], [w], rate);
    if (step === 10 || step === 60) console.log(`${name.padEnd(8)} step ${step}   f = ${f(w.value).item().toFixed(3)}`);
  }
}
