package main

import (
	"math"
	"strconv"
	"strings"

	"tidemark/survey/plan"
	"tidemark/survey/report/filedata"
)

// perScale are numbers for scales: "0.8" for every scale, or "bdi=0.8".
type perScale []string

// value is the number for a scale; nil: none was given. Flag is its name.
func (v perScale) value(flag, scale string) (*float64, error) {
	var found *float64
	for _, text := range v {
		name, number, named := strings.Cut(text, "=")
		if !named {
			name, number = "", text
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || math.Abs(n) >= maxSpread {
			n = math.NaN()
		}
		if err != nil {
			return nil, misuse("--%s must be a number, or NAME=number, as 0.85: %q", flag, text)
		}
		if strings.TrimSpace(name) == scale || !named && found == nil {
			found = &n
		}
	}
	return found, nil
}

// names are the scales that numbers are given for.
func (v perScale) names() []string {
	var names []string
	for _, text := range v {
		if name, _, named := strings.Cut(text, "="); named {
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names
}

// scaleFacts are what is known of a scale; nil: nothing.
type scaleFacts struct{ reliability, sd, normMean, normSD, mcid *float64 }

// factsOf reads them for a scale.
func (c *analyzeCmd) factsOf(scale string) (f scaleFacts, err error) {
	for _, v := range []struct {
		from perScale
		flag string
		to   **float64
	}{
		{c.Reliability, "reliability", &f.reliability}, {c.SD, "sd", &f.sd}, {c.NormMean, "norm-mean", &f.normMean},
		{c.NormSD, "norm-sd", &f.normSD}, {c.MCID, "mcid", &f.mcid},
	} {
		if *v.to, err = v.from.value(v.flag, scale); err != nil {
			return scaleFacts{}, err
		}
	}
	above := func(v *float64) bool { return v == nil || *v > 0 }
	switch {
	case f.reliability != nil && !(*f.reliability > 0 && *f.reliability < 1):
		err = misuse("--reliability must lie between 0 and 1, as 0.85")
	case !above(f.sd) || !above(f.normSD):
		err = misuse("a spread must be above 0")
	case !above(f.mcid):
		err = misuse("--mcid must be above 0")
	case f.reliability == nil && (f.sd != nil || f.normSD != nil):
		err = misuse("--sd and --norm-sd need --reliability")
	case (f.normMean != nil) != (f.normSD != nil), f.normMean != nil && math.IsNaN(*f.normMean):
		err = misuse("--norm-mean and --norm-sd go together")
	}
	return f, err
}

// planned is what a plan says of them.
func (f scaleFacts) planned() filedata.Facts {
	out := filedata.Facts{Reliability: f.reliability, SD: f.sd, MCID: f.mcid, Source: "as given"}
	if f.normMean != nil {
		out.Norm = &plan.Norm{Mean: *f.normMean, SD: *f.normSD, Citation: "as given"}
	}
	return out
}

func (f scaleFacts) known() bool { return f != scaleFacts{} }

// named parts flags like "scs=1,4,8" into what they name; without a name they are
// about the only scale there is.
func named(flag string, values []string, scales []string) (map[string]string, error) {
	out := map[string]string{}
	for _, text := range values {
		name, rest, ok := strings.Cut(text, "=")
		if !ok {
			if len(scales) != 1 {
				return nil, misuse("--%s must say of which scale, as --%s NAME=%s", flag, flag, text)
			}
			name, rest = scales[0], text
		}
		name = strings.TrimSpace(name)
		if out[name] != "" {
			rest = out[name] + "," + rest
		}
		out[name] = rest
	}
	return out, nil
}
