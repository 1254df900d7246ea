package instrument

// Shown says which items are asked, given the answers so far.
func (d *Definition) Shown(Answers) map[string]bool {
	shown := make(map[string]bool, len(d.Items))
	for _, item := range d.Items {
		shown[item.Code] = true
	}
	return shown
}
