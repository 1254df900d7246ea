package survey_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
	"tidemark/survey/report"
)

// placeholder is a wording of our own for an instrument of the catalogue.
func placeholder(t *testing.T, id string) survey.NewWording {
	t.Helper()
	e, err := catalogue.ByID(id)
	noError(t, err)
	n := survey.NewWording{Entry: id, Checked: true, Terms: survey.TermsForm{Accept: true, Name: "Ana Ruiz", On: "2026-02-20"}}
	for i := range e.Items {
		n.Wording.Items = append(n.Wording.Items, "Placeholder statement number "+strings.Repeat("i", i+1))
	}
	for i := range e.Response.Points {
		n.Wording.Options = append(n.Wording.Options, instrument.Option{Value: e.Response.Low + float64(i), Label: "Choice " + strings.Repeat("i", i+1)})
	}
	return n
}

func (s *stage) addWording(t *testing.T, id string) survey.LibraryItem {
	t.Helper()
	i, err := s.cases.Library.AddWording(t.Context(), s.researcher, placeholder(t, id))
	noError(t, err)
	return i
}

func TestWordingIsAddedOnceUnderAcceptedTerms(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		u := s.cases.Library
		before, err := u.List(t.Context(), s.researcher)
		noError(t, err)
		added := s.addWording(t, "brs-6")
		same(t, added.Origin, survey.OriginCatalogue)
		same(t, added.Source, "brs-6")

		_, err = u.AddWording(t.Context(), s.admin, placeholder(t, "brs-6"))
		wantError(t, err, survey.ErrDuplicate)
		after, err := u.List(t.Context(), s.researcher)
		noError(t, err)
		same(t, len(after.Shelves), len(before.Shelves)+1)
		same(t, len(after.Addable), len(before.Addable)-1)

		shelf, err := u.Show(t.Context(), s.admin, "brs-6")
		noError(t, err)
		same(t, len(shelf.Items), 1)
		same(t, shelf.Published(shelf.Items[0]), true)
		same(t, len(shelf.Terms), 1)
		same(t, shelf.Terms[0].Name, "Ana Ruiz")
		same(t, shelf.Terms[0].On.String(), "2026-02-20")
		same(t, shelf.Terms[0].NotedBy.ID, s.researcher.ID())
		if !strings.Contains(shelf.Terms[0].Terms, "permission") {
			t.Errorf("the terms shown are not kept: %q", shelf.Terms[0].Terms)
		}
		events, err := s.cases.Audits.Page(t.Context(), s.admin, survey.AuditFilter{Limit: 10})
		noError(t, err)
		kinds := map[survey.Action]int{}
		for _, e := range events.Lines {
			kinds[e.Action]++
		}
		same(t, kinds[survey.ActionTermsAccepted], 1)
	})
}

func TestWordingWithoutTermsOrChecksIsRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		for name, c := range map[string]struct {
			entry  string
			change func(*survey.NewWording)
			fault  string
		}{
			"not accepted":            {"brs-6", func(n *survey.NewWording) { n.Terms.Accept = false }, "accept"},
			"nobody":                  {"brs-6", func(n *survey.NewWording) { n.Terms.Name = " " }, "name"},
			"no day":                  {"brs-6", func(n *survey.NewWording) { n.Terms.On = "yesterday" }, "on"},
			"a day to come":           {"brs-6", func(n *survey.NewWording) { n.Terms.On = "2026-03-20" }, "on"},
			"not compared":            {"brs-6", func(n *survey.NewWording) { n.Checked = false }, "checked"},
			"an item short":           {"brs-6", func(n *survey.NewWording) { n.Wording.Items = n.Wording.Items[1:] }, "sheet"},
			"proprietary, no licence": {"rs-14", nil, "licence"},
			"not ready":               {"socs-s", nil, "sheet"},
		} {
			n := placeholder(t, c.entry)
			if c.change != nil {
				c.change(&n)
			}
			_, err := s.cases.Library.AddWording(t.Context(), s.researcher, n)
			if f := faultsOf(err); f[c.fault] == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		n := placeholder(t, "rs-14")
		n.Terms.Licence = "Licence 4711"
		_, err := s.cases.Library.AddWording(t.Context(), s.researcher, n)
		noError(t, err)
		shelf, err := s.cases.Library.Show(t.Context(), s.researcher, "rs_14")
		noError(t, err)
		same(t, shelf.Terms[0].Licence, "Licence 4711")
		_, err = s.cases.Library.AddWording(t.Context(), s.researcher, survey.NewWording{Entry: "nothing"})
		wantError(t, err, survey.ErrNotFound)
	})
}

