"""Fits the polynomials of the WASM math functions and prints the TypeScript file of coefficients.

    python tools/math/fit.py > packages/core/src/backend/wasm/emit/math/coefficients.ts

Needs mpmath and numpy. Method: a weighted Remez exchange on a dense Chebyshev grid, in 60-digit arithmetic. Coefficients meant for f32 are
rounded one after the other from the constant term on, and the remaining ones are fitted again after each rounding, so that
the rounding of the early coefficients is made up for by the later ones. The printed error is that of the rounded polynomial, evaluated exactly.
"""
import struct
import mpmath as mp
import numpy as np

mp.mp.dps = 60


def f32(x):
    return mp.mpf(struct.unpack('f', struct.pack('f', float(x)))[0])


def f64(x):
    return mp.mpf(float(x))


def remez(f, weight, powers, lo, hi, points=400):
    """Coefficients c of sum c[i] x**powers[i] with the smallest max |weight (f - p)| on [lo, hi]."""
    n = len(powers)
    grid = [(lo + hi) / 2 - (hi - lo) / 2 * mp.cos(mp.pi * i / (points - 1)) for i in range(points)]
    fs = [f(x) for x in grid]
    ws = [weight(x) for x in grid]
    ps = [[x ** p for p in powers] for x in grid]
    nodes = [round(i * (points - 1) / n) for i in range(n + 1)]
    for _ in range(60):
        a = mp.matrix(n + 1, n + 1)
        b = mp.matrix(n + 1, 1)
        for row, k in enumerate(nodes):
            for col in range(n):
                a[row, col] = ps[k][col]
            a[row, n] = (-1) ** row / ws[k]
            b[row] = fs[k]
        solution = mp.lu_solve(a, b)
        coefficients = [solution[i] for i in range(n)]
        errors = [w * (y - sum(c * q for c, q in zip(coefficients, p))) for y, w, p in zip(fs, ws, ps)]
        # local extrema of alternating sign, the largest of each run of one sign
        extrema = []
        for k, e in enumerate(errors):
            if extrema and (errors[extrema[-1]] > 0) == (e > 0):
                if abs(e) > abs(errors[extrema[-1]]):
                    extrema[-1] = k
            else:
                extrema.append(k)
        while len(extrema) > n + 1:
            extrema.pop(0 if abs(errors[extrema[0]]) < abs(errors[extrema[-1]]) else -1)
        if len(extrema) < n + 1 or extrema == nodes:
            break
        nodes = extrema
    return coefficients, max(abs(e) for e in errors)


def lawson(f, weight, powers, lo, hi, points=400, steps=60):
    """The same as remez for bases without the Haar property (powers 1, 2, ... on an interval around 0): reweighted least squares."""
    grid = [(lo + hi) / 2 - (hi - lo) / 2 * mp.cos(mp.pi * i / (points - 1)) for i in range(points)]
    w = np.array([float(weight(x)) for x in grid])
    a = np.array([[float(x ** p) for p in powers] for x in grid])
    y = np.array([float(f(x)) for x in grid])
    share = np.full(points, 1 / points)
    best = None
    for _ in range(steps):
        row = np.sqrt(share) * w
        scale = np.linalg.norm(a * row[:, None], axis=0)
        c = np.linalg.lstsq(a * row[:, None] / scale, y * row, rcond=None)[0] / scale
        error = np.abs(w * (y - a @ c))
        if best is None or error.max() < best[0]:
            best = (error.max(), c)
        share = share * error
        share /= share.sum()
    return [mp.mpf(float(c)) for c in best[1]]


def fit(f, weight, powers, lo, hi, rounding):
    lo, hi = mp.mpf(lo), mp.mpf(hi)
    coefficients, _ = remez(f, weight, powers, lo, hi)
    fixed = [rounding(c) for c in coefficients]
    if rounding is f32:
        for done in range(1, len(powers)):
            def residual(x):
                return f(x) - sum(c * x ** p for c, p in zip(fixed[:done], powers))
            fixed[done] = f32(lawson(residual, weight, powers[done:], lo, hi)[0])
    worst = mp.mpf(0)
    for i in range(2001):
        x = lo + (hi - lo) * i / 2000
        worst = max(worst, abs(weight(x) * (f(x) - sum(c * x ** p for c, p in zip(fixed, powers)))))
    return fixed, worst


def series(f, at, terms):
    """f near a removable singularity at 0 by its Taylor series, elsewhere directly."""
    taylor = mp.taylor(at, 0, terms)
    return lambda x: (mp.polyval(taylor[::-1], x) if abs(x) < mp.mpf('1e-3') else f(x))


LN2H = mp.log(2) / 2 * mp.mpf('1.02')
SQRT2 = mp.sqrt(2)
QUARTER = mp.mpf('0.80')
TANH_SPLIT = mp.mpf('0.625')
ERF_SPLIT = mp.mpf('0.92')
ERF_END = mp.mpf('3.93')


def exp_tail(x):
    return sum(x ** i / mp.factorial(i + 2) for i in range(40))


def expm1_tail(x):
    return sum(x ** i / mp.factorial(i + 2) for i in range(40))


def log_tail(x):
    # (log(1+x) - x + x²/2) / x³
    if abs(x) < mp.mpf('1e-4'):
        return sum((-1) ** i * x ** i / (i + 3) for i in range(20))
    return (mp.log(1 + x) - x + x * x / 2) / x ** 3


