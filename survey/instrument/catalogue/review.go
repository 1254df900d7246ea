package catalogue

// Review looks at a wording that somebody has gone through, as PasteWording looks at
// a sheet: items in order, and options as they are written.
func Review(e *Entry, items []string, options []FoundOption) *Preview {
	p := &Preview{Options: options}
	for i, text := range items {
		p.Items = append(p.Items, FoundItem{Number: i + 1, Text: text})
	}
	e.doubtItems(p)
	e.DoubtOptions(p)
	p.sort()
	return p
}
