package report

import "strings"

// Frames are all numbers of the report in full, one Frame for each name of
// TableNames that has rows.
func (r *Report) Frames() []Frame {
	all := []Frame{
		OutcomesFrame(r.Outcomes), testsFrame(r.Outcomes), ChangeFrame(r.Outcomes), ComparisonFrame(r.Outcomes),
		flowFrame(r.Flow), excludedFrame(r.Outcomes), reliabilityFrame(r.Outcomes), attritionFrame(r.Outcomes),
	}
	var shown []Frame
	for _, f := range all {
		if len(f.Rows) > 0 {
			shown = append(shown, f)
		}
	}
	return shown
}

// Frame finds one of the report's frames by name.
func (r *Report) Frame(name string) (Frame, bool) {
	for _, f := range r.Frames() {
		if f.Name == name {
			return f, true
		}
	}
	return Frame{}, false
}

// eachGroup begins a row for every outcome and group.
func eachGroup(name string, outcomes []Outcome, fill func(*record, *Outcome, *Change)) Frame {
	f := Frame{Name: name}
	for i := range outcomes {
		o := &outcomes[i]
		for g := range o.Groups {
			row := o.record().text("group", GroupName(o.Groups[g].Group))
			fill(row, o, &o.Groups[g])
			row.into(&f)
		}
	}
	return f
}

func (o *Outcome) record() *record {
	r := &record{}
	return r.text("scale", o.Scale.Key).text("name", o.name()).text("parent", o.Scale.Parent).
		text("pre", o.PreName).text("post", o.PostName)
}

// OutcomesFrame has means, changes and their intervals of every group.
func OutcomesFrame(outcomes []Outcome) Frame {
	return eachGroup(TableOutcomes, outcomes, func(r *record, o *Outcome, c *Change) {
		r.int("people", c.People).int("n", c.Pairs).
			estimate("mean_pre", c.MeanPre).estimate("sd_pre", c.SDPre).interval("mean_pre_ci", c.MeanPreCI).
			estimate("mean_post", c.MeanPost).estimate("sd_post", c.SDPost).interval("mean_post_ci", c.MeanPostCI).
			estimate("r", c.R).
			estimate("change", c.Mean).estimate("change_sd", c.SD).interval("change_ci", c.CI).
			float("level", o.Level)
	})
}

func testsFrame(outcomes []Outcome) Frame {
	return eachGroup(TableTests, outcomes, func(r *record, o *Outcome, c *Change) {
		r.int("n", c.Pairs).estimate("t", c.T).estimate("df", c.DF).estimate("p", c.P).estimate("p_holm", c.PHolm).
			text("holm_family", o.Family.Name).
			estimate("d_z", c.Dz).interval("d_z_ci", c.DzCI).estimate("g_av", c.Gav).interval("g_av_ci", c.GavCI).
			estimate("wilcoxon_v", c.Rank.V).estimate("wilcoxon_p", c.Rank.P).text("wilcoxon_method", string(c.Rank.Method)).
			estimate("rank_biserial", c.Rank.RankBiserial).
			estimate("hodges_lehmann", c.Rank.HodgesLehmann).interval("hodges_lehmann_ci", c.Rank.CI).
			estimate("shapiro_wilk_w", c.NormalityW).estimate("shapiro_wilk_p", c.NormalityP).
			float("level", o.Level)
	})
}

// ChangeFrame has the counts of reliable change.
func ChangeFrame(outcomes []Outcome) Frame {
	return eachGroup(TableChange, outcomes, func(r *record, o *Outcome, c *Change) {
		rc := &c.Reliable
		r.text("direction", string(o.Scale.Direction)).int("n", c.Pairs).
			count("better", rc.Better, rc.Threshold.Reason).count("same", rc.Same, rc.Threshold.Reason).
			count("worse", rc.Worse, rc.Threshold.Reason).
			estimate("threshold", rc.Threshold).float("critical", rc.Critical).estimate("s_diff", rc.SDiff).
			estimate("reliability", rc.Reliability).estimate("sd", rc.SD).text("source", o.Reliability.Source)
	})
}

// ComparisonFrame has the difference in change between two groups.
func ComparisonFrame(outcomes []Outcome) Frame {
	f := Frame{Name: TableComparison}
	for i := range outcomes {
		o := &outcomes[i]
		d := o.Comparison
		if d == nil {
			continue
		}
		course, _ := o.Group(d.Course)
		control, _ := o.Group(d.Control)
		o.record().text("course", d.Course).int("n_course", d.NCourse).
			estimate("change_course", course.Mean).estimate("change_sd_course", course.SD).
			text("control", d.Control).int("n_control", d.NControl).
			estimate("change_control", control.Mean).estimate("change_sd_control", control.SD).
			estimate("difference", d.Difference).interval("difference_ci", d.CI).
			estimate("t", d.T).estimate("df", d.DF).estimate("p", d.P).estimate("p_holm", d.PHolm).
			estimate("d", d.D).interval("d_ci", d.DCI).estimate("g", d.G).interval("g_ci", d.GCI).
			float("level", o.Level).into(&f)
	}
	return f
}

func flowFrame(flow []FlowRow) Frame {
	f := Frame{Name: TableFlow}
	for _, x := range flow {
		r := &record{}
		r.text("wave", x.Wave.Key).text("arm", x.Arm).int("enrolled", x.Enrolled).int("asked", x.Due).int("answered", x.Answered).
			int("withdrawn", x.Withdrawn).int("lost", x.Lost).int("open", x.Open).int("not_yet", x.NotYet).
			int("over", x.Over).int("missed", x.Missed).into(&f)
	}
	return f
}

func excludedFrame(outcomes []Outcome) Frame {
	return eachGroup(TableExcluded, outcomes, func(r *record, _ *Outcome, c *Change) {
		r.int("people", c.People).int("n", c.Pairs)
		for _, a := range absences() {
			r.int(string(a), c.excluded(a))
		}
	})
}

func reliabilityFrame(outcomes []Outcome) Frame {
	f := Frame{Name: TableReliability}
	for i := range outcomes {
		o := &outcomes[i]
		for _, side := range []struct {
			wave string
			*Alpha
		}{{o.PreName, o.AlphaPre}, {o.PostName, o.AlphaPost}} {
			if side.Alpha == nil {
				continue
			}
			o.record().text("wave", side.wave).int("items", side.Items).int("n", side.People).
				estimate("alpha", side.Value).interval("alpha_ci", side.CI).
				text("items_against", strings.Join(side.Suspects, " ")).text("items_constant", strings.Join(side.Constant, " ")).
				float("level", o.Level).into(&f)
		}
	}
	return f
}

func attritionFrame(outcomes []Outcome) Frame {
	return eachGroup(TableAttrition, outcomes, func(r *record, o *Outcome, c *Change) {
		a := &c.Lost
		r.int("staying", a.Staying).estimate("mean_staying", a.MeanStaying).
			int("lost", a.Lost).estimate("mean_lost", a.MeanLost).
			estimate("d", a.D).interval("d_ci", a.DCI).float("level", o.Level)
	})
}