func faultsOf(err error) survey.FieldErrors {
	f, _ := errors.AsType[survey.FieldErrors](err)
	return f
}

func TestTheSameSendingAddsOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		n := placeholder(t, "brs-6")
		n.Once = "0123456789abcdef-add"
		_, err := s.cases.Library.AddWording(t.Context(), s.researcher, n)
		noError(t, err)
		_, err = s.cases.Library.AddWording(t.Context(), s.researcher, n)
		wantError(t, err, survey.ErrRepeated)
	})
}

// copyOf is a definition that a test may change.
func copyOf(t *testing.T, d *instrument.Definition) *instrument.Definition {
	t.Helper()
	data, err := d.Canonical()
	noError(t, err)
	c, err := instrument.Parse(data)
	noError(t, err)
	return c
}

func TestAnEditedQuestionnaireIsNeverTakenForThePublishedOne(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		published := s.addWording(t, "brs-6")
		u := s.cases.Library
		add := func(change func(*instrument.Definition), n survey.NewDefinition) error {
			n.Definition = copyOf(t, published.Version.Definition)
			change(n.Definition)
			n.Terms = placeholder(t, "brs-6").Terms
			_, err := u.AddDefinition(t.Context(), s.researcher, n)
			return err
		}
		for name, c := range map[string]struct {
			change func(*instrument.Definition)
			n      survey.NewDefinition
			fault  string
		}{
			"another key under its name": {func(d *instrument.Definition) { d.Version, d.Scales[0].Reversed = "2.0.0", nil }, survey.NewDefinition{Note: "x"}, "key"},
			"another title":              {func(d *instrument.Definition) { d.Version, d.Title = "2.0.0", "BRS, mended" }, survey.NewDefinition{Note: "x"}, "key"},
			"the same version":           {func(*instrument.Definition) {}, survey.NewDefinition{Note: "x"}, "version"},
			"edited under its key":       {func(d *instrument.Definition) { d.Title = "Mine" }, survey.NewDefinition{EditedFrom: published.Version.ID, Note: "x"}, "key"},
			"edited under its title":     {func(d *instrument.Definition) { d.Key = "mine" }, survey.NewDefinition{EditedFrom: published.Version.ID, Note: "x"}, "title"},
			"edited without a word":      {func(d *instrument.Definition) { d.Key, d.Title = "mine", "Mine" }, survey.NewDefinition{EditedFrom: published.Version.ID}, "note"},
			"a built-in one":             {func(d *instrument.Definition) { d.Key, d.Version = "resilience", "9.0.0" }, survey.NewDefinition{Note: "x"}, "key"},
			"one that is not ready":      {func(d *instrument.Definition) { d.Key = "er89" }, survey.NewDefinition{Note: "x"}, "key"},
		} {
			if err := add(c.change, c.n); faultsOf(err)[c.fault] == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		noError(t, add(func(d *instrument.Definition) {
			d.Key, d.Title, d.Items[0].Text = "mine", "Mine", "Something else"
		}, survey.NewDefinition{EditedFrom: published.Version.ID, Note: "first item new"}))
		shelf, err := u.Show(t.Context(), s.researcher, "mine")
		noError(t, err)
		same(t, shelf.Items[0].Origin, survey.OriginEdited)
		same(t, shelf.Items[0].EditedFrom, published.Version.ID)
		same(t, shelf.Published(shelf.Items[0]), false)
	})
}

