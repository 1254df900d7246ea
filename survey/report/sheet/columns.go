package sheet

// Numbers reads columns, by their positions, as numbers: NaN where missing. The
// columns share one decimal sign. The error is Faults.
func (s *Sheet) Numbers(missing Missing, columns ...int) ([][]float64, error) {
	numbers, faults := s.numbers(missing, columns...)
	return numbers, faults.orNil()
}

// Texts reads a column as labels, empty where missing.
func (s *Sheet) Texts(missing Missing, column int) []string {
	texts := make([]string, len(s.Rows))
	for i, r := range s.Rows {
		if !missing.has(r.Cells[column]) {
			texts[i] = r.Cells[column]
		}
	}
	return texts
}

// Repeated finds identifiers that stand in several rows, or in several rows of
// one wave when there is a column of waves (−1: none), and rows without one. The
// error is Faults.
func (s *Sheet) Repeated(missing Missing, id, wave int) error {
	return s.duplicates(missing, id, wave).orNil()
}

// Numeric reports whether every cell of a column is a number or missing, and
// some cell is a number.
func (s *Sheet) Numeric(missing Missing, column int) bool {
	some := false
	for _, r := range s.Rows {
		cell := r.Cells[column]
		if missing.has(cell) {
			continue
		}
		plain := minus(cell)
		if !numberForm.MatchString(plain) && !commaForm.MatchString(plain) {
			return false
		}
		some = true
	}
	return some
}

// Note adds to what was found out about the file.
func (s *Sheet) Note(text string) { s.note(text) }

// WaveKey makes "1", "01" and "1.0" the same wave.
func WaveKey(cell string) string { return waveKey(cell) }
