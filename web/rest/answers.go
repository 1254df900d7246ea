package rest

import (
	"fmt"
	"net/http"

	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/survey/instrument"
)

// place is an item or a scale of a questionnaire at an occasion.
type place struct{ wave, instrument, code string }

// names are the columns of the wide table by what they hold, without those of which
// several belong to one item.
func (k *call) names(parts ...export.Part) (map[place]string, error) {
	all, err := export.Variables(k.ctx, k.data, k.actor, k.study.ID)
	if err != nil {
		return nil, err
	}
	names := map[place]string{}
	for _, v := range all {
		for _, p := range parts {
			if v.Part == p {
				names[place{v.Wave.Key, v.Instrument.Key, v.Code}] = v.Name
			}
		}
	}
	return names, nil
}

// rows is what pages of answers and of scores have in common.
func (k *call) rows() (after []string, d survey.StudyDesign, f survey.PageFilter, err error) {
	if after, err = k.cursor(2); err != nil {
		return
	}
	if d, err = k.design(); err != nil {
		return
	}
	f, err = k.filter(d)
	return
}

func rowKey(after []string) survey.RowKey {
	return survey.RowKey{Assessment: survey.AssessmentID(after[0]), Name: after[1]}
}

func (k *call) responses() error {
	after, d, f, err := k.rows()
	if err != nil {
		return err
	}
	limit := k.limit()
	key := func(r survey.ResponseEntry) []string { return []string{string(r.AssessmentID), r.Item} }
	rows, err := k.use.Programs.Responses(k.ctx, k.actor, k.study.ID, f, rowKey(after), limit+1)
	if err != nil {
		return err
	}
	names, err := k.names(export.PartItem)
	if err != nil {
		return err
	}
	waves := waveKeys(d)
	return k.answer(page(rows, limit, key, func(r survey.ResponseEntry) Response {
		def := d.Instruments[r.InstrumentID].Definition
		out := Response{
			Assessment: string(r.AssessmentID), Participant: r.Code, Wave: waves[r.WaveID], Instrument: def.Key,
			InstrumentVersion: def.Version, Item: r.Item, Source: or(string(r.Source)), AnsweredAt: r.AnsweredAt, SubmittedAt: when(r.SubmittedAt),
		}
		out.Variable = or(names[place{out.Wave, def.Key, r.Item}])
		item, _ := def.Item(r.Item)
		switch {
		case r.Missing != survey.NotMissing:
			out.Missing = or(string(r.Missing))
		case item.Type == instrument.TypeText || item.Type == instrument.TypeLongText:
			out.Missing = or(export.MissingInTexts)
		case r.Text != "":
			out.Text = &r.Text
		default:
			out.Value = &r.Value
		}
		return out
	}))
}

func (k *call) scores() error {
	after, d, f, err := k.rows()
	if err != nil {
		return err
	}
	limit := k.limit()
	key := func(s survey.ScoreEntry) []string { return []string{string(s.AssessmentID), s.Scale} }
	rows, err := k.use.Programs.Scores(k.ctx, k.actor, k.study.ID, f, rowKey(after), limit+1)
	if err != nil {
		return err
	}
	names, err := k.names(export.PartScore)
	if err != nil {
		return err
	}
	waves := waveKeys(d)
	return k.answer(page(rows, limit, key, func(s survey.ScoreEntry) Score {
		def := d.Instruments[s.InstrumentID].Definition
		out := Score{
			Assessment: string(s.AssessmentID), Participant: s.Code, Wave: waves[s.WaveID], Instrument: def.Key, InstrumentVersion: def.Version,
			Scale: s.Scale, Answered: s.Answered, Items: s.Items, Rule: s.Rule,
		}
		out.Variable = or(names[place{out.Wave, def.Key, s.Scale}])
		if s.Valid {
			out.Value = &s.Value
		}
		return out
	}))
}

// table streams a whole table. It is noted in the audit trail before the first byte;
// when something fails on the way the connection is broken off.
func (k *call) table() error {
	what, format := k.c.Param("table"), k.query["format"]
	tables := map[string]exporter{"long": export.Long, "wide": export.Wide, "scores": export.Scores}
	write, known := tables[what]
	media, ending := "text/csv; charset=utf-8; header=present", format
	if f, other := export.FormatOf(what, format); other && (known || what == export.Questionnaires) {
		media, ending, write, known = f.Media, f.FileEnding(), inFormat(f, what), true
	}
	if !known {
		return survey.ErrNotFound
	}
	k.file(media, k.study.Key+"_"+what+"."+ending)
	if k.c.Request.Method == http.MethodHead {
		k.c.Writer.WriteHeaderNow()
		return nil
	}
	done, err := k.cfg.Download(k.ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := k.noteExport(what + " as " + format); err != nil {
		return err
	}
	checked := Announce(k.c)
	if err := write(k.ctx, k.data, k.actor, k.study.ID, checked); err != nil {
		return err
	}
	Tell(k.c, checked, ending == "csv")
	return nil
}

func (k *call) noteExport(what string) error {
	return k.use.Studies.NoteUse(k.ctx, k.actor, k.study.ID, survey.ActionExported, what+" by token "+k.actor.Token.Prefix)
}

// file says that what follows is a file.
func (k *call) file(media, name string) {
	if k.study.Simulated {
		name = "simulated_" + name
	}
	k.c.Header("Content-Type", media)
	k.c.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
}