func TestATypoIsMendedInANewVersion(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		first := s.addWording(t, "brs-6")
		c := correction(first)
		c.Items[2] = strings.Replace(c.Items[2], "statement", "statment", 1)
		c.Note = "a letter"
		second, err := s.cases.Library.Correct(t.Context(), s.researcher, c)
		noError(t, err)
		same(t, second.Version.Definition.Version, "1.0.1")
		same(t, second.CorrectionOf, first.Version.ID)
		same(t, survey.Comparable(first.Version.Definition, second.Version.Definition), true)
		shelf, err := s.cases.Library.Show(t.Context(), s.researcher, "brs_6")
		noError(t, err)
		same(t, len(shelf.Items), 2)
		same(t, shelf.Items[0].Version.ID, second.Version.ID)

		for name, change := range map[string]func(*survey.Correction){
			"note":     func(c *survey.Correction) { c.Items[0] += "!"; c.Note = "" },
			"item_2":   func(c *survey.Correction) { c.Items[1] = "Something else entirely is asked here" },
			"item_1":   func(c *survey.Correction) { c.Items[0] = " " },
			"option_1": func(c *survey.Correction) { c.Options[0] = "A wholly different answer" },
		} {
			c := correction(first)
			c.Note = "x"
			change(&c)
			if _, err := s.cases.Library.Correct(t.Context(), s.researcher, c); faultsOf(err)[name] == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		c = correction(first)
		c.Note = "nothing"
		if _, err := s.cases.Library.Correct(t.Context(), s.researcher, c); faultsOf(err)["note"] != "library.nothing_changed" {
			t.Errorf("nothing changed: %v", err)
		}
	})
}

// correction is one in which nothing is mended yet.
func correction(i survey.LibraryItem) survey.Correction {
	c := survey.Correction{From: i.Version.ID}
	for _, item := range i.Version.Definition.Items {
		c.Items = append(c.Items, item.Text)
	}
	for _, o := range i.Version.Definition.Options {
		c.Options = append(c.Options, o.Label)
	}
	return c
}

func TestADraftStudyTakesQuestionnairesOfTheLibrary(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		added := s.addWording(t, "brs-6")
		draft, err := s.cases.Studies.Create(t.Context(), s.admin, survey.NewStudy{Protocol: "learning_from_setbacks_8", Key: "draft"})
		noError(t, err)
		u := s.cases.Library
		q, err := u.InStudy(t.Context(), s.admin, draft.ID)
		noError(t, err)
		pre, _ := q.Design.WaveOfKind(survey.WavePre)
		post, _ := q.Design.WaveOfKind(survey.WavePost)
		id := string(added.Version.ID)
		noError(t, u.Choose(t.Context(), s.admin, draft.ID, []survey.WaveChoice{
			{Wave: pre.ID, Sets: []string{id, "motivation"}}, {Wave: post.ID, Sets: []string{id}},
		}, "brs_total"))
		q, err = u.InStudy(t.Context(), s.admin, draft.ID)
		noError(t, err)
		same(t, q.Design.Study.PrimaryScale, "brs_total")
		pre, _ = q.Design.WaveOfKind(survey.WavePre)
		same(t, len(pre.Sets), 2)
		same(t, pre.Sets[0], added.Version.ID)

		for name, c := range map[string]struct {
			sets    []string
			primary string
			fault   string
		}{
			"a scale nobody asks": {[]string{id}, "phq9_total", "primary_scale"},
		} {
			err := u.Choose(t.Context(), s.admin, draft.ID, []survey.WaveChoice{{Wave: pre.ID, Sets: c.sets}}, c.primary)
			if faultsOf(err)[c.fault] == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		wantError(t, u.Choose(t.Context(), s.admin, draft.ID, []survey.WaveChoice{{Wave: pre.ID, Sets: []string{"nothing"}}}, ""), survey.ErrNotFound)
		wantError(t, u.Choose(t.Context(), s.admin, s.study.ID, nil, ""), survey.ErrConflict)
	})
}

