package main

import (
	"strconv"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
	"tidemark/survey/report/filedata"
)

// keyOutcome scores an outcome's items by the key of an instrument: turned items,
// range, sum or mean, how many must be answered, direction, ranges. The key is that
// of the whole instrument, so every wave needs all of its items, in the order of the
// sheet.
func keyOutcome(o *filedata.Outcome, id string) error {
	what, err := findInstrument(id)
	if err != nil {
		return err
	}
	d := what.definition
	if what.entry != nil {
		if what.entry.KeyOnForm {
			return misuse("--instrument %s: which items are turned is on the licensed form; say --reverse, --min and --max", id)
		}
		if d, err = what.entry.Key(); err != nil {
			return err
		}
	}
	scale, ok := plainScale(d)
	if !ok {
		return misuse("--instrument %s: %s has no score over all of its items that is a plain sum or mean; score the file with tidemark instrument score first", id, d.Title)
	}
	for _, items := range o.Items {
		if len(items) != 0 && len(items) != len(scale.Items) {
			return misuse("--instrument %s: %s has %d items, --items %s names %d", id, d.Title, len(scale.Items), o.Key, len(items))
		}
	}
	low, high := boundsOf(d, what.entry)
	o.Name, o.Sum, o.MinAnswered, o.Direction = scale.Name, scale.Method == instrument.MethodSum, scale.MinAnswered, scale.Direction
	o.Min, o.Max, o.Reverse, o.Bands = &low, &high, nil, nil
	for i, code := range scale.Items {
		for _, reversed := range scale.Reversed {
			if code == reversed {
				o.Reverse = append(o.Reverse, strconv.Itoa(i+1))
			}
		}
	}
	for _, b := range scale.Bands {
		o.Bands = append(o.Bands, filedata.Band{From: b.From, To: b.To})
	}
	return nil
}

// plainScale is the first scale over all items that is a sum or a mean and nothing
// more, the primary one before others.
func plainScale(d *instrument.Definition) (instrument.Scale, bool) {
	var found instrument.Scale
	for _, s := range d.Scales {
		plain := (s.Method == instrument.MethodMean || s.Method == instrument.MethodSum) && s.Factor == 0 && len(s.Lookup) == 0
		if plain && len(s.Items) == len(d.Items) && (found.Key == "" || s.Primary) {
			found = s
		}
	}
	return found, found.Key != ""
}

// boundsOf are the ends of the answers.
func boundsOf(d *instrument.Definition, e *catalogue.Entry) (low, high float64) {
	if e != nil {
		return e.Response.Low, e.Response.High
	}
	options, _ := d.ItemOptions(d.Items[0].Code) // a definition has items
	for i, o := range options {
		if i == 0 {
			low, high = o.Value, o.Value
		}
		low, high = min(low, o.Value), max(high, o.Value)
	}
	return low, high
}
