package mixed

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"gonum.org/v1/gonum/mat"

	"tidemark/analysis/design"
)

// This file computes inference the long way: with the covariance matrix of all
// rows, derivatives by differences, and the published formulas.

// dense is a normal model with mean Xβ and a covariance that is linear in its
// parameters: V = Σ θ_j·V_j.
type dense struct {
	x     *mat.Dense
	y     *mat.VecDense
	parts []*mat.SymDense
	ml    bool
}

func newDense(d *design.Design, parts []*mat.SymDense, ml bool) dense {
	n, p := len(d.Y), len(d.X)
	x := mat.NewDense(n, p, nil)
	for j, column := range d.X {
		x.SetCol(j, column)
	}
	return dense{x: x, y: mat.NewVecDense(n, d.Y), parts: parts, ml: ml}
}

func (f dense) covariance(theta []float64) *mat.SymDense {
	n := f.y.Len()
	v := mat.NewSymDense(n, nil)
	for j, part := range f.parts {
		for a := range n {
			for b := a; b < n; b++ {
				v.SetSym(a, b, v.At(a, b)+theta[j]*part.At(a, b))
			}
		}
	}
	return v
}

// fit returns −2·log-likelihood and the covariance of the fixed effects.
func (f dense) fit(t *testing.T, theta []float64) (float64, *mat.Dense) {
	t.Helper()
	var chol mat.Cholesky
	if !chol.Factorize(f.covariance(theta)) {
		t.Fatalf("V is not positive definite at %v", theta)
	}
	n, p := f.x.Dims()
	var vx, xvx, phi mat.Dense
	var vy, beta, e, ve mat.VecDense
	must(t, chol.SolveTo(&vx, f.x), chol.SolveVecTo(&vy, f.y))
	xvx.Mul(f.x.T(), &vx)
	must(t, phi.Inverse(&xvx))
	var xvy mat.VecDense
	xvy.MulVec(f.x.T(), &vy)
	beta.MulVec(&phi, &xvy)
	e.MulVec(f.x, &beta)
	e.SubVec(f.y, &e)
	must(t, chol.SolveVecTo(&ve, &e))
	value := chol.LogDet() + mat.Dot(&e, &ve) + float64(n)*math.Log(2*math.Pi)
	if !f.ml {
		value += math.Log(mat.Det(&xvx)) - float64(p)*math.Log(2*math.Pi)
	}
	return value, &phi
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// hessian differentiates twice by differences of fourth order.
func (f dense) hessian(t *testing.T, theta []float64) *mat.SymDense {
	t.Helper()
	k := len(theta)
	h := mat.NewSymDense(k, nil)
	weights := []struct{ at, w float64 }{{-2, 1. / 12}, {-1, -8. / 12}, {1, 8. / 12}, {2, -1. / 12}}
	step := func(i int) float64 { return 2e-3 * math.Max(math.Abs(theta[i]), 0.1) }
	for i := range k {
		for j := range i + 1 {
			sum := 0.0
			for _, a := range weights {
				for _, b := range weights {
					x := slices.Clone(theta)
					x[i] += a.at * step(i)
					x[j] += b.at * step(j)
					v, _ := f.fit(t, x)
					sum += a.w * b.w * v
				}
			}
			h.SetSym(i, j, sum/step(i)/step(j))
		}
	}
	return h
}

// parts returns X'V⁻¹V_jV⁻¹X·(−1) and the Q_jk of Kenward & Roger.
func (f dense) kenwardRoger(t *testing.T, theta []float64, w mat.Matrix) *mat.Dense {
	t.Helper()
	var chol mat.Cholesky
	chol.Factorize(f.covariance(theta))
	var vx mat.Dense
	must(t, chol.SolveTo(&vx, f.x))
	_, phi := f.fit(t, theta)
	p, _ := phi.Dims()
	sum := mat.NewDense(p, p, nil)
	for j := range theta {
		for k := range theta {
			var vjx, vkx, half, q, pj, pk, pp mat.Dense
			vjx.Mul(f.parts[j], &vx)
			vkx.Mul(f.parts[k], &vx)
			must(t, chol.SolveTo(&half, &vkx))
			q.Mul(vjx.T(), &half)
			pj.Mul(vx.T(), &vjx)
			pk.Mul(vx.T(), &vkx)
			pp.Product(&pj, phi, &pk)
			q.Sub(&q, &pp)
			q.Scale(w.At(j, k), &q)
			sum.Add(sum, &q)
		}
	}
	var out mat.Dense
	out.Product(phi, sum, phi)
	out.Scale(2, &out)
	out.Add(&out, phi)
	return &out
}

// expected returns ½·tr(P·V_j·P·V_k).
func (f dense) expected(t *testing.T, theta []float64) *mat.SymDense {
	t.Helper()
	var inv mat.SymDense
	var chol mat.Cholesky
	chol.Factorize(f.covariance(theta))
	must(t, chol.InverseTo(&inv))
	_, phi := f.fit(t, theta)
	var vx, p mat.Dense
	vx.Mul(&inv, f.x)
	p.Product(&vx, phi, vx.T())
	p.Sub(&inv, &p)
	k := len(theta)
	out := mat.NewSymDense(k, nil)
	for i := range k {
		for j := range i + 1 {
			var a, b mat.Dense
			a.Mul(&p, f.parts[i])
			b.Mul(&p, f.parts[j])
			a.Mul(&a, &b)
			out.SetSym(i, j, mat.Trace(&a)/2)
		}
	}
	return out
}

// degrees returns 2v²/Var(v) for the variance of a fixed effect.
func (f dense) degrees(t *testing.T, theta []float64, w mat.Matrix, effect int) float64 {
	t.Helper()
	k := len(theta)
	g := mat.NewVecDense(k, nil)
	for i := range k {
		h := 1e-4 * math.Max(math.Abs(theta[i]), 0.1)
		up, down := slices.Clone(theta), slices.Clone(theta)
		up[i] += h
		down[i] -= h
		_, a := f.fit(t, up)
		_, b := f.fit(t, down)
		g.SetVec(i, (a.At(effect, effect)-b.At(effect, effect))/(2*h))
	}
	_, phi := f.fit(t, theta)
	v := phi.At(effect, effect)
	return 2 * v * v / mat.Inner(g, w, g)
}

// check compares a table of fixed effects with the long way.
func (f dense) check(t *testing.T, theta []float64, logLik float64, got []Coefficient, wKR mat.Matrix) {
	t.Helper()
	value, phi := f.fit(t, theta)
	if math.Abs(value/-2-logLik) > 1e-9*math.Abs(logLik) {
		t.Errorf("logLik: got %v, want %v", logLik, value/-2)
	}
	var w mat.Dense
	must(t, w.Inverse(f.hessian(t, theta)))
	w.Scale(2, &w)
	if wKR == nil {
		wKR = &w
	}
	var adjusted *mat.Dense
	if !f.ml {
		adjusted = f.kenwardRoger(t, theta, wKR)
	}
	for i, k := range got {
		near(t, k.Name+" SE", k.Satterthwaite.SE, math.Sqrt(phi.At(i, i)), 1e-8)
		near(t, k.Name+" df", k.Satterthwaite.DF, f.degrees(t, theta, &w, i), 1e-5)
		if adjusted != nil {
			near(t, k.Name+" KR SE", k.KenwardRoger.SE, math.Sqrt(adjusted.At(i, i)), 1e-6)
			near(t, k.Name+" KR df", k.KenwardRoger.DF, f.degrees(t, theta, wKR, i), 1e-5)
		}
	}
}

// visitParts are the derivatives of V by the elements of the covariance of the
// visits.
func visitParts(d *design.Design) []*mat.SymDense {
	n, m := len(d.Y), len(d.Keys[1].Levels)
	person, visit := d.Keys[0].Codes, d.Keys[1].Codes
	parts := make([]*mat.SymDense, packedLen(m))
	for j := range parts {
		parts[j] = mat.NewSymDense(n, nil)
	}
	for a := range n {
		for b := range n {
			if person[a] == person[b] {
				parts[packed(visit[a], visit[b])].SetSym(a, b, 1)
			}
		}
	}
	return parts
}

func TestInferenceOfAnUnstructuredCovarianceIsThatOfTheDenseFormulas(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		columns []design.Column
		formula string
		keys    [2]string
	}{
		"incomplete":   {simulated(31, 24, 3, 0.2).columns(), "y ~ arm*factor(week)", [2]string{"id", "week"}},
		"growth curve": {table(t, "orthodont.csv"), "distance ~ age11*male", [2]string{"subject", "visit"}},
	} {
		for _, ml := range []bool{false, true} {
			d := build(t, c.formula, c.columns, c.keys[0], c.keys[1])
			r := fitMMRM(t, d, MMRMOptions{ML: ml})
			var theta []float64
			for a, row := range r.Covariances {
				for b := range row {
					if packed(a, b) != len(theta) {
						t.Fatal("the order of the elements has changed")
					}
					theta = append(theta, row[b].Value)
				}
			}
			t.Log(name, r.Iterations)
			newDense(d, visitParts(d), ml).check(t, theta, r.LogLikelihood.Value, r.Coefficients, nil)
		}
	}
}