func TestTwoQuestionnairesWithTheSameNamesAreNotAskedTogether(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a, b := s.addWording(t, "rses-10-umd"), s.addWording(t, "rses-10-1965")
		draft, err := s.cases.Studies.Create(t.Context(), s.admin, survey.NewStudy{Protocol: "learning_from_setbacks_8", Key: "draft"})
		noError(t, err)
		d, err := s.cases.Studies.Design(t.Context(), s.admin, draft.ID)
		noError(t, err)
		err = s.cases.Library.Choose(t.Context(), s.admin, draft.ID, []survey.WaveChoice{
			{Wave: d.Waves[0].ID, Sets: []string{string(a.Version.ID), string(b.Version.ID)}},
		}, "rses_total")
		if faultsOf(err)[d.Waves[0].Key] != "library.names_clash" {
			t.Errorf("%v", err)
		}
	})
}

// A correction in a study with people: who has begun keeps the version, whoever has
// not gets the new one, and the files say which version each answered.
func TestACorrectionInAnOpenStudyCountsFromNowOn(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		first := s.addWording(t, "brs-6")
		s.asking(t, first)
		people := s.consenting(t, 2)
		s.answer(t, people[0], "pre", 4)

		c := correction(first)
		c.Items[0] += "."
		c.Note = "a full stop"
		second, err := s.cases.Library.Correct(ctx, s.admin, c)
		noError(t, err)
		done, err := s.cases.Library.Replace(ctx, s.admin, s.study.ID, first.Version.ID, string(second.Version.ID))
		noError(t, err)
		if !done.Comparable || done.Waves != 2 || done.Moved != 3 {
			t.Errorf("%+v", done)
		}
		same(t, s.due(t, people[0], "pre", "brs_6").Definition.Version, "1.0.0")
		same(t, s.due(t, people[1], "pre", "brs_6").Definition.Version, "1.0.1")
		s.answer(t, people[1], "pre", 2)

		s.freeze(t, "corrected")
		frozen, err := s.cases.Snapshots.Open(ctx, s.researcher, s.study.ID, 1)
		noError(t, err)
		for name, write := range map[string]func(context.Context, survey.DataReader, survey.Actor, survey.StudyID, io.Writer) error{
			"long": export.Long, "scores": export.Scores, "wide": export.Wide,
		} {
			var live, cold bytes.Buffer
			noError(t, write(ctx, s.store, s.researcher, s.study.ID, &live))
			noError(t, write(ctx, frozen, s.researcher, s.study.ID, &cold))
			same(t, cold.String(), live.String())
			header, _, _ := strings.Cut(live.String(), "\n")
			if !strings.Contains(live.String(), "1.0.0") || !strings.Contains(live.String(), "1.0.1") {
				t.Errorf("%s does not say both versions:\n%s", name, live.String())
			}
			if name == "wide" && (strings.Count(header, "brs_01_pre") != 1 || !strings.Contains(header, "brs_6_version_pre")) {
				t.Errorf("the answers to both versions are not in one column:\n%s", header)
			}
		}
		design := s.design(t)
		same(t, report.FormerVersions(design, second.Version.ID), []report.FormerVersion{{
			Version: "1.0.0", Hash: first.Version.Hash, Comparable: true,
			Changes: "Changed: wording. This is a correction; scores from both versions can be compared.",
		}})
		same(t, report.ComparableVersions(design, second.Version.ID), []survey.InstrumentID{first.Version.ID})

		wantError(t, replace(ctx, s, s.study.ID, second.Version.ID, first.Version.ID), survey.ErrConflict) // asked before
		wantError(t, replace(ctx, s, s.study.ID, first.Version.ID, second.Version.ID), survey.ErrConflict) // not asked any more
		other := s.addWording(t, "phq-9")
		wantError(t, replace(ctx, s, s.study.ID, second.Version.ID, other.Version.ID), survey.ErrConflict)
	})
}

