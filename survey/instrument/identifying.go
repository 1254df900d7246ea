package instrument

// Identifying says how far an answer can tell who somebody is.
type Identifying string

// How far answers identify.
const (
	// IdentifyingNot: the item says nothing of it; see [Definition.Identifies].
	IdentifyingNot Identifying = ""
	// IdentifyingDirect: alone, as a telephone number or a member number.
	IdentifyingDirect Identifying = "direct"
	// IdentifyingQuasi: together with others that somebody may know, as age, gender
	// and schooling.
	IdentifyingQuasi Identifying = "quasi"
)

// Valid reports whether i is one of them.
func (i Identifying) Valid() bool {
	return i == IdentifyingNot || i == IdentifyingDirect || i == IdentifyingQuasi
}

// Identifies is how far the answer to an item can tell who somebody is. In a
// questionnaire about the person that marks no item at all, every item counts as
// one that does together with others.
func (d *Definition) Identifies(code string) Identifying {
	item := d.item(code)
	if item == nil || !item.Type.Asked() {
		return IdentifyingNot
	}
	if item.Identifying == IdentifyingNot && d.Purpose == PurposeBackground && !d.marksIdentifying() {
		return IdentifyingQuasi
	}
	return item.Identifying
}

func (d *Definition) marksIdentifying() bool {
	for i := range d.Items {
		if d.Items[i].Identifying != IdentifyingNot {
			return true
		}
	}
	return false
}
