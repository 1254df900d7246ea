package survey

import "fmt"

// Inventory says what a database holds, so that two databases, of either engine,
// can be told to hold the same: it is made of the canonical export, in which every
// row of every table stands in one order and one form.
type Inventory struct {
	// Schema is the version of the schema that the rows are in.
	Schema int64          `json:"schema"`
	Tables []TableContent `json:"tables"` // by name
	// SHA256 is of the whole canonical export.
	SHA256 string `json:"sha256"`
}

// TableContent is what a table holds.
type TableContent struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"` // of its rows in the canonical export
}

// Rows is how many rows there are in all tables together.
func (i Inventory) Rows() (n int64) {
	for _, t := range i.Tables {
		n += t.Rows
	}
	return n
}

// Differences says in words what of an inventory is not in another; nothing when
// both are the same.
func (i Inventory) Differences(other Inventory) []string {
	if i.SHA256 == other.SHA256 && i.SHA256 != "" {
		return nil
	}
	var all []string
	if i.Schema != other.Schema {
		all = append(all, fmt.Sprintf("schema %d and %d", i.Schema, other.Schema))
	}
	theirs := make(map[string]TableContent, len(other.Tables))
	for _, t := range other.Tables {
		theirs[t.Name] = t
	}
	for _, t := range i.Tables {
		o, ok := theirs[t.Name]
		delete(theirs, t.Name)
		switch {
		case !ok:
			all = append(all, "there is no table "+t.Name)
		case t.Rows != o.Rows:
			all = append(all, fmt.Sprintf("%s has %d rows and %d", t.Name, t.Rows, o.Rows))
		case t.SHA256 != o.SHA256:
			all = append(all, fmt.Sprintf("rows of %s differ", t.Name))
		}
	}
	for _, t := range other.Tables {
		if _, ok := theirs[t.Name]; ok {
			all = append(all, "there is also a table "+t.Name)
		}
	}
	if len(all) == 0 {
		all = append(all, "the exports differ")
	}
	return all
}
