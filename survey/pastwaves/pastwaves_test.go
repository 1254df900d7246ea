package pastwaves_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/internal/kinds"
	"tidemark/survey/datafile"
	"tidemark/survey/instrument"
	"tidemark/survey/pastwaves"
)

var now = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// design asks every kind of question and self-compassion before and after.
func design(t testing.TB) pastwaves.Design {
	t.Helper()
	kind, err := kinds.Definition()
	if err != nil {
		t.Fatal(err)
	}
	sc, err := instrument.BuiltinByKey("self_compassion")
	if err != nil {
		t.Fatal(err)
	}
	return pastwaves.Design{
		Sheets: []pastwaves.Sheet{
			{Wave: "pre", WaveName: "Before the course", WaveShort: "Pre", Def: sc},
			{Wave: "pre", WaveName: "Before the course", WaveShort: "Pre", Def: kind},
			{Wave: "post", WaveName: "After the course", WaveShort: "Post", Def: sc},
			{Wave: "extra", WaveName: "Course only", WaveShort: "X", Def: kind, Arm: "course"},
		},
		Arms: []pastwaves.Choice{{Key: "course", Name: "Course"}, {Key: "waitlist", Name: "Waiting list"}},
		Runs: []pastwaves.Choice{{Key: "run-1", Name: "=1+1 group"}},
	}
}

// known are two people of the design.
func known(d pastwaves.Design) map[string]pastwaves.Known {
	forms := func(arm string) map[pastwaves.Place]*instrument.Definition {
		all := map[pastwaves.Place]*instrument.Definition{}
		for _, s := range d.Sheets {
			if s.Arm == "" || s.Arm == arm {
				all[pastwaves.Place{Wave: s.Wave, Form: s.Def.Key}] = s.Def
			}
		}
		return all
	}
	return map[string]pastwaves.Known{
		"Ä-1": {Arm: "course", Forms: forms("course")}, "שלום": {Arm: "waitlist", Forms: forms("waitlist")},
		"gone": {Arm: "course", Forms: forms("course"), Left: now.AddDate(0, -1, 0)}, "no": {Arm: "course", Declined: true},
	}
}

func options() pastwaves.Options {
	return pastwaves.Options{Missing: []float64{-99, 99}, Zone: time.UTC, Now: now, Date: time.Date(2024, 1, 5, 12, 0, 0, 0, time.UTC)}
}

