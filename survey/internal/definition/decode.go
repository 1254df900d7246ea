package definition

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxBytes is the largest definition file that is read. The longest
// questionnaires in use stay far below it; anything above is a wrong file.
const MaxBytes = 1 << 20

// Decode reads JSON into target, a pointer to a struct, and returns every fault
// found. Field names must match the json tags exactly; fields without a tag are
// not read. A field that is left out keeps its zero value. Null is accepted for
// pointers alone.
func Decode(data []byte, target any) Faults {
	var faults Faults
	if len(data) > MaxBytes {
		faults.Add("", "the file has %d bytes, more than the %d that are read", len(data), MaxBytes)
		return faults
	}
	if !utf8.Valid(data) {
		faults.Add("", "the file is not valid UTF-8 text")
		return faults
	}
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		faults.Add("", "the file is not valid JSON: %s", syntaxProblem(data, err))
		return faults
	}
	d := decoder{}
	d.value(whole, reflect.ValueOf(target).Elem(), "")
	return d.faults
}

// syntaxProblem adds line and column to a syntax error, which the standard
// library gives as a byte offset.
func syntaxProblem(data []byte, err error) string {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err.Error()
	}
	before := data[:min(int(syntax.Offset), len(data))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - (bytes.LastIndexByte(before, '\n') + 1)
	return fmt.Sprintf("line %d, column %d: %s", line, column, syntax.Error())
}

type decoder struct{ faults Faults }

// value reads one JSON value, known to be syntactically valid, into v.
func (d *decoder) value(raw json.RawMessage, v reflect.Value, place string) {
	raw = bytes.TrimSpace(raw)
	if bytes.Equal(raw, []byte("null")) {
		if v.Kind() != reflect.Pointer {
			d.faults.Add(place, "is null; give a value or leave the field out")
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(raw, v.Elem(), place)
	case reflect.Struct:
		d.object(raw, v, place)
	case reflect.Map:
		d.table(raw, v, place)
	case reflect.Slice:
		d.list(raw, v, place)
	default:
		d.scalar(raw, v, place)
	}
}

// member is one name and value of a JSON object, in file order.
type member struct {
	name  string
	value json.RawMessage
}

// members splits an object. Names given twice are faults, because the standard
// library would quietly keep the last one.
func (d *decoder) members(raw json.RawMessage, place string) ([]member, bool) {
	if raw[0] != '{' {
		d.faults.Add(place, "must be an object, is %s", kindOf(raw))
		return nil, false
	}
	var found []member
	seen := map[string]bool{}
	reader := json.NewDecoder(bytes.NewReader(raw))
	if _, err := reader.Token(); err != nil {
		d.faults.Add(place, "cannot be read: %v", err)
		return nil, false
	}
	for reader.More() {
		token, err := reader.Token()
		name, isName := token.(string)
		var value json.RawMessage
		if err == nil {
			err = reader.Decode(&value)
		}
		if err != nil || !isName {
			d.faults.Add(place, "cannot be read: %v", err)
			return nil, false
		}
		if seen[name] {
			d.faults.Add(at(place, name), "is given twice")
			continue
		}
		seen[name] = true
		found = append(found, member{name, value})
	}
	return found, true
}

func (d *decoder) object(raw json.RawMessage, v reflect.Value, place string) {
	found, ok := d.members(raw, place)
	if !ok {
		return
	}
	fields := map[string]reflect.Value{}
	for field, value := range v.Fields() {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			fields[name] = value
		}
	}
	for _, m := range found {
		field, known := fields[m.name]
		if !known {
			d.faults.Add(at(place, m.name), "is not a known field")
			continue
		}
		d.value(m.value, field, at(place, m.name))
	}
}

func (d *decoder) table(raw json.RawMessage, v reflect.Value, place string) {
	found, ok := d.members(raw, place)
	if !ok {
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, m := range found {
		element := reflect.New(v.Type().Elem()).Elem()
		d.value(m.value, element, at(place, m.name))
		v.SetMapIndex(reflect.ValueOf(m.name).Convert(v.Type().Key()), element)
	}
}

func (d *decoder) list(raw json.RawMessage, v reflect.Value, place string) {
	if raw[0] != '[' {
		d.faults.Add(place, "must be a list, is %s", kindOf(raw))
		return
	}
	var elements []json.RawMessage
	if err := json.Unmarshal(raw, &elements); err != nil {
		d.faults.Add(place, "cannot be read: %v", err)
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(elements), len(elements)))
	for i, element := range elements {
		d.value(element, v.Index(i), place+"["+strconv.Itoa(i)+"]")
	}
}

// scalar reads text, numbers and truth values. The standard library does the
// conversion; its message is replaced by one that names no Go types.
func (d *decoder) scalar(raw json.RawMessage, v reflect.Value, place string) {
	want := "a number"
	switch v.Kind() {
	case reflect.String:
		want = "text"
	case reflect.Bool:
		want = "true or false"
	case reflect.Int:
		want = "a whole number"
	}
	if err := json.Unmarshal(raw, v.Addr().Interface()); err != nil {
		d.faults.Add(place, "must be %s, is %s", want, kindOf(raw))
	}
}

// kindOf names a JSON value for a message, by its first byte.
func kindOf(raw json.RawMessage) string {
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "text"
	case 't', 'f':
		return "true or false"
	default:
		return "the number " + string(raw[:min(len(raw), 32)])
	}
}

// at joins a place and a field name.
func at(place, name string) string {
	if place == "" {
		return name
	}
	return place + "." + name
}
