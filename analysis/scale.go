package analysis

// Scale holds the answers to the items of a scale as a model needs them:
// reversed where keyed, of people who answered every item, without items that
// do not vary.
type Scale struct {
	// Names and Columns belong to the items kept, Dropped names the others. The
	// columns are not to be changed.
	Names   []string
	Columns [][]float64
	Dropped []string
	// N counts the people kept, Excluded those with a missing answer.
	N, Excluded int
}

// NewScale prepares items, item-major as Alpha takes them, for a model.
// opt.Missing and opt.Level are not used: people with a missing answer to an
// item that varies are excluded. The reason says why nothing can be done with
// the items.
func NewScale(items [][]float64, opt AlphaOptions) (Scale, Reason) {
	opt.Missing = Listwise
	d, why := newScale(items, opt)
	if why != "" {
		return Scale{}, why
	}
	s := Scale{Names: d.names, Dropped: d.dropped, N: d.used()}
	if len(d.columns) == 0 {
		s.N = d.complete
	}
	s.Excluded = d.rows - s.N
	for _, c := range d.columns {
		s.Columns = append(s.Columns, c.values)
	}
	return s, ""
}