func TestInferenceOfAMixedModelIsThatOfTheDenseFormulas(t *testing.T) {
	t.Parallel()
	d := build(t, "y ~ week*arm + (week | id)", simulated(33, 20, 5, 0.25).columns())
	n := len(d.Y)
	random := d.Random[0]
	parts := make([]*mat.SymDense, 4)
	for j := range parts {
		parts[j] = mat.NewSymDense(n, nil)
	}
	for a := range n {
		parts[3].SetSym(a, a, 1)
		for b := range n {
			if random.Codes[a] != random.Codes[b] {
				continue
			}
			x, y := random.Z[1][a], random.Z[1][b]
			parts[0].SetSym(a, b, 1)
			parts[1].SetSym(a, b, x+y)
			parts[2].SetSym(a, b, x*y)
		}
	}
	for _, ml := range []bool{false, true} {
		r := fitLMM(t, d, LMMOptions{ML: ml})
		g := r.Random[0]
		theta := []float64{g.Variance[0].Value, g.Covariance[1][0].Value, g.Variance[1].Value, r.Residual.Value}
		f := newDense(d, parts, ml)
		var w mat.Dense
		must(t, w.Inverse(f.expected(t, theta)))
		f.check(t, theta, r.LogLikelihood.Value, r.Coefficients, &w)
	}
}

// table reads a file of the reference data; columns of numbers are numeric.
func table(t testing.TB, name string) []design.Column {
	t.Helper()
	f, err := os.Open("../testdata/reference/data/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var columns []design.Column
	for k, name := range rows[0] {
		var labels []string
		var values []float64
		numbers := true
		for _, row := range rows[1:] {
			v, err := strconv.ParseFloat(row[k], 64)
			if row[k] == "" {
				v, err = math.NaN(), nil
			}
			numbers = numbers && err == nil
			labels, values = append(labels, row[k]), append(values, v)
		}
		if numbers {
			columns = append(columns, design.Numeric(name, values))
		} else {
			columns = append(columns, design.Factor(name, labels))
		}
	}
	return columns
}
