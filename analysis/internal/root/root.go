package root

import "math"

// Increasing finds the root of an increasing function from a first guess
// and a first step, which doubles until the root is bracketed. The root is
// polished by Brent's method (Brent 1973, ch. 4) to a few units in the last
// place. It reports false if the function is not a number or never changes
// sign.
func Increasing(f func(float64) float64, guess, step float64) (float64, bool) {
	if !finite(guess) || !finite(step) {
		return 0, false
	}
	a := guess
	fa := f(a)
	if fa > 0 {
		step = -step
	}
	for range 200 {
		if math.IsNaN(fa) {
			return 0, false
		}
		if fa == 0 {
			return a, true
		}
		b := a + step
		fb := f(b)
		if math.IsNaN(fb) {
			return 0, false
		}
		if fb == 0 || (fa < 0) != (fb < 0) {
			return Brent(f, a, fa, b, fb), true
		}
		a, fa, step = b, fb, 2*step
	}
	return 0, false
}

// Brent finds the root between a and b, whose function values differ in sign.
// Infinite function values are allowed: they force bisection.
func Brent(f func(float64) float64, a, fa, b, fb float64) float64 {
	c, fc := a, fa
	d := b - a
	e := d
	for range 300 {
		if (fb > 0) == (fc > 0) {
			c, fc = a, fa
			d = b - a
			e = d
		}
		if math.Abs(fc) < math.Abs(fb) {
			a, b, c = b, c, b
			fa, fb, fc = fb, fc, fb
		}
		tol := 0x1p-52*math.Abs(b) + 1e-300
		half := (c - b) / 2
		if math.Abs(half) <= tol || fb == 0 {
			return b
		}
		if math.Abs(e) >= tol && math.Abs(fa) > math.Abs(fb) && finite(fa) && finite(fc) {
			var p, q float64
			s := fb / fa
			if a == c {
				p, q = 2*half*s, 1-s
			} else {
				r := fb / fc
				t := fa / fc
				p = s * (2*half*t*(t-r) - (b-a)*(r-1))
				q = (t - 1) * (r - 1) * (s - 1)
			}
			if p > 0 {
				q = -q
			} else {
				p = -p
			}
			if 2*p < math.Min(3*half*q-math.Abs(tol*q), math.Abs(e*q)) {
				e, d = d, p/q
			} else {
				d, e = half, half
			}
		} else {
			d, e = half, half
		}
		a, fa = b, fb
		if math.Abs(d) > tol {
			b += d
		} else {
			b += math.Copysign(tol, half)
		}
		fb = f(b)
		if math.IsNaN(fb) {
			return c
		}
	}
	return b
}

// finite reports whether v is neither NaN nor infinite.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