func table(t testing.TB, text string) *datafile.Table {
	t.Helper()
	read, err := datafile.Read([]byte(text), datafile.Usual())
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// shown is a result in lines.
func shown(r pastwaves.Result) []string {
	var all []string
	for _, n := range r.Newcomers {
		all = append(all, fmt.Sprintf("new %s %s %s", n.Code, n.Arm, n.Run))
	}
	for _, rec := range r.Records {
		line := fmt.Sprintf("%s %s %s %s", rec.Person, rec.Wave, rec.Form, rec.At.Format(time.RFC3339))
		if rec.Draft {
			line += " draft"
		}
		for _, g := range rec.Answers {
			line += fmt.Sprintf(" %s=%s", g.Item, g.Value)
		}
		all = append(all, line)
	}
	for _, f := range r.Faults {
		all = append(all, fmt.Sprintf("%d %s: %s", f.Line, f.Column, f.Text))
	}
	return all
}

func TestColumnsAreRecognised(t *testing.T) {
	t.Parallel()
	d := design(t)
	for name, c := range map[string]struct{ header, want string }{
		"our wide file":       {"study,simulated,participant,run,run_starts,arm,enrolled_at,sc_01_pre,sc_total_pre,self_compassion_submitted_pre,k_several___0_pre", ",simulated,code,run,,arm,enrolled,answer:pre:self_compassion:sc_01,,submitted:pre:self_compassion,answer:pre:every_kind:k_several=0"},
		"our long file":       {"participant,wave,instrument,instrument_version,item,value,text,missing,answered_at,submitted_at", "code,wave,questionnaire,version,item,value,text,missing,answered,submitted"},
		"capitals and points": {"Code;SC_01.Pre;sc-02 post;T2_sc_03;Datum", "code,answer:pre:self_compassion:sc_01,answer:post:self_compassion:sc_02,answer:post:self_compassion:sc_03,answered"},
		"a row for each wave": {"id;Wave;sc_01;sc_01_pre;k_single", "code,wave,answer:*:self_compassion:sc_01,,answer:*:every_kind:k_single"},
		"wordings":            {"id\tHow calm was the sea? (Before the course)\tWie oft gehst du am Wasser entlang? pre", "code,answer:pre:every_kind:k_steps,answer:pre:every_kind:k_single"},
		"a code of two waves": {"id;sc_01;date_pre;name;email", "code,,answered:pre,,"},
	} {
		var got []string
		for _, target := range pastwaves.Propose(table(t, c.header+"\n"+"x"), d) {
			got = append(got, target.String())
			if back, err := pastwaves.ParseTarget(target.String()); err != nil || back.String() != target.String() {
				t.Errorf("%s is read back as %s, %v", target, back, err)
			}
		}
		if diff := cmp.Diff(strings.Join(got, ","), c.want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", name, diff)
		}
	}
	for _, bad := range []string{"nonsense", "answer:pre", "answer:a:b:c=x", "code:pre", "submitted:pre"} {
		if got, err := pastwaves.ParseTarget(bad); err == nil {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}

func check(t testing.TB, text string, o pastwaves.Options) []string {
	t.Helper()
	d, read := design(t), table(t, text)
	return shown(pastwaves.Check(read, pastwaves.Propose(read, d), d, known(d), o))
}

func TestAnswersAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"a wide row": {
			"code;datum;k_single_pre;k_yes_pre;k_days_pre;k_weight_pre;k_several_pre;k_long_labels_pre;k_day_pre\n" +
				"Ä-1;20.07.1969;manchmal;no;0;3,5;Shells|Gulls;9;31.12.1969\n" +
				"שלום;1880-01-01;Never;1;-99;−0;0;I would rather  not say;99\n",
			[]string{
				"Ä-1 pre every_kind 1969-07-20T12:00:00Z k_single=3 k_yes=0 k_long_labels=9 k_several=1,2 k_days=0 k_weight=3.5 k_day=1969-12-31",
				"שלום pre every_kind 1880-01-01T12:00:00Z k_single=1 k_yes=1 k_long_labels=9 k_several=0 k_weight=-0",
			},
		},
		"texts with all that is awkward": {
			"code,k_line_pre,k_long_pre\nÄ-1,\"'=1+1 \"\"a\"\" 🙂\",\"שורה\nzweite; Zeile\"\n",
			[]string{"Ä-1 pre every_kind 2024-01-05T12:00:00Z k_line==1+1 \"a\" 🙂 k_long=שורה\nzweite; Zeile"},
		},
		"a column for each option": {
			"code,k_several___1_pre,k_several___2_pre,k_several___0_pre\nÄ-1,1,yes,0\nשלום,0,0,\n",
			[]string{"Ä-1 pre every_kind 2024-01-05T12:00:00Z k_several=1,2"},
		},
		"long": {
			"participant,wave,item,value,text,missing,answered_at,submitted_at\n" +
				"Ä-1,pre,sc_01,0,,,,\n",
			[]string{`2 value: “0” is not one of the answers: 1 (Almost never), 2 (Seldom), 3 (Sometimes), 4 (Often), 5 (Almost always). Correct it, or name it as a code for no answer.`},
		},
		"long, begun and submitted": {
			"participant,wave,item,value,text,missing,answered_at,submitted_at\n" +
				"Ä-1,Before the course,sc_01,4,,,2024-02-01T08:00:00.000Z,\n" +
				"Ä-1,post,sc_02,,,skipped,2024-02-01T08:00:00.000Z,2024-02-01T08:05:00.000Z\n" +
				"Ä-1,post,sc_01,5,,,2024-02-01T08:00:00.000Z,2024-02-01T08:05:00.000Z\n" +
				"Ä-1,pre,k_line,,,in_texts,2024-02-01T08:00:00.000Z,\n",
			[]string{"Ä-1 pre self_compassion 0001-01-01T00:00:00Z draft sc_01=4", "Ä-1 post self_compassion 2024-02-01T08:05:00Z sc_01=5"},
		},
		"-99 where it can be answered is an answer": {
			"code,k_scale_pre\nÄ-1,99\n",
			[]string{"Ä-1 pre every_kind 2024-01-05T12:00:00Z k_scale=99"},
		},
	} {
		if d := cmp.Diff(check(t, c.text, options()), c.want); d != "" {
			t.Errorf("%s (-got +want):\n%s", name, d)
		}
	}
}

func TestEveryFaultNamesItsPlaceAndWhatToDo(t *testing.T) {
	t.Parallel()
	undated := options()
	undated.Date = time.Time{}
	for name, c := range map[string]struct {
		text string
		o    pastwaves.Options
		want []string // beginnings
	}{
		"people": {
			"code,sc_01_pre\nä-1,3\n,3\nno,3\ngone,3\n", options(),
			[]string{"2 code: There is nobody with the code “ä-1” in this study. Is it “Ä-1”?", "3 code: There is no code", "4 code: “no” has said"},
		},
		"somebody who left, later": {"code,date,sc_01_pre\ngone,2026-02-10,3\n", options(), []string{"2 : “gone” left the study on 2026-02-02, before these answers (2026-02-10)"}},
		"values": {
			"code;k_days_pre;k_steps_pre;k_weight_pre;k_yes_pre;k_day_pre;k_line_pre\nÄ-1;8;1,5;three;vielleicht;30.02.2020;" + strings.Repeat("x", 201) + "\n", options(),
			[]string{"2 k_days_pre: “8” is outside of what can be answered: 0 to 7 in steps of 1", "2 k_steps_pre: “1,5” is outside", "2 k_weight_pre: “three” is no number", "2 k_yes_pre: “vielleicht” is not one of the answers: 1 (Yes), 0 (No)", "2 k_day_pre: “30.02.2020” is no day of the calendar", "2 k_line_pre: “xxx"},
		},
		"twice":            {"code,sc_01_pre\nÄ-1,3\nÄ-1,4\n", options(), []string{"3 sc_01_pre: “Ä-1” has an answer to this question at “Before the course” in line 2 already"}},
		"not asked":        {"code,k_single_extra\nשלום,3\n", options(), []string{"2 k_single_extra: “שלום” is not asked “A question of every kind” at “Course only”"}},
		"ambiguous day":    {"code,date,sc_01_pre\nÄ-1,3/4/2024,3\n", options(), []string{"2 date: “3/4/2024” could begin with the day or with the month"}},
		"the future":       {"code,date,sc_01_pre\nÄ-1,2026-03-09,3\n", options(), []string{"2 date: “2026-03-09” is in the future"}},
		"no day":           {"code,sc_01_pre\nÄ-1,3\n", undated, []string{"2 : Nothing says when “Ä-1” answered"}},
		"no code":          {"x,sc_01_pre\nÄ-1,3\n", options(), []string{"0 : No column is said to be the person’s code"}},
		"no answers":       {"code,x\nÄ-1,3\n", options(), []string{"0 : No column is said to have answers"}},
		"no wave":          {"code,wave,sc_01\nÄ-1,later,3\n", options(), []string{"2 wave: “later” is no wave of this study. Its waves are pre (Before the course), post"}},
		"no such question": {"code,wave,item,value\nÄ-1,pre,zz,3\n", options(), []string{"2 item: “zz” is no question that is asked at “Before the course”"}},
		"simulated":        {"code,simulated,sc_01_pre\nÄ-1,1,3\n", options(), []string{"2 simulated: The row is of simulated people"}},
		"alone":            {"code,k_several_pre\nÄ-1,\"0,1\"\n", options(), []string{"2 k_several_pre: “0,1” hold one that stands alone"}},
	} {
		got := check(t, c.text, c.o)
		var faults []string
		for _, line := range got {
			if line[0] >= '0' && line[0] <= '9' {
				faults = append(faults, line)
			}
		}
		for i, want := range c.want {
			if len(faults) != len(c.want) || !strings.HasPrefix(faults[i], want) {
				t.Errorf("%s: got %q, want %q", name, faults, want)
			}
		}
	}
}

func TestSlashedDaysFollowTheOnesThatCanBeReadInOneWay(t *testing.T) {
	t.Parallel()
	got := check(t, "code,date,sc_01_pre\nÄ-1,3/4/2024,3\nשלום,13/4/2024,3\n", options())
	want := []string{"Ä-1 pre self_compassion 2024-04-03T12:00:00Z sc_01=3", "שלום pre self_compassion 2024-04-13T12:00:00Z sc_01=3"}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

func TestUnknownPeopleComeInOnlyWhenSaidSo(t *testing.T) {
	t.Parallel()
	o := options()
	o.Create, o.Run = true, "run-1"
	got := check(t, "code,arm,run,sc_01_pre\nN-1,Waiting List,'=1+1 group,3\nN-2,course,,\na@b.example,course,,3\nN-3,,,3\nN-4,north,,3\n", o)
	want := []string{
		"new N-1 waitlist run-1", "new N-2 course run-1", "N-1 pre self_compassion 2024-01-05T12:00:00Z sc_01=3",
		"4 code: “a@b.example” cannot be a code: it looks like an address, and answers are kept under pseudonyms alone.",
		"5 arm: “N-3” is new, and nothing says in which arm. Choose the arm of those whose row does not say.",
		"6 arm: “north” is no arm of this study. Its arms are course (Course), waitlist (Waiting list).",
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("code;datum;k_single_pre;k_weight_pre;k_several_pre;k_day_pre\nÄ-1;20.07.1969;manchmal;3,5;1|2;1/2/2020\n")
	f.Add("participant,wave,item,value,text,missing,answered_at,submitted_at\nÄ-1,pre,sc_01,4,,,2024-02-01T08:00:00.000Z,\n")
	f.Add("code,k_several___1_pre,k_several___0_pre\nnew,1,x\n")
	d := design(f)
	everybody := known(d)
	o := options()
	o.Create, o.Run, o.Arm = true, "run-1", "course"
	f.Fuzz(func(t *testing.T, text string) {
		read, err := datafile.Read([]byte(text), datafile.Limits{Bytes: 1 << 16, Columns: 40, Rows: 100, Cells: 1000, Cell: 4096})
		if err != nil {
			return
		}
		r := pastwaves.Check(read, pastwaves.Propose(read, d), d, everybody, o)
		for _, rec := range r.Records {
			for _, g := range rec.Answers {
				s := d.Sheets[0].Def
				for _, sheet := range d.Sheets {
					if sheet.Def.Key == rec.Form {
						s = sheet.Def
					}
				}
				if err := s.Check(instrument.Answers{g.Item: g.Value}); err != nil || g.At.IsZero() {
					t.Errorf("line %d: %s=%q at %v: %v", g.Line, g.Item, g.Value, g.At, err)
				}
			}
		}
	})
}
