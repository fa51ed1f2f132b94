// The MNIST network in jax-js: parameters, loss and one jitted Adam step (its epsilon as in Keras). Every `.ref` is jax-js's ownership rule.
import { defaultDevice, init, jit, nn, numpy as np, random, tree, valueAndGrad } from '@jax-js/jax';

await init('wasm');
defaultDevice('wasm');

const glorot = (key, inputs, outputs) => {
  const limit = Math.sqrt(6 / (inputs + outputs));
  return random.uniform(key, [inputs, outputs], { minval: -limit, maxval: limit });
};
export function initial(seed) {
  const [a, b] = [random.key(seed), random.key(seed + 1)];
  const params = { w1: glorot(a, 784, 128), b1: np.zeros([128]), w2: glorot(b, 128, 10), b2: np.zeros([10]) };
  const zeros = () => tree.map((p) => np.zeros(p.shape), params);
  return { params, m: zeros(), v: zeros() };
}
const logitsOf = (p, x, drop) => {
  let hidden = nn.relu(np.matmul(x, p.w1).add(p.b1));
  if (drop !== null) hidden = hidden.mul(drop);
  return np.matmul(hidden, p.w2).add(p.b2);
};
const lossOf = (p, x, y, drop) => nn.logSoftmax(logitsOf(p, x, drop)).mul(y).sum().mul(-1).div(drop.shape[0]);

/** one step, jitted as a whole: (state, x [n, 784], one-hot y [n, 10], key for dropout, bias corrections [2]) → [new state, loss] */
export const trainStep = jit(({ params, m, v }, x, y, key, corrections) => {
  const keep = random.bernoulli(key, 0.8, [x.shape[0], 128]).astype(np.float32).mul(1.25);
  const [loss, grads] = valueAndGrad(lossOf)(tree.ref(params), x, y, keep);
  const [first, second] = [corrections.ref.slice(0), corrections.slice(1)];
  const m2 = tree.map((a, g) => a.mul(0.9).add(g.mul(0.1)), m, tree.ref(grads));
  const v2 = tree.map((a, g) => a.mul(0.999).add(np.square(g).mul(0.001)), v, grads);
  const next = tree.map((p, a, b) => p.sub(a.mul(first.ref).div(np.sqrt(b.mul(second.ref)).add(1e-7)).mul(1e-3)), params, tree.ref(m2), tree.ref(v2));
  first.dispose();
  second.dispose();
  return [{ params: next, m: m2, v: v2 }, loss];
});
/** what step number t (from 1) divides m and v by */
export const corrections = (t) => np.array(new Float32Array([1 / (1 - 0.9 ** t), 1 / (1 - 0.999 ** t)]));
export const predict = jit((params, x) => np.argmax(logitsOf(params, x, null), -1));
export { np, random };