func replace(ctx context.Context, s *stage, study survey.StudyID, from, to survey.InstrumentID) error {
	_, err := s.cases.Library.Replace(ctx, s.admin, study, from, string(to))
	return err
}

// asking moves the stage to an open study that asks a questionnaire before and after.
func (s *stage) asking(t *testing.T, i survey.LibraryItem) {
	t.Helper()
	ctx := t.Context()
	study, err := s.cases.Studies.Create(ctx, s.admin, survey.NewStudy{
		Protocol: "learning_from_setbacks_8", Key: "asking", TimeZone: zoneName,
		Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
	})
	noError(t, err)
	d, err := s.cases.Studies.Design(ctx, s.admin, study.ID)
	noError(t, err)
	var choices []survey.WaveChoice
	for _, w := range d.Waves {
		c := survey.WaveChoice{Wave: w.ID}
		if w.Kind == survey.WavePre || w.Kind == survey.WavePost {
			c.Sets = []string{string(i.Version.ID)}
		}
		choices = append(choices, c)
	}
	primary, _ := i.Version.Definition.Primary()
	noError(t, s.cases.Library.Choose(ctx, s.admin, study.ID, choices, primary.Key))
	s.declare(t, study)
	noError(t, s.cases.Studies.Open(ctx, s.admin, study.ID))
	s.study, err = s.store.Study(ctx, study.ID)
	noError(t, err)
	s.leader = s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: study.ID})
	s.researcher = s.user(t, survey.Grant{Role: survey.RoleResearcher, StudyID: study.ID})
	s.run, err = s.cases.Runs.Create(ctx, s.leader, study.ID, newRun())
	noError(t, err)
}

func TestARetiredVersionIsNotOfferedToNewStudies(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		i := s.addWording(t, "brs-6")
		offered := func() bool {
			q, err := s.cases.Library.InStudy(t.Context(), s.researcher, s.study.ID)
			noError(t, err)
			for _, c := range q.Choices {
				if c.Version.ID == i.Version.ID {
					return true
				}
			}
			return false
		}
		same(t, offered(), true)
		noError(t, s.cases.Library.Retire(t.Context(), s.researcher, i.Version.ID, true))
		same(t, offered(), false)
		noError(t, s.cases.Library.Retire(t.Context(), s.researcher, i.Version.ID, false))
		same(t, offered(), true)
	})
}

func TestOfOthersStudiesNothingIsTold(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		i, other := s.addWording(t, "brs-6"), s.researcher
		s.asking(t, i)
		mine, err := s.cases.Library.Show(t.Context(), other, "brs-6")
		noError(t, err)
		same(t, len(mine.Uses), 0)
		all, err := s.cases.Library.Show(t.Context(), s.admin, "brs-6")
		noError(t, err)
		if len(all.Uses) == 0 {
			t.Error("the administrator does not see the study")
		}
	})
}

// A later program brings a later version of its own questionnaires, which no study
// has used yet.
func TestAnOlderBuiltInQuestionnaireIsReplacedByTheOneOfTheProgram(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		builtin, err := instrument.BuiltinByKey("resilience")
		noError(t, err)
		old := copyOf(t, builtin)
		old.Version = "0.9.0"
		id := survey.InstrumentID("0197-an-older-version")
		noError(t, s.store.InTx(ctx, func(tx survey.Tx) error {
			return tx.CreateInstrumentVersion(ctx, survey.InstrumentVersion{ID: id, Hash: old.Hash(), Definition: old, CreatedAt: s.clock()})
		}))
		item, err := s.cases.Library.Item(ctx, s.admin, id)
		noError(t, err)
		s.asking(t, item)
		q, err := s.cases.Library.InStudy(ctx, s.researcher, s.study.ID)
		noError(t, err)
		same(t, q.Newer[id].Version.Definition.Version, builtin.Version)
		done, err := s.cases.Library.Replace(ctx, s.researcher, s.study.ID, id, "resilience")
		noError(t, err)
		same(t, done, survey.Replaced{Waves: 2, Comparable: true})
	})
}
