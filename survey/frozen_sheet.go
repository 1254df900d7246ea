package survey

import (
	"encoding/binary"
	"errors"
	"math"
	"time"
)

// frozenSheet is an assessment with what was answered, as it is taken out of a
// [sheetStore]: good until the next is.
type frozenSheet struct {
	Assessment
	items   []string
	values  []float64
	at      []int64
	texts   []string // by item; empty: none
	missing []MissingCode
	sources []Source
	scores  []frozenScore
}

// sheetStore holds assessments as they are in a snapshot, each packed into bytes of its
// own: some ten bytes for an answer with its time, where structures took two hundred. So
// a snapshot of a million answers takes little memory, can be gone through any number of
// times, and in the order of other people than it was frozen in.
type sheetStore struct {
	study  StudyID
	blocks [][]byte
	// What stands in many sheets is kept once, and meant by its place.
	words []string
	known map[string]int
	lists [][]string // of item codes
}

// sheetAt is where a sheet is, and whose.
type sheetAt struct {
	enrolment EnrolmentID
	block     int32
	from      int32
}

// sheetBlock is how much is held together.
const sheetBlock = 256 << 10

func newSheetStore() *sheetStore { return &sheetStore{known: map[string]int{}, lists: [][]string{nil}} }

func (s *sheetStore) word(text string) uint64 {
	n, known := s.known[text]
	if !known {
		n = len(s.words)
		s.known[text] = n
		s.words = append(s.words, text)
	}
	return uint64(n)
}

// The first byte of a value: a small number is itself.
const (
	valueNone  = 255
	valueFloat = 254
)

// The notes of an item that most have none of.
const (
	noteText = 1 + iota
	noteMissing
	noteSource
)

// put packs a sheet. list is the place of its items among the lists.
func (s *sheetStore) put(a *frozenAssessment, list int, items []string) (block, from int32) {
	if n := len(s.blocks); n == 0 || len(s.blocks[n-1]) > sheetBlock-(4<<10) {
		s.blocks = append(s.blocks, make([]byte, 0, sheetBlock))
	}
	last := len(s.blocks) - 1
	b := s.blocks[last]
	block, from = int32(last), int32(len(b)) // of a block, and of a snapshot that fits into memory
	b = putText(b, string(a.ID))
	b = binary.AppendUvarint(b, s.word(string(a.Wave)))
	b = binary.AppendUvarint(b, s.word(string(a.Instrument)))
	b = binary.AppendVarint(b, int64(a.Position))
	b = binary.AppendVarint(b, int64(a.StartedAt))
	b = binary.AppendVarint(b, int64(a.SavedAt))
	b = binary.AppendVarint(b, int64(a.SubmittedAt))
	b = binary.AppendUvarint(b, uint64(len(a.Scores)))
	for _, score := range a.Scores {
		b = binary.AppendUvarint(b, s.word(score.Scale))
		b = binary.AppendVarint(b, int64(score.Answered))
		b = binary.AppendVarint(b, int64(score.Items))
		b = binary.AppendUvarint(b, s.word(score.Rule))
		value := math.NaN()
		if score.Value != nil {
			value = *score.Value
		}
		b = putValue(b, value)
	}
	b = binary.AppendUvarint(b, uint64(list))
	before := int64(a.SavedAt)
	for i, v := range a.Values {
		b = putValue(b, v)
		b = binary.AppendVarint(b, a.AnsweredAt[i]-before)
		before = a.AnsweredAt[i]
	}
	for i, item := range items {
		if text := a.Texts[item]; text != "" {
			b = putText(append(binary.AppendUvarint(b, uint64(i)+1), noteText), text)
		}
		if code := a.Missing[item]; code != NotMissing {
			b = binary.AppendUvarint(append(binary.AppendUvarint(b, uint64(i)+1), noteMissing), s.word(string(code)))
		}
		if source := a.Sources[item]; source != "" {
			b = binary.AppendUvarint(append(binary.AppendUvarint(b, uint64(i)+1), noteSource), s.word(string(source)))
		}
	}
	s.blocks[last] = append(b, 0)
	return block, from
}

