/**
 * Coefficients of the polynomials, lowest power first. Written by tools/math/fit.py (weighted Remez exchange in 60 digits); do not edit.
 */
/** exp(r) ≈ 1 + r + r² P(r); on [-0.35351, 0.35351], error of the approximation 2^-28.02 */
export const EXP = [0.49999994, 0.16666512, 0.0416683, 0.008369828, 0.0013820642] as const;
/** expm1(r) ≈ r + r² P(r), relative error of expm1; on [-0.35351, 0.35351], error of the approximation 2^-30.93 */
export const EXPM1 = [0.5, 0.16666666, 0.041666478, 0.008333538, 0.0013934126, 0.00019771302] as const;
/** log(1+f) ≈ f - f²/2 + f³ P(f); on [-0.29289, 0.41421], error of the approximation 2^-27.35 */
export const LOG = [0.3333333, -0.2500082, 0.20001243, -0.1662341, 0.1420154, -0.13159554, 0.1276249, -0.07636932] as const;
/** sin(r) ≈ r + r³ P(r²); on [0.0001, 0.64], error of the approximation 2^-27.82 */
export const SIN = [-0.16666654, 0.008332098, -0.00019506023] as const;
/** cos(r) ≈ 1 - r²/2 + r⁴ P(r²); on [0.0001, 0.64], error of the approximation 2^-32.6 */
export const COS = [0.04166664, -0.001388713, 2.4412086e-5] as const;
/** tanh(x) ≈ x + x³ P(x²); on [0.0001, 0.39063], error of the approximation 2^-27.84 */
export const TANH = [-0.33333284, 0.13331485, -0.053743005, 0.020649094, -0.005715473] as const;
/** erf(x) ≈ x + x P(x²); on [0.0, 0.8464], error of the approximation 2^-29.94 */
export const ERF = [0.12837917, -0.37612632, 0.112836786, -0.026858738, 0.0051997905, -0.0008131547, 8.3316496e-5] as const;
/** log(erfc(x)) ≈ P(x), weighted by erfc(x); on [0.91908, 3.93], error of the approximation 2^-29.32 */
export const ERFC = [-0.000205627, -1.1276331, -0.6372562, -0.10386469, 0.02219374, -0.0030346687, 0.00019504374] as const;
/** log2((1+s)/(1-s)) ≈ s P(s²), in f64; on [0.0, 0.029437], error of the approximation 2^-43.56 */
export const LOG2 = [2.8853900817778495, 0.9617966941139582, 0.5770779421995811, 0.4122092679072355, 0.3199051009677625, 0.2829081681120525] as const;
/** 2^r ≈ P(r), in f64; on [-0.5, 0.5], error of the approximation 2^-34.53 */
export const EXP2 = [0.9999999999616748, 0.6931471807284446, 0.2402265119818035, 0.05550410353468937, 0.009618027251132574, 0.0013333922544983621, 0.00015469291870686772, 1.5201926039494834e-05] as const;
/** 2/π in pieces of 29 bits, so that the product of a piece and an f32 is exact in f64 */
export const TWO_OVER_PI = [0.636619770899415, 1.4681663246252086e-09, 2.2760100671971816e-18, 5.8812147387730434e-27, 1.0346868700836215e-35, 3.783256351091319e-45, 3.720474878517739e-53] as const;
/** π/2 = high + low; high has 36 bits, so its product with an integer below 2^17 is exact in f64 */
export const HALF_PI = [1.5707963267923333, 2.563344151594519e-12] as const;
