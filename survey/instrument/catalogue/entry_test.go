package catalogue_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"tidemark/survey/instrument/catalogue"
)

func TestEveryEntryHangsTogether(t *testing.T) {
	t.Parallel()
	entries := all(t)
	if len(entries) != 36 {
		t.Errorf("%d entries", len(entries))
	}
	for _, e := range entries {
		t.Run(e.ID, func(t *testing.T) {
			t.Parallel()
			again, err := catalogue.ByID(e.DefinitionKey())
			if err != nil || again.ID != e.ID {
				t.Fatalf("found by the key of its definitions: %v, %v", again, err)
			}
			if e.Ready == (e.Why != "") {
				t.Errorf("ready %v, and why not: %q", e.Ready, e.Why)
			}
			if e.Proprietary != (e.Terms.Kind == catalogue.TermsProprietary) || e.Proprietary != e.Terms.Reference {
				t.Errorf("proprietary %v, terms %+v", e.Proprietary, e.Terms)
			}
			if e.Response.Points > 0 && e.Response.High-e.Response.Low != float64(e.Response.Points-1) {
				t.Errorf("response %+v", e.Response)
			}
			for _, s := range slices.Concat(e.Scales, e.Alternatives) {
				for _, n := range slices.Concat(s.Items, s.Reversed) {
					if n < 1 || n > e.Items {
						t.Errorf("%s has item %d of %d", s.Key, n, e.Items)
					}
				}
				for _, n := range s.Norms {
					if n.SD <= 0 || n.Source == "" {
						t.Errorf("%s has the norm %+v", s.Key, n)
					}
				}
				if len(s.Bands) > 0 && s.BandsWarning == "" {
					t.Errorf("%s has bands without a warning", s.Key)
				}
			}
			for _, o := range e.OtherKeys {
				if slices.Equal(o.Reversed, e.Reversed()) {
					t.Errorf("%s is the key itself", o.Name)
				}
			}
			if e.OtherOrder != "" {
				other, err := catalogue.ByID(e.OtherOrder)
				if err != nil || other.OtherOrder != e.ID {
					t.Errorf("other order %q: %v", e.OtherOrder, err)
				}
			}
			if s := e.Subset; s != nil {
				long, err := catalogue.ByID(s.Of)
				if err != nil || len(s.Items) != e.Items || slices.Max(s.Items) > long.Items {
					t.Errorf("subset %+v: %v", s, err)
				}
			}
		})
	}
}

func TestAnEntryThatIsNotReadyIsListedWithTheReasonAndNotScored(t *testing.T) {
	t.Parallel()
	e := entry(t, "socs-s")
	if _, err := e.Key(); !errors.Is(err, catalogue.ErrNotReady) || !strings.Contains(err.Error(), e.Why) {
		t.Errorf("key: %v", err)
	}
	if _, err := e.Definition(placeholder(e, nil)); !errors.Is(err, catalogue.ErrNotReady) {
		t.Errorf("definition: %v", err)
	}
}

func TestAnUnknownEntryIsNotFound(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", "nothing", "../entry", "scs-26/x", ".."} {
		if _, err := catalogue.ByID(id); !errors.Is(err, catalogue.ErrUnknown) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestWordingThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	e := entry(t, "brs-6")
	short := placeholder(e, nil)
	short.Items = short.Items[:5]
	fewOptions := placeholder(e, nil)
	fewOptions.Options = fewOptions.Options[:4]
	shifted := placeholder(e, nil)
	for i := range shifted.Options {
		shifted.Options[i].Value--
	}
	for name, w := range map[string]catalogue.Wording{"items": short, "options": fewOptions, "values": shifted} {
		if _, err := e.Definition(w); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestWhatIsKnownOfAnEntryGoesIntoItsQuestionnaire(t *testing.T) {
	t.Parallel()
	e := entry(t, "phq-9")
	d, err := e.Definition(placeholder(e, nil))
	if err != nil {
		t.Fatal(err)
	}
	item, _ := d.Item("phq9_09")
	if item.Risk == nil || item.Risk.Above == nil || *item.Risk.Above != 0 {
		t.Errorf("risk of item 9: %+v", item.Risk)
	}
	total, _ := d.Primary()
	if len(total.Bands) != 5 || total.BandsWarning == "" || len(total.Norms) == 0 || len(total.Reliability) == 0 || len(total.Changes) != 2 {
		t.Errorf("scale %+v", total)
	}
	if d.Licence == nil || d.Licence.Kind != "free" || !strings.Contains(d.Citation, e.DOI) {
		t.Errorf("licence %+v, citation %q", d.Licence, d.Citation)
	}
}

// The shorter form of the SCS consists of items of the long one; both keys must
// turn the same of them.
func TestShortFormsTurnTheSameItemsAsTheLongOnes(t *testing.T) {
	t.Parallel()
	for _, e := range all(t) {
		if e.Subset == nil {
			continue
		}
		long := entry(t, e.Subset.Of)
		for i, n := range e.Subset.Items {
			if slices.Contains(e.Reversed(), i+1) != slices.Contains(long.Reversed(), n) {
				t.Errorf("%s: item %d is %s %d, but only one of them is turned", e.ID, i+1, long.ID, n)
			}
		}
	}
}

func entry(t *testing.T, id string) *catalogue.Entry {
	t.Helper()
	e, err := catalogue.ByID(id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A difference from a key by one item must show: the vectors can fail.
func TestTheVectorsTellAWrongKey(t *testing.T) {
	t.Parallel()
	for id, turned := range map[string][]int{"brs-6": {1, 3, 5}, "scs-sf-12": {2, 3, 5, 7, 9, 12}, "rses-10-umd": {2, 5, 6, 8, 9}} {
		e := entry(t, id)
		for i := range e.Scales {
			if e.Scales[i].Primary {
				e.Scales[i].Reversed = turned
			}
		}
		d, err := e.Definition(placeholder(e, nil))
		if err != nil {
			t.Fatal(err)
		}
		v := vectors[id][0]
		answers := map[string]float64{}
		for i, a := range v.answers {
			answers[e.Code(i+1)] = a
		}
		scale, _ := d.Primary()
		for _, s := range d.Score(answers) {
			if s.Scale == scale.Key && math.Abs(s.Value-v.want[s.Scale]) < 1e-9 {
				t.Errorf("%s: the wrong key scores like the right one", id)
			}
		}
	}
}
