package export_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"tidemark/survey/export"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/exchange"
)

// The project has every question as our importer reads it back, every event of every
// arm, and every answer of the long file.
func TestREDCapHoldsTheStudy(t *testing.T) {
	t.Parallel()
	l, _ := everyKind(t)
	b, n := whole(t, l, "redcap")
	files := map[string][]byte{}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	l.must(err)
	for _, part := range z.File {
		p, err := part.Open()
		l.must(err)
		files[part.Name], err = io.ReadAll(p)
		l.must(err)
	}
	back, _, err := exchange.ReadREDCap(bytes.NewReader(files["dictionary.csv"]))
	l.must(err)
	design, err := l.store.Design(t.Context(), l.study.ID)
	l.must(err)
	forms := map[string]*instrument.Definition{}
	for _, d := range back {
		forms[d.Key] = d
	}
	for _, v := range design.Instruments {
		d := forms[v.Definition.Key]
		if d == nil {
			t.Fatalf("there is no form %s", v.Definition.Key)
		}
		for _, item := range v.Definition.Items {
			got, there := d.Item(item.Code)
			options, _ := v.Definition.ItemOptions(item.Code)
			read, _ := d.ItemOptions(item.Code)
			if !there || spaced(got.Text) != redcapText(item.Text) || got.Type != item.Type || len(options) != len(read) {
				t.Errorf("%s came back as %+v with %d answers", item.Code, got, len(read))
				continue
			}
			for i := range options {
				if item.Type != instrument.TypeYesNo && (read[i].Value != options[i].Value || read[i].Label != redcapText(options[i].Label)) {
					t.Errorf("answer %d to %s is %+v, want %+v", i+1, item.Code, read[i], options[i])
				}
			}
		}
	}
	arms, events := table(t, records(t, files["arms.csv"])), table(t, records(t, files["events.csv"]))
	if len(arms) != len(design.Arms) || arms[0]["name"] != design.Arms[0].Name {
		t.Errorf("the arms are %v", arms)
	}
	known, label := map[string]bool{}, map[string]string{}
	for _, e := range events {
		known[e["unique_event_name"]] = true
		label[e["unique_event_name"]] = e["custom_event_label"]
		if made := strings.ReplaceAll(e["event_name"], " ", "_") + "_arm_" + e["arm_num"]; made != e["unique_event_name"] {
			t.Errorf("REDCap would call %s %s", e["unique_event_name"], made)
		}
	}
	asked := map[string]bool{}
	for _, m := range table(t, records(t, files["form_event_mapping.csv"])) {
		if !known[m["unique_event_name"]] || forms[m["form"]] == nil {
			t.Errorf("there is no such event or form: %v", m)
		}
		asked[m["unique_event_name"]+" "+m["form"]] = true
	}
	got, people := map[string]string{}, map[string]bool{}
	for _, row := range table(t, records(t, files["records.csv"])) {
		people[row["record_id"]] = true
		for name, value := range row {
			if value != "" && name != "record_id" && name != "redcap_event_name" {
				got[row["record_id"]+" "+label[row["redcap_event_name"]]+" "+name] = value
				if form, is := strings.CutSuffix(name, "_complete"); is && !asked[row["redcap_event_name"]+" "+form] {
					t.Errorf("%s is not asked at %s", form, row["redcap_event_name"])
				}
			}
		}
	}
	if n < len(people) {
		t.Errorf("%d people are told of, %d written", n, len(people))
	}
	names := map[string]string{}
	for _, w := range design.Waves {
		names[w.Key] = w.Name
	}
	want, options := map[string]string{}, several(t, l)
	for _, row := range given(t, read(t, export.Long, l.store, l.study.ID)) {
		at := row["participant"] + " " + names[row["wave"]] + " "
		want[at+row["instrument"]+"_complete"] = map[bool]string{true: "2", false: "0"}[row["submitted_at"] != ""]
		switch {
		case row["missing"] != "":
		case options[row["item"]] != nil:
			for _, o := range options[row["item"]] {
				name, chosen := choice(o, row["text"]+row["value"], "_")
				want[at+row["item"]+"___"+name] = chosen
			}
		default:
			want[at+row["item"]] = row["value"] + row["text"]
		}
	}
	sameAll(t, "value", got, want)
}

// redcapText is a text as a dictionary can hold it, and we read it back: markup is
// REDCap's, and | stands between answers.
func redcapText(s string) string {
	return spaced(strings.NewReplacer("|", "/", "<oft>", "").Replace(s))
}
