package filedata

import (
	"fmt"
	"slices"
	"strings"

	"tidemark/survey/report"
)

// Frames are all numbers of the details in full, by the names of the tables.
func (d *Details) Frames() []report.Frame {
	all := []report.Frame{
		d.scalesFrame(), d.bandsFrame(), d.effectsFrame(), d.contrastsFrame(), d.differencesFrame(), d.cutOffsFrame(),
		d.correlationsFrame(), d.itemsFrame(),
	}
	return slices.DeleteFunc(all, func(f report.Frame) bool { return len(f.Rows) == 0 })
}

func record() *report.Record { return &report.Record{} }

func (d *Details) scalesFrame() report.Frame {
	f := report.Frame{Name: TableScales}
	for i := range d.Scales {
		r := &d.Scales[i]
		record().Text("scale", r.Scale).Text("name", r.Name).Text("wave", r.Wave).Text("group", r.Group).Int("items", r.Items).Int("n", r.N).
			Int("missing", r.Missing).Estimate("mean", r.Mean).Interval("mean_ci", r.MeanCI).Estimate("sd", r.SD).Estimate("median", r.Median).
			Estimate("min", r.Min).Estimate("max", r.Max).Estimate("skewness", r.Scores.Skewness.Type2).Estimate("kurtosis", r.Scores.Kurtosis.Type2).
			Estimate("alpha", r.Alpha).Interval("alpha_ci", r.AlphaCI).Into(&f)
	}
	return f
}

func (d *Details) bandsFrame() report.Frame {
	f := report.Frame{Name: TableBands}
	for _, r := range d.Bands {
		record().Text("scale", r.Scale).Text("wave", r.Wave).Text("group", r.Group).Float("from", r.From).Float("to", r.To).Int("n", r.N).Int("of", r.Of).Into(&f)
	}
	return f
}

func (d *Details) effectsFrame() report.Frame {
	f := report.Frame{Name: TableEffects}
	for i := range d.Effects {
		r := &d.Effects[i]
		record().Text("scale", r.Scale).Text("pre", r.Pre).Text("post", r.Post).Text("group", r.Group).Int("n", r.N).
			Estimate("mean_pre", r.MeanPre).Estimate("sd_pre", r.SDPre).Estimate("mean_post", r.MeanPost).Estimate("sd_post", r.SDPost).
			Estimate("r", r.R).Estimate("change", r.Change).Estimate("change_sd", r.ChangeSD).Interval("change_ci", r.CI).
			Estimate("t", r.T).Estimate("df", r.DF).Estimate("p", r.P).Estimate("d_z", r.Dz).Interval("d_z_ci", r.DzCI).Estimate("g_z", r.Gz).
			Estimate("g_z_approx", r.GzApprox).Estimate("d_av_mean_sd", r.DavMeanSD).
			Estimate("d_av", r.Dav).Interval("d_av_ci", r.DavCI).Estimate("g_av", r.Gav).Estimate("d_rm", r.Drm).Estimate("d_pre", r.Dpre).Into(&f)
	}
	return f
}

func (m MeanTest) write(r *report.Record, name string) {
	r.Estimate(name+"_t", m.T).Estimate(name+"_df", m.DF).Estimate(name+"_p", m.P).Interval(name+"_ci", m.CI)
}

func (d *Details) contrastsFrame() report.Frame {
	f := report.Frame{Name: TableContrasts}
	for i := range d.Contrasts {
		r := &d.Contrasts[i]
		row := record().Text("scale", r.Scale).Text("pre", r.Pre).Text("post", r.Post).Text("course", r.Course).Text("control", r.Control).
			Int("n_course", r.NCourse).Int("n_control", r.NControl).Estimate("difference", r.Difference)
		r.Welch.write(row, "welch")
		r.Student.write(row, "student")
		row.Estimate("d_ppc2", r.DPPC2).Interval("d_ppc2_ci", r.DPPC2CI).Estimate("ancova", r.Ancova).Interval("ancova_ci", r.AncovaCI).
			Estimate("ancova_t", r.AncovaT).Estimate("ancova_p", r.AncovaP).Into(&f)
	}
	return f
}

func (d *Details) differencesFrame() report.Frame {
	f := report.Frame{Name: TableDifferences}
	for i := range d.Differences {
		r := &d.Differences[i]
		row := record().Text("scale", r.Scale).Text("course", r.Course).Text("control", r.Control).
			Int("n_course", r.NCourse).Int("n_control", r.NControl).Estimate("difference", r.Difference)
		r.Welch.write(row, "welch")
		r.Student.write(row, "student")
		row.Estimate("d", r.D).Interval("d_ci", r.DCI).Estimate("g", r.G).Interval("g_ci", r.GCI).Estimate("g_approx", r.GApprox).Into(&f)
	}
	return f
}

func (d *Details) cutOffsFrame() report.Frame {
	f := report.Frame{Name: TableCutOffs}
	for _, r := range d.CutOffs {
		record().Text("scale", r.Scale).Text("pre", r.Pre).Text("post", r.Post).Text("group", r.Group).Int("n", r.N).
			Float("reliability", r.Reliability).Estimate("sd", r.SD).Estimate("sem", r.SEM).Estimate("s_diff", r.SDiff).
			Estimate("least_reliable_change", r.Threshold).Estimate("cut_off_a", r.CutOffA).Estimate("cut_off_b", r.CutOffB).Estimate("cut_off_c", r.CutOffC).
			Int("recovered", r.Recovered).Int("improved_only", r.Improved).Int("unchanged", r.Unchanged).Int("deteriorated", r.Deteriorated).Into(&f)
	}
	return f
}

func (d *Details) correlationsFrame() report.Frame {
	f := report.Frame{Name: TableCorrelations}
	for _, r := range d.Correlations {
		record().Text("a", r.A).Text("b", r.B).Text("wave", r.Wave).Int("n", r.N).Estimate("r", r.R).Interval("r_ci", r.CI).Estimate("p", r.P).Into(&f)
	}
	return f
}

func (d *Details) itemsFrame() report.Frame {
	f := report.Frame{Name: TableItemDetails}
	for _, r := range d.Items {
		turned := 0
		if r.Turned {
			turned = 1
		}
		var answers []string
		for _, a := range r.Answers {
			answers = append(answers, fmt.Sprintf("%g: %d", a.Answer, a.N))
		}
		record().Text("scale", r.Scale).Text("wave", r.Wave).Text("item", r.Item).Int("turned", turned).Int("n", r.N).Estimate("mean", r.Mean).
			Estimate("sd", r.SD).Estimate("r_rest", r.RestR).Estimate("alpha_if_deleted", r.AlphaIfDeleted).Text("answers", strings.Join(answers, "; ")).Into(&f)
	}
	return f
}
