package factor

import (
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"tidemark/analysis"
)

// testdata/waves.csv holds simulated answers of 160 people to four items at
// three waves, some missing, in two groups; item 2 becomes easier at wave 3. The
// values below are what lavaan 0.6-14 prints for it, with relative tolerance
// 1e-10 of its optimiser.

// readWaves returns waves[w][i][p] and the groups.
func readWaves(t *testing.T) (waves [][][]float64, groups []string) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "waves.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	waves = make([][][]float64, 3)
	for w := range waves {
		waves[w] = make([][]float64, 4)
	}
	for _, row := range rows[1:] {
		for c, cell := range row[:12] {
			v := math.NaN()
			if cell != "" {
				if v, err = strconv.ParseFloat(cell, 64); err != nil {
					t.Fatal(err)
				}
			}
			waves[c/4][c%4] = append(waves[c/4][c%4], v)
		}
		groups = append(groups, row[12])
	}
	return waves, groups
}

// near compares an estimate with what another program prints.
func near(t *testing.T, name string, got analysis.Estimate, want, tolerance float64) {
	t.Helper()
	if !got.OK() || !(math.Abs(got.Value-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: got %v, want %v", name, got, want)
	}
}

// indices are χ², df, p, CFI, TLI, RMSEA, its interval, p of close fit, SRMR,
// log-likelihood, AIC, BIC.
func indices(f FitIndices) []analysis.Estimate {
	return []analysis.Estimate{
		f.ChiSquare, f.DF, f.P, f.CFI, f.TLI, f.RMSEA, f.RMSEACI.LowEstimate(), f.RMSEACI.HighEstimate(), f.PClose,
		f.SRMR, f.LogLikelihood, f.AIC, f.BIC,
	}
}

func nearAll(t *testing.T, name string, got []analysis.Estimate, want []float64) {
	t.Helper()
	for i, w := range want {
		near(t, name+" "+strconv.Itoa(i), got[i], w, 2e-5)
	}
}

func TestOneFactorIsLavaans(t *testing.T) {
	t.Parallel()
	waves, _ := readWaves(t)
	r, err := CFA(context.Background(), waves[0], Options{})
	if err != nil {
		t.Fatal(err)
	}
	nearAll(t, "index", indices(r.Fit), []float64{
		4.5609391195582, 2, 0.1022361894404, 0.9803092995747, 0.9409278987240, 0.0917831239425, 0, 0.2063431161037,
		0.1923722922525, 0.0332460173879, -800.5942478171240, 1617.1884956342481, 1641.3795398010184,
	})
	for i, want := range [][]float64{
		{1, math.NaN(), 0.4207775623, 0.09810036736, 0.7860023961, 0.05827729188},
		{0.7065636470, 0.11701747654, 0.5783368170, 0.08189722316, 0.6082188661, 0.06679511923},
		{0.6944273984, 0.11977717822, 0.6621396200, 0.09018348778, 0.5755527015, 0.06900882125},
		{0.7870246762, 0.12689059629, 0.6270083957, 0.09229446599, 0.6339420854, 0.06517121829},
	} {
		item := r.Items[i]
		name := "item " + item.Name + ", number "
		got := []analysis.Estimate{item.Loading, item.SE, item.Residual, item.ResidualSE, item.Standardised, item.StandardisedSE}
		for k, e := range got {
			if math.IsNaN(want[k]) {
				if e.Reason != analysis.ReasonFixed {
					t.Errorf("%s%d: got %v, want it fixed", name, k, e)
				}
				continue
			}
			near(t, name+strconv.Itoa(k), e, want[k], 1e-5)
		}
	}
	near(t, "factor variance", r.FactorVariance, 0.6801573027, 1e-5)
	near(t, "its SE", r.FactorVarianceSE, 0.14461154413, 1e-5)
	near(t, "upper end", r.Items[1].CI.HighEstimate(), 0.9359136866, 1e-5)
}

func TestThreeItemsFitExactlyAsInLavaan(t *testing.T) {
	t.Parallel()
	waves, _ := readWaves(t)
	r, err := CFA(context.Background(), waves[0][:3], Options{})
	if err != nil {
		t.Fatal(err)
	}
	nearAll(t, "index", indices(r.Fit)[3:7], []float64{1, 1, 0, 0})
	near(t, "log-likelihood", r.Fit.LogLikelihood, -616.366, 1e-6)
	if r.Fit.ChiSquare.Value != 0 || r.Fit.P.Reason != analysis.ReasonSaturated {
		t.Errorf("got χ² %v, p %v", r.Fit.ChiSquare, r.Fit.P)
	}
}

func TestWavesAreComparedAsInLavaan(t *testing.T) {
	t.Parallel()
	waves, _ := readWaves(t)
	r, err := WaveInvariance(context.Background(), waves, []string{"pre", "post", "later"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.N != 138 || r.Excluded != 22 {
		t.Errorf("got n %d, excluded %d", r.N, r.Excluded)
	}
	nearAll(t, "configural", indices(r.Configural), []float64{
		34.1938602760, 39, 0.688613319549, 1, 1.01827818850, 0, 0, 0.0477810757164, 0.959149964817, 0.0418160246183,
		-2054.41945903, 4210.83891806, 4360.12885601,
	})
	nearAll(t, "metric", indices(r.Metric), []float64{
		38.8914788294, 45, 0.727213491672, 1, 1.02013376225, 0, 0, 0.0434268793132, 0.973882335803, 0.0510831024149,
		-2056.76826831, 4203.53653662, 4335.26295245,
	})
	nearAll(t, "scalar", indices(r.Scalar), []float64{
		57.6678771405, 51, 0.242325859907, 0.985015404638, 0.980608170708, 0.0307800388249, 0, 0.0647970139679,
		0.792838361786, 0.0639427317231, -2066.15646746, 4210.31293493, 4324.47582865,
	})
	near(t, "latent mean at wave 2", r.LatentMeans[1].Mean, 0.4319385262, 1e-4)
	near(t, "its SE", r.LatentMeans[1].SE, 0.1037187933, 1e-4)
	near(t, "latent mean at wave 3", r.LatentMeans[2].Mean, 0.9409294670, 1e-4)
	near(t, "its SE", r.LatentMeans[2].SE, 0.1278649540, 1e-4)
	if r.MetricTest.Reading != Holds || r.ScalarTest.Reading != Fails || r.Held() != Metric {
		t.Errorf("got readings %s and %s, held %s", r.MetricTest.Reading, r.ScalarTest.Reading, r.Held())
	}
}

func TestGroupsAreComparedAsInLavaan(t *testing.T) {
	t.Parallel()
	waves, groups := readWaves(t)
	// lavaan keeps who answered the first wave.
	r, err := GroupInvariance(context.Background(), waves[0], groups, Options{})
	if err != nil {
		t.Fatal(err)
	}
	nearAll(t, "configural", indices(r.Configural), []float64{
		6.7601576615460, 4, 0.1491187801127, 0.9795211453225, 0.9385634359676, 0.0952862319117, 0, 0.2155622226370,
		0.2242922298699, 0.0329610193583, -795.0020400266619, 1638.0040800533238, 1710.5772125536346,
	})
	nearAll(t, "metric", indices(r.Metric), []float64{
		11.7941144949514, 7, 0.1075360688874, 0.9644303021465, 0.9390233751082, 0.0949288860756, 0, 0.1859918620459,
		0.1925928186745, 0.0629205335395, -797.5190184433644, 1637.0380368867288, 1700.5395278245007,
	})
	nearAll(t, "scalar", indices(r.Scalar), []float64{
		15.4822270596010, 10, 0.1154447149616, 0.9593248846518, 0.9511898615822, 0.0849320708412, 0, 0.1633218027328,
		0.2219967750646, 0.0699471733723, -799.3630747256893, 1634.7261494513787, 1689.1559988266117,
	})
	near(t, "latent mean of the second group", r.LatentMeans[1].Mean, -0.01371570117, 1e-4)
	near(t, "its SE", r.LatentMeans[1].SE, 0.1997579092, 1e-4)
}

func TestInvarianceDoesNotDependOnOrderOrKeys(t *testing.T) {
	t.Parallel()
	waves, groups := readWaves(t)
	want, err := WaveInvariance(context.Background(), waves, []string{"a", "b", "c"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// Other items first, people backwards, one item worded the other way round.
	var moved [][][]float64
	for _, w := range waves {
		items := slices.Clone(w)
		slices.Reverse(items)
		for i, x := range items {
			x = slices.Clone(x)
			slices.Reverse(x)
			if i == 1 {
				for p := range x {
					x[p] = 6 - x[p]
				}
			}
			items[i] = x
		}
		moved = append(moved, items)
	}
	opt := Options{Keys: []int{1, -1, 1, 1}, Min: 1, Max: 5}
	got, err := WaveInvariance(context.Background(), moved, []string{"a", "b", "c"}, opt)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range indices(want.Scalar) {
		near(t, "scalar index "+strconv.Itoa(i), indices(got.Scalar)[i], e.Value, 1e-7)
	}
	// The second group as the first flips the sign of the latent mean, in other units.
	ab, err := GroupInvariance(context.Background(), waves[0], groups, Options{})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(groups)
	var back [][]float64
	for _, x := range waves[0] {
		x = slices.Clone(x)
		slices.Reverse(x)
		back = append(back, x)
	}
	ba, err := GroupInvariance(context.Background(), back, groups, Options{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "χ²", ba.Scalar.ChiSquare, ab.Scalar.ChiSquare.Value, 1e-8)
	if !(ba.LatentMeans[1].Mean.Value*ab.LatentMeans[1].Mean.Value < 0) {
		t.Errorf("got latent means %v and %v", ba.LatentMeans[1].Mean, ab.LatentMeans[1].Mean)
	}
}

// What psych 2.2.9 prints for the first 15 items of bfi, keyed, with
// omega(flip = FALSE); its optimisers are good to three digits.
func TestHierarchicalOmegaIsThatOfPsych(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join("..", "testdata", "reference", "data", "bfi.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	items := make([][]float64, 15)
rows:
	for _, row := range rows[1:] {
		for _, cell := range row[:25] { // psych was given who answered all 25
			if cell == "" {
				continue rows
			}
		}
		for i := range items {
			v, err := strconv.ParseFloat(row[i], 64)
			if err != nil {
				t.Fatal(err)
			}
			items[i] = append(items[i], v)
		}
	}
	opt := Options{Keys: []int{-1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, 1, 1, 1}, Min: 1, Max: 6}
	for factors, want := range map[int][2]float64{
		2: {0.8400132215, 0.4151269589}, 3: {0.8539523253, 0.5490036242}, 4: {0.8625775778, 0.5234301095},
	} {
		r, err := OmegaHierarchical(context.Background(), items, factors, opt)
		if err != nil {
			t.Fatal(err)
		}
		near(t, strconv.Itoa(factors)+" factors, total", r.Total, want[0], 5e-4)
		near(t, strconv.Itoa(factors)+" factors, hierarchical", r.Hierarchical, want[1], 1e-3)
	}
}
