// Five nodes: a = w·x, z = a + b, h = relu(z), e = h - t, L = e². The framework's gradients against the chain rule by hand.
import { grad, ops, tensor } from '@limelight/core';

const [x, w, b, t] = [2, 0.5, 1, 3];
const a = w * x, z = a + b, h = Math.max(z, 0), e = h - t, L = e * e;
console.log(`forward   a = ${a}  z = ${z}  h = ${h}  e = ${e}  L = ${L}`);

const de = 2 * e, dh = de * 1, dz = dh * (z > 0 ? 1 : 0), da = dz * 1;
const byHand = { w: da * x, x: da * w, b: dz * 1 };
console.log(`by hand   dL/dw = ${byHand.w}  dL/dx = ${byHand.x}  dL/db = ${byHand.b}`);

const loss = ({ w: wt, x: xt, b: bt }: { w: ReturnType<typeof tensor>; x: ReturnType<typeof tensor>; b: ReturnType<typeof tensor> }) =>
  ops.square(ops.subtract(ops.relu(ops.add(ops.multiply(wt, xt), bt)), t));
const g = grad(loss)({ w: tensor(w), x: tensor(x), b: tensor(b) });
console.log(`by grad   dL/dw = ${g.w.item()}  dL/dx = ${g.x.item()}  dL/db = ${g.b.item()}`);
