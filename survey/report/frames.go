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
func eachGroup(name string, outcomes []Outcome, fill func(*Record, *Outcome, *Change)) Frame {
	f := Frame{Name: name}
	for i := range outcomes {
		o := &outcomes[i]
		for g := range o.Groups {
			row := o.record().Text("group", GroupName(o.Groups[g].Group))
			fill(row, o, &o.Groups[g])
			row.Into(&f)
		}
	}
	return f
}

func (o *Outcome) record() *Record {
	r := &Record{}
	return r.Text("scale", o.Scale.Key).Text("name", o.name()).Text("parent", o.Scale.Parent).
		Text("pre", o.PreName).Text("post", o.PostName)
}

// OutcomesFrame has means, changes and their intervals of every group.
func OutcomesFrame(outcomes []Outcome) Frame {
	return eachGroup(TableOutcomes, outcomes, func(r *Record, o *Outcome, c *Change) {
		r.Int("people", c.People).Int("n", c.Pairs).
			Estimate("mean_pre", c.MeanPre).Estimate("sd_pre", c.SDPre).Interval("mean_pre_ci", c.MeanPreCI).
			Estimate("mean_post", c.MeanPost).Estimate("sd_post", c.SDPost).Interval("mean_post_ci", c.MeanPostCI).
			Estimate("r", c.R).
			Estimate("change", c.Mean).Estimate("change_sd", c.SD).Interval("change_ci", c.CI).
			Float("level", o.Level)
	})
}

func testsFrame(outcomes []Outcome) Frame {
	return eachGroup(TableTests, outcomes, func(r *Record, o *Outcome, c *Change) {
		r.Int("n", c.Pairs).Estimate("t", c.T).Estimate("df", c.DF).Estimate("p", c.P).Estimate("p_holm", c.PHolm).
			Text("holm_family", o.Family.Name).
			Estimate("d_z", c.Dz).Interval("d_z_ci", c.DzCI).Estimate("g_av", c.Gav).Interval("g_av_ci", c.GavCI).
			Estimate("wilcoxon_v", c.Rank.V).Estimate("wilcoxon_p", c.Rank.P).Text("wilcoxon_method", string(c.Rank.Method)).
			Estimate("rank_biserial", c.Rank.RankBiserial).
			Estimate("hodges_lehmann", c.Rank.HodgesLehmann).Interval("hodges_lehmann_ci", c.Rank.CI).
			Estimate("shapiro_wilk_w", c.NormalityW).Estimate("shapiro_wilk_p", c.NormalityP).
			Float("level", o.Level)
	})
}

// ChangeFrame has the counts of reliable change.
func ChangeFrame(outcomes []Outcome) Frame {
	return eachGroup(TableChange, outcomes, func(r *Record, o *Outcome, c *Change) {
		rc := &c.Reliable
		r.Text("direction", string(o.Scale.Direction)).Int("n", c.Pairs).
			Count("better", rc.Better, rc.Threshold.Reason).Count("same", rc.Same, rc.Threshold.Reason).
			Count("worse", rc.Worse, rc.Threshold.Reason).
			Estimate("threshold", rc.Threshold).Float("critical", rc.Critical).Estimate("s_diff", rc.SDiff).
			Estimate("reliability", rc.Reliability).Estimate("sd", rc.SD).Text("source", o.Reliability.Source)
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
		o.record().Text("course", d.Course).Int("n_course", d.NCourse).
			Estimate("change_course", course.Mean).Estimate("change_sd_course", course.SD).
			Text("control", d.Control).Int("n_control", d.NControl).
			Estimate("change_control", control.Mean).Estimate("change_sd_control", control.SD).
			Estimate("difference", d.Difference).Interval("difference_ci", d.CI).
			Estimate("t", d.T).Estimate("df", d.DF).Estimate("p", d.P).Estimate("p_holm", d.PHolm).
			Estimate("d", d.D).Interval("d_ci", d.DCI).Estimate("g", d.G).Interval("g_ci", d.GCI).
			Float("level", o.Level).Into(&f)
	}
	return f
}

func flowFrame(flow []FlowRow) Frame {
	f := Frame{Name: TableFlow}
	for _, x := range flow {
		r := &Record{}
		r.Text("wave", x.Wave.Key).Text("arm", x.Arm).Int("enrolled", x.Enrolled).Int("asked", x.Due).Int("answered", x.Answered).
			Int("withdrawn", x.Withdrawn).Int("declined", x.Declined).Int("lost", x.Lost).Int("open", x.Open).Int("not_yet", x.NotYet).
			Int("over", x.Over).Int("missed", x.Missed).Int("erased", x.Erased).Int("not_asked", x.NotAsked).Into(&f)
	}
	return f
}

func excludedFrame(outcomes []Outcome) Frame {
	return eachGroup(TableExcluded, outcomes, func(r *Record, _ *Outcome, c *Change) {
		r.Int("people", c.People).Int("n", c.Pairs)
		for _, a := range absences() {
			r.Int(string(a), c.excluded(a))
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
			o.record().Text("wave", side.wave).Int("items", side.Items).Int("n", side.People).
				Estimate("alpha", side.Value).Interval("alpha_ci", side.CI).
				Text("items_against", strings.Join(side.Suspects, " ")).Text("items_constant", strings.Join(side.Constant, " ")).
				Float("level", o.Level).Into(&f)
		}
	}
	return f
}

func attritionFrame(outcomes []Outcome) Frame {
	return eachGroup(TableAttrition, outcomes, func(r *Record, o *Outcome, c *Change) {
		a := &c.Lost
		r.Int("staying", a.Staying).Estimate("mean_staying", a.MeanStaying).
			Int("lost", a.Lost).Estimate("mean_lost", a.MeanLost).
			Estimate("d", a.D).Interval("d_ci", a.DCI).Float("level", o.Level)
	})
}
