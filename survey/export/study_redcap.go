package export

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/exchange"
)

// writeREDCap writes what a longitudinal REDCap project is made of, as a ZIP archive:
// the data dictionary of all questionnaires, arms, events, which form belongs to
// which event, and the records. It gives the number of people.
func writeREDCap(ctx context.Context, r survey.DataReader, f *frame, w io.Writer) (int, error) {
	rw := newREDCapWriter(f)
	out := zip.NewWriter(w)
	var lost []exchange.Loss
	for _, part := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"dictionary.csv", func(w io.Writer) (err error) { lost, err = exchange.WriteREDCapProject(w, rw.forms); return err }},
		{"arms.csv", rw.writeArms}, {"events.csv", rw.writeEvents}, {"form_event_mapping.csv", rw.writeMapping},
		{"records.csv", func(w io.Writer) error { return rw.records(ctx, r, w) }},
		{"not_carried_over.txt", func(w io.Writer) error {
			for _, l := range append(lost, exchange.Loss{What: "records: why an answer is missing, answers in people's own words, and scores, which the project computes"}) {
				if _, err := fmt.Fprintln(w, l); err != nil {
					return err
				}
			}
			return nil
		}},
	} {
		into, err := out.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate}) // without a time
		if err != nil {
			return 0, err
		}
		if err := part.write(into); err != nil {
			return 0, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return len(f.people), out.Close()
}

type redcapWriter struct {
	*frame
	forms  []exchange.REDCapForm
	fields [][]field                // by form
	event  map[survey.WaveID]string // name of a wave's event, without the arm
	out    *csv.Writer
	column map[string]int // of records
	row    []string
	at     string // person and event of row; empty: none is being filled
}

// longestEvent is the length of an event's name within its unique name.
const longestEvent = 18

// events names the events after the keys of waves: REDCap makes unique names of
// these, and uses small letters, digits and _.
func (w *redcapWriter) events() {
	w.event = map[survey.WaveID]string{}
	taken := names{}
	for _, wave := range w.design.Waves {
		name := wave.Key[:min(len(wave.Key), longestEvent)]
		for n := 2; !taken.take(name); n++ {
			end := strconv.Itoa(n)
			name = wave.Key[:min(len(wave.Key), longestEvent-len(end))] + end
		}
		w.event[wave.ID] = name
	}
}

func (w *redcapWriter) unique(wave survey.WaveID, arm int) string {
	return fmt.Sprintf("%s_arm_%d", w.event[wave], arm+1)
}

// each calls fn with every wave of every arm.
func (w *redcapWriter) each(fn func(arm int, wave survey.Wave) error) error {
	for i, arm := range w.design.Arms {
		for _, wave := range w.design.Waves {
			if wave.ArmID != "" && wave.ArmID != arm.ID {
				continue
			}
			if err := fn(i, wave); err != nil {
				return err
			}
		}
	}
	return nil
}

// csvOf writes rows after a header.
func csvOf(w io.Writer, header []string, rows func(*csv.Writer) error) error {
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	if err := rows(out); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

func (w *redcapWriter) writeArms(to io.Writer) error {
	return csvOf(to, []string{"arm_num", "name"}, func(out *csv.Writer) error {
		for i, arm := range w.design.Arms {
			if err := out.Write([]string{strconv.Itoa(i + 1), arm.Name}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *redcapWriter) writeEvents(to io.Writer) error {
	return csvOf(to, []string{"event_name", "arm_num", "unique_event_name", "custom_event_label"}, func(out *csv.Writer) error {
		return w.each(func(arm int, wave survey.Wave) error {
			return out.Write([]string{strings.ReplaceAll(w.event[wave.ID], "_", " "), strconv.Itoa(arm + 1), w.unique(wave.ID, arm), wave.Name})
		})
	})
}

func (w *redcapWriter) writeMapping(to io.Writer) error {
	return csvOf(to, []string{"arm_num", "unique_event_name", "form"}, func(out *csv.Writer) error {
		return w.each(func(arm int, wave survey.Wave) error {
			ids := slices.Clone(wave.Sets)
			for _, old := range w.design.FormerAt(wave.ID) {
				ids = append(ids, old.InstrumentID)
			}
			for _, form := range w.forms { // in the order of the dictionary
				asked := slices.ContainsFunc(ids, func(id survey.InstrumentID) bool { return w.design.Instruments[id].Definition == form.Definition })
				if !asked {
					continue
				}
				if err := out.Write([]string{strconv.Itoa(arm + 1), w.unique(wave.ID, arm), form.Name}); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// fieldName is the column of a field in the records.
func fieldName(form exchange.REDCapForm, f field) string {
	name := form.Fields[f.item.Code]
	if f.item.Type == instrument.TypeMultiple {
		return exchange.REDCapChoice(name, f.choice)
	}
	return name
}

// records writes a row for each person and event that has answers. Calculated fields
// are REDCap's own.
func (w *redcapWriter) records(ctx context.Context, r survey.DataReader, to io.Writer) error {
	header := []string{"record_id", "redcap_event_name"}
	for i, form := range w.forms {
		for _, f := range w.fields[i] {
			header = append(header, fieldName(form, f))
		}
		header = append(header, form.Name+"_complete")
	}
	w.column, w.row = map[string]int{}, make([]string, len(header))
	for i, name := range header {
		w.column[name] = i
	}
	return csvOf(to, header, func(out *csv.Writer) error {
		w.out = out
		if err := w.eachVisit(ctx, r, w); err != nil {
			return err
		}
		return w.pass()
	})
}

// pass writes the row that was filled.
func (w *redcapWriter) pass() error {
	if w.at == "" {
		return nil
	}
	err := w.out.Write(w.row)
	clear(w.row)
	w.at = ""
	return err
}

// person has no row but for what they answered.
func (w *redcapWriter) person(int) error { return w.pass() }

func (w *redcapWriter) visit(v *visit, _ []visitScore) error {
	e := w.people[v.person]
	arm := slices.IndexFunc(w.design.Arms, func(a survey.Arm) bool { return a.ID == e.ArmID })
	event := w.unique(v.wave.ID, max(arm, 0))
	if at := e.Code + " " + event; at != w.at {
		if err := w.pass(); err != nil {
			return err
		}
		w.at, w.row[0], w.row[1] = at, e.Code, event
	}
	i := slices.IndexFunc(w.forms, func(f exchange.REDCapForm) bool { return f.Definition == v.def })
	form := w.forms[i]
	for _, f := range w.fields[i] {
		c, _, err := v.cell(f)
		if err != nil {
			return err
		}
		if c.Given() && f.Kind != dataset.Text {
			w.row[w.column[fieldName(form, f)]] = cellText(f.Kind, c)
		}
	}
	complete := "2"
	if v.submitted.IsZero() {
		complete = "0" // saved and not submitted
	}
	w.row[w.column[form.Name+"_complete"]] = complete
	return nil
}
