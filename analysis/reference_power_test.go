package analysis_test

import (
	"fmt"

	"tidemark/analysis/power"
)

// refPowerMethods are the power and the sample size of t tests.
func refPowerMethods() map[string]refMethod {
	return map[string]refMethod{"power_t": refPower, "sample_size_t": refSampleSize}
}

// refTestToPlan reads the options that describe a test.
func refTestToPlan(c *refCase) (power.Test, error) {
	var t power.Test
	var kind string
	for name, v := range map[string]any{"type": &kind, "d": &t.Effect, "alpha": &t.Alpha} {
		if err := c.option(name, v); err != nil {
			return t, err
		}
	}
	designs := map[string]power.Design{"paired": power.Paired, "two": power.TwoSample, "one": power.OneSample}
	design, ok := designs[kind]
	if !ok {
		return t, fmt.Errorf("unsupported type %q", kind)
	}
	t.Design = design
	return t, nil
}

func refPower(c *refCase) (map[string]any, error) {
	t, err := refTestToPlan(c)
	if err != nil {
		return nil, err
	}
	var n float64
	if err := c.option("n", &n); err != nil {
		return nil, err
	}
	oneSided := t
	oneSided.OneSided = true
	return map[string]any{"power": t.Power(n), "power_one_sided": oneSided.Power(n)}, nil
}

func refSampleSize(c *refCase) (map[string]any, error) {
	t, err := refTestToPlan(c)
	if err != nil {
		return nil, err
	}
	var target float64
	if err := c.option("power", &target); err != nil {
		return nil, err
	}
	s := t.SampleSize(target)
	return map[string]any{"n_exact": s.Exact, "n_required": s.Required}, nil
}