def sin_tail(z):
    return sum((-1) ** (i + 1) * z ** i / mp.factorial(2 * i + 3) for i in range(25))


def cos_tail(z):
    return sum((-1) ** i * z ** i / mp.factorial(2 * i + 4) for i in range(25))


def tanh_tail(z):
    # (tanh(x) - x) / x³ with z = x²
    if z < mp.mpf('1e-6'):
        return -mp.mpf(1) / 3 + 2 * z / 15 - 17 * z * z / 315
    x = mp.sqrt(z)
    return (mp.tanh(x) - x) / (x * z)


def erf_tail(z):
    # erf(x)/x - 1 with z = x²
    total, term = mp.mpf(0), mp.mpf(1)
    for i in range(80):
        total += (-z) ** i / (mp.factorial(i) * (2 * i + 1))
    return 2 / mp.sqrt(mp.pi) * total - 1


def erfc_exponent(x):
    return mp.log(mp.erfc(x))


def log2_tail(z):
    # log2((1+s)/(1-s)) / s with z = s²
    return 2 / mp.log(2) * sum(z ** i / (2 * i + 1) for i in range(40))


FITS = [
    # name, what it is, function, weight, powers, interval, rounding
    ('EXP', 'exp(r) ≈ 1 + r + r² P(r)', exp_tail, lambda x: x * x / mp.exp(x), range(5), (-LN2H, LN2H), f32),
    ('EXPM1', 'expm1(r) ≈ r + r² P(r), relative error of expm1', expm1_tail, lambda x: abs(x) / abs(exp_tail(x) * x + 1), range(6), (-LN2H, LN2H), f32),
    ('LOG', 'log(1+f) ≈ f - f²/2 + f³ P(f)', log_tail, lambda x: x * x / (abs(mp.log(1 + x) / x) if abs(x) > mp.mpf('1e-9') else 1), range(8), (1 / SQRT2 - 1, SQRT2 - 1), f32),
    ('SIN', 'sin(r) ≈ r + r³ P(r²)', sin_tail, lambda z: z, range(3), (mp.mpf('1e-4'), QUARTER ** 2), f32),
    ('COS', 'cos(r) ≈ 1 - r²/2 + r⁴ P(r²)', cos_tail, lambda z: z * z / mp.cos(mp.sqrt(z)), range(3), (mp.mpf('1e-4'), QUARTER ** 2), f32),
    ('TANH', 'tanh(x) ≈ x + x³ P(x²)', tanh_tail, lambda z: z, range(5), (mp.mpf('1e-4'), TANH_SPLIT ** 2), f32),
    ('ERF', 'erf(x) ≈ x + x P(x²)', erf_tail, lambda z: 1, range(7), (0, ERF_SPLIT ** 2), f32),
    ('ERFC', 'log(erfc(x)) ≈ P(x), weighted by erfc(x)', erfc_exponent, lambda x: mp.erfc(x), range(7), (ERF_SPLIT * mp.mpf('0.999'), ERF_END), f32),
    ('LOG2', 'log2((1+s)/(1-s)) ≈ s P(s²), in f64', log2_tail, lambda z: 1, range(6), (0, ((SQRT2 - 1) / (SQRT2 + 1)) ** 2), f64),
    ('EXP2', '2^r ≈ P(r), in f64', lambda x: mp.power(2, x), lambda x: 1 / mp.power(2, x), range(8), (mp.mpf('-0.5'), mp.mpf('0.5')), f64),
]


def number(x, rounding):
    if rounding is f64:
        return repr(float(x))
    for digits in range(6, 12):
        text = mp.nstr(x, digits, strip_zeros=True)
        if f32(mp.mpf(text)) == x:
            break
    return text.removesuffix('.0')


def chunks(value, width, count):
    """value as a sum of numbers of at most `width` bits each, largest first."""
    out = []
    low = 0
    for _ in range(count):
        low += width
        piece = mp.floor(value * mp.power(2, low)) / mp.power(2, low)
        out.append(piece)
        value -= piece
    return out


print('/**')
print(' * Coefficients of the polynomials, lowest power first. Written by tools/math/fit.py (weighted Remez exchange in 60 digits); do not edit.')
print(' */')
for name, text, f, weight, powers, (lo, hi), rounding in FITS:
    coefficients, error = fit(f, weight, list(powers), lo, hi, rounding)
    print(f'/** {text}; on [{mp.nstr(mp.mpf(lo), 5)}, {mp.nstr(mp.mpf(hi), 5)}], error of the approximation 2^{mp.nstr(mp.log(error, 2), 4)} */')
    print(f'export const {name} = [{", ".join(number(c, rounding) for c in coefficients)}] as const;')
with mp.workdps(120):
    pieces = chunks(2 / mp.pi, 29, 7)
    print('/** 2/π in pieces of 29 bits, so that the product of a piece and an f32 is exact in f64 */')
    print(f'export const TWO_OVER_PI = [{", ".join(repr(float(p)) for p in pieces)}] as const;')
    high = mp.floor(mp.pi / 2 * mp.power(2, 35)) / mp.power(2, 35)
    print('/** π/2 = high + low; high has 36 bits, so its product with an integer below 2^17 is exact in f64 */')
    print(f'export const HALF_PI = [{float(high)!r}, {float(mp.pi / 2 - high)!r}] as const;')
