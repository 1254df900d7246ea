package rest

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// or is a pointer to a value, or nil for the zero value.
func or[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// when is a pointer to an instant, or nil for the zero one.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// texts is a list that is never null.
func texts[T ~string](list []T) []string {
	all := []string{}
	for _, s := range list {
		all = append(all, string(s))
	}
	return all
}

func (k *call) description() error { return k.answer(k.doc) }

func (k *call) token() error {
	t := k.actor.Token
	study, err := k.own()
	if err != nil {
		return err
	}
	var scopes []survey.Scope
	for _, s := range t.Scopes {
		if k.actor.May(s, t.StudyID) {
			scopes = append(scopes, s)
		}
	}
	return k.answer(Token{Name: t.Name, Prefix: t.Prefix, Study: study.Key, Scopes: texts(scopes), ExpiresAt: t.ExpiresAt})
}

// own is the study of the token.
func (k *call) own() (survey.Study, error) {
	all, err := k.use.Studies.List(k.ctx, k.actor)
	if err == nil && len(all) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.Study{}, err
	}
	return all[0], nil
}

func studyOf(s survey.Study) Study {
	return Study{
		Key:          s.Key,
		Title:        s.Title,
		State:        string(s.State),
		Simulated:    s.Simulated,
		Language:     s.Language,
		TimeZone:     s.TimeZone,
		PrimaryScale: s.PrimaryScale,
		CreatedAt:    s.CreatedAt,
	}
}

func (k *call) studies() error {
	study, err := k.own()
	if err != nil {
		return err
	}
	return k.answer(whole([]survey.Study{study}, studyOf))
}

func (k *call) showStudy() error { return k.answer(studyOf(k.study)) }

// design is the protocol of the study.
func (k *call) design() (survey.StudyDesign, error) {
	return k.use.Studies.Design(k.ctx, k.actor, k.study.ID)
}

func (k *call) arms() error {
	d, err := k.design()
	if err != nil {
		return err
	}
	return k.answer(whole(d.Arms, func(a survey.Arm) Arm { return Arm{Key: a.Key, Name: a.Name, Control: a.Control, Share: a.Share} }))
}

func (k *call) waves() error {
	d, err := k.design()
	if err != nil {
		return err
	}
	return k.answer(whole(d.Waves, func(w survey.Wave) Wave {
		arm, _ := d.Arm(w.ArmID)
		keys := []string{}
		for _, id := range w.Sets {
			keys = append(keys, d.Instruments[id].Definition.Key)
		}
		return Wave{
			Key:         w.Key,
			Name:        w.Name,
			ShortName:   w.ShortName,
			Kind:        string(w.Kind),
			Position:    w.Position,
			Arm:         or(arm.Key),
			Instruments: keys,
		}
	}))
}

func (k *call) instruments() error {
	d, err := k.design()
	if err != nil {
		return err
	}
	all := slices.SortedFunc(maps.Values(d.Instruments), func(a, b survey.InstrumentVersion) int {
		return cmp.Or(cmp.Compare(a.Definition.Key, b.Definition.Key), cmp.Compare(a.Definition.Version, b.Definition.Version))
	})
	return k.answer(whole(all, instrumentOf))
}

func instrumentOf(v survey.InstrumentVersion) Instrument {
	d := v.Definition
	i := Instrument{
		Key: d.Key, Version: d.Version, Title: d.Title, Language: d.Language, Status: d.Status, Terms: d.Terms, Citation: d.Citation,
		SHA256: v.Hash, Items: []Item{}, Scales: []Scale{},
	}
	for _, it := range d.Items {
		item := Item{Code: it.Code, Type: cmp.Or(string(it.Type), "single"), Text: it.Text, Options: []Option{}}
		options, _ := d.ItemOptions(it.Code)
		if !it.Type.Chosen() {
			options = nil
		}
		for _, o := range options {
			item.Options = append(item.Options, Option{Value: o.Value, Label: o.Label})
		}
		if it.Range != nil {
			item.Min, item.Max = &it.Range.Min, &it.Range.Max
		}
		i.Items = append(i.Items, item)
	}
	for _, s := range d.Scales {
		i.Scales = append(i.Scales, scaleOf(s))
	}
	return i
}

func scaleOf(s instrument.Scale) Scale {
	return Scale{
		Key:         s.Key,
		Name:        s.Name,
		Items:       texts(s.Items),
		Reversed:    texts(s.Reversed),
		Method:      string(s.Method),
		MinAnswered: s.MinAnswered,
		Direction:   string(s.Direction),
	}
}

func (k *call) variables() error {
	all, err := export.Variables(k.ctx, k.data, k.actor, k.study.ID)
	if err != nil {
		return err
	}
	return k.answer(whole(all, func(v export.Variable) Variable {
		out := Variable{
			Name: v.Name, Label: v.Label, Part: string(v.Part), Wave: v.Wave.Key, Instrument: v.Instrument.Key, Code: or(v.Code),
			Kind: string(v.Kind), Measure: string(v.Measure), Values: []Option{}, Missing: []string{},
		}
		if v.Part == export.PartChoice {
			out.Option = &v.Option
		}
		if v.Bounded {
			out.Min, out.Max = &v.Low, &v.High
		}
		for _, l := range v.Labels {
			out.Values = append(out.Values, Option{Value: l.Value, Label: l.Text})
		}
		for _, r := range v.Reasons {
			out.Missing = append(out.Missing, r.Key)
		}
		return out
	}))
}

func runOf(s survey.RunSummary) Run {
	r := s.Run
	return Run{
		ID:            string(r.ID),
		Name:          r.Name,
		Course:        r.CourseKey,
		CourseVersion: r.CourseVersion,
		StartsOn:      r.StartsOn.String(),
		MeetingTime:   r.MeetingTime,
		TimeZone:      r.TimeZone,
		Meetings:      s.Meetings,
	}
}

func (k *call) runs() error {
	all, err := k.use.Programs.Runs(k.ctx, k.actor, k.study.ID)
	if err != nil {
		return err
	}
	return k.answer(whole(all, runOf))
}

func (k *call) calendar() error {
	all, err := k.use.Programs.Runs(k.ctx, k.actor, k.study.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s survey.RunSummary) bool { return string(s.Run.ID) == k.c.Param("run") })
	if i < 0 {
		return survey.ErrNotFound
	}
	d, err := k.design()
	if err != nil {
		return err
	}
	out := Calendar{Run: runOf(all[i]), Meetings: []Meeting{}, Waves: []WaveWindow{}}
	days := all[i].Run.Calendar()
	for n := 1; n <= all[i].Meetings; n++ {
		out.Meetings = append(out.Meetings, Meeting{Number: n, StartsAt: days.MeetingAt(n).UTC()})
	}
	table := all[i].Run.Timetable(d.Waves)
	for _, w := range d.Waves {
		out.Waves = append(out.Waves, windowOf(w.Key, table.General(w.ID)))
	}
	return k.answer(out)
}

func windowOf(wave string, w schedule.Window) WaveWindow {
	return WaveWindow{Wave: wave, Opens: when(w.Opens), Closes: when(w.Closes), Expires: when(w.Expires)}
}