func putText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func putValue(b []byte, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(b, valueNone)
	case v >= 0 && v < valueFloat && v == math.Trunc(v) && !math.Signbit(v):
		return append(b, byte(v))
	}
	return binary.LittleEndian.AppendUint64(append(b, valueFloat), math.Float64bits(v))
}

// sheetReader takes sheets out of a store, each over the one before.
type sheetReader struct {
	*sheetStore
	b     []byte
	sheet frozenSheet
}

func (r *sheetReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	r.b = r.b[n:]
	return v
}

func (r *sheetReader) varint() int64 {
	v, n := binary.Varint(r.b)
	r.b = r.b[n:]
	return v
}

func (r *sheetReader) word() string { return r.words[r.uvarint()] }

func (r *sheetReader) text() string {
	n := r.uvarint()
	text := string(r.b[:n])
	r.b = r.b[n:]
	return text
}

func (r *sheetReader) value() float64 {
	tag := r.b[0]
	r.b = r.b[1:]
	switch tag {
	case valueNone:
		return math.NaN()
	case valueFloat:
		v := math.Float64frombits(binary.LittleEndian.Uint64(r.b))
		r.b = r.b[8:]
		return v
	}
	return float64(tag)
}

// head takes out the assessment alone.
func (r *sheetReader) head(at sheetAt) *frozenSheet {
	r.b = r.blocks[at.block][at.from:]
	s := &r.sheet
	s.Assessment = Assessment{StudyID: r.study, EnrolmentID: at.enrolment}
	s.ID = AssessmentID(r.text())
	s.WaveID, s.InstrumentID, s.Position = WaveID(r.word()), InstrumentID(r.word()), int(r.varint())
	s.StartedAt, s.SavedAt, s.SubmittedAt = r.instant(), r.instant(), r.instant()
	return s
}

func (r *sheetReader) instant() time.Time { return millis(r.varint()).time() }

// scored takes out the assessment with its scores, after head.
func (r *sheetReader) scored() *frozenSheet {
	s := &r.sheet
	s.scores = s.scores[:0]
	for range r.uvarint() {
		score := frozenScore{Scale: r.word(), Answered: int(r.varint()), Items: int(r.varint()), Rule: r.word()}
		if v := r.value(); !math.IsNaN(v) {
			score.Value = &v
		}
		s.scores = append(s.scores, score)
	}
	return s
}

// answered takes out the rest, after scored.
func (r *sheetReader) answered() *frozenSheet {
	s := &r.sheet
	s.items = r.lists[r.uvarint()]
	s.values, s.at = s.values[:0], s.at[:0]
	s.texts, s.missing, s.sources = s.texts[:0], s.missing[:0], s.sources[:0]
	before := s.SavedAt.UnixMilli()
	if s.SavedAt.IsZero() {
		before = 0
	}
	for range s.items {
		s.values = append(s.values, r.value())
		before += r.varint()
		s.at = append(s.at, before)
		s.texts, s.missing, s.sources = append(s.texts, ""), append(s.missing, NotMissing), append(s.sources, "")
	}
	for i := r.uvarint(); i > 0; i = r.uvarint() {
		kind := r.b[0]
		r.b = r.b[1:]
		switch kind {
		case noteText:
			s.texts[i-1] = r.text()
		case noteMissing:
			s.missing[i-1] = MissingCode(r.word())
		case noteSource:
			s.sources[i-1] = Source(r.word())
		}
	}
	return s
}

var errFrozenItems = errors.New("columns of different lengths")

// each gives the answers of a sheet.
func (s *frozenSheet) each(call func(*ResponseRow) error) error {
	row := ResponseRow{
		EnrolmentID: s.EnrolmentID, AssessmentID: s.ID, WaveID: s.WaveID, InstrumentID: s.InstrumentID, SubmittedAt: s.SubmittedAt,
	}
	for i, item := range s.items {
		row.Item, row.Value, row.Text, row.Missing, row.Source = item, s.values[i], s.texts[i], NotMissing, s.sources[i]
		if row.Text != "" {
			row.Value = 0
		} else if math.IsNaN(row.Value) {
			row.Value, row.Missing = 0, s.missing[i]
		}
		row.AnsweredAt = millis(s.at[i]).time()
		if err := call(&row); err != nil {
			return err
		}
	}
	return nil
}
