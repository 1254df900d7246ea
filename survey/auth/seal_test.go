package auth

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"tidemark/survey"
)

func notePlace() survey.NotePlace {
	return survey.NotePlace{StudyID: "study", EnrolmentID: "enrolment", ID: "note", Kind: survey.NoteOwnWords}
}

func TestASealedNoteOpensWhereItBelongs(t *testing.T) {
	t.Parallel()
	k := testKeys(t)
	for _, plain := range []string{"", "a", "I am trying", strings.Repeat("x", 255), strings.Repeat("y", 256), "ends with \x01", "zeros\x00\x00", "ünï — 中"} {
		id, sealed := k.SealNote(notePlace(), []byte(plain))
		if plain != "" && len(plain) > 1 && bytes.Contains(sealed, []byte(plain)) {
			t.Errorf("the words %q stand in what is sealed", plain)
		}
		got, err := k.OpenNote(notePlace(), id, sealed)
		if err != nil || string(got) != plain {
			t.Errorf("%q opened as %q, %v", plain, got, err)
		}
	}
}

func TestTheLengthOfANoteIsHidden(t *testing.T) {
	t.Parallel()
	k := testKeys(t)
	_, short := k.SealNote(notePlace(), []byte("no"))
	_, long := k.SealNote(notePlace(), []byte(strings.Repeat("a word ", 30)))
	if len(short) != len(long) {
		t.Errorf("%d and %d bytes", len(short), len(long))
	}
}

func TestTheSameWordsAreNeverSealedAlike(t *testing.T) {
	t.Parallel()
	k := testKeys(t)
	_, one := k.SealNote(notePlace(), []byte("the same"))
	_, two := k.SealNote(notePlace(), []byte("the same"))
	if bytes.Equal(one, two) {
		t.Error("two sealings are equal")
	}
}

func TestASealedNoteOpensNowhereElse(t *testing.T) {
	t.Parallel()
	k := testKeys(t)
	other, err := New(strings.Repeat("ab", 32))
	if err != nil {
		t.Fatal(err)
	}
	id, sealed := k.SealNote(notePlace(), []byte("for nobody else"))
	otherID, _ := other.SealNote(notePlace(), nil)
	altered := bytes.Clone(sealed)
	altered[len(altered)/2] ^= 1
	for name, c := range map[string]struct {
		keys   *Keys
		change func(*survey.NotePlace)
		keyID  string
		sealed []byte
	}{
		"another study":             {k, func(p *survey.NotePlace) { p.StudyID = "other" }, id, sealed},
		"another enrolment":         {k, func(p *survey.NotePlace) { p.EnrolmentID = "other" }, id, sealed},
		"another note":              {k, func(p *survey.NotePlace) { p.ID = "other" }, id, sealed},
		"another kind":              {k, func(p *survey.NotePlace) { p.Kind = survey.NoteReflection }, id, sealed},
		"a shifted boundary":        {k, func(p *survey.NotePlace) { p.EnrolmentID, p.ID = "enrolmentn", "ote" }, id, sealed},
		"another secret":            {other, nil, id, sealed},
		"another secret, its name":  {other, nil, otherID, sealed},
		"an unknown key":            {k, nil, "1-000000000000", sealed},
		"altered":                   {k, nil, id, altered},
		"cut off":                   {k, nil, id, sealed[:len(sealed)-1]},
		"too short to be a sealing": {k, nil, id, []byte("x")},
		"nothing":                   {k, nil, id, nil},
	} {
		at := notePlace()
		if c.change != nil {
			c.change(&at)
		}
		got, err := c.keys.OpenNote(at, c.keyID, c.sealed)
		if !errors.Is(err, survey.ErrSealed) || got != nil {
			t.Errorf("%s: %q, %v, want nothing and ErrSealed", name, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "nobody else") {
			t.Errorf("%s: the error tells the words: %v", name, err)
		}
	}
}

func TestASeedOpensForItsStudyAlone(t *testing.T) {
	t.Parallel()
	k := testKeys(t)
	other, err := New(strings.Repeat("ab", 32))
	if err != nil {
		t.Fatal(err)
	}
	seed := bytes.Repeat([]byte{0xa5, 0x17}, 16)
	id, sealed := k.SealSeed("study", seed)
	again, twice := k.SealSeed("study", seed)
	if got, err := k.OpenSeed("study", id, sealed); err != nil || !bytes.Equal(got, seed) || bytes.Contains(sealed, seed[:8]) {
		t.Errorf("opened %x, %v", got, err)
	}
	if again != id || bytes.Equal(sealed, twice) {
		t.Error("the same seed is sealed the same twice")
	}
	otherID, _ := other.SealSeed("study", seed)
	noteID, note := k.SealNote(survey.NotePlace{StudyID: "study"}, seed)
	altered := bytes.Clone(sealed)
	altered[len(altered)/2] ^= 1
	for name, c := range map[string]struct {
		keys   *Keys
		study  survey.StudyID
		keyID  string
		sealed []byte
	}{
		"another study": {k, "other", id, sealed}, "another secret": {other, "study", id, sealed},
		"another secret, its name": {other, "study", otherID, sealed}, "altered": {k, "study", id, altered},
		"a note": {k, "study", noteID, note}, "a note, by name": {k, "study", id, note}, "nothing": {k, "study", id, nil},
	} {
		if got, err := c.keys.OpenSeed(c.study, c.keyID, c.sealed); !errors.Is(err, survey.ErrSealed) || got != nil {
			t.Errorf("%s: %x, %v", name, got, err)
		}
	}
}
