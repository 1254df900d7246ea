package export_test

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"tidemark/survey/export"
)

// node is an element of any XML.
type node struct {
	XMLName xml.Name
	Attr    []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Nodes   []node     `xml:",any"`
}

func (n node) get(name string) string {
	for _, a := range n.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (n node) all(name string) []node {
	var found []node
	for _, c := range n.Nodes {
		if c.XMLName.Local == name {
			found = append(found, c)
		}
	}
	return found
}

// walk visits an element and all within, with what they are in.
func (n node) walk(visit func(n node, within []string), within ...string) {
	visit(n, within)
	for _, c := range n.Nodes {
		c.walk(visit, append(slices.Clone(within), n.XMLName.Local)...)
	}
}

// odmOrder is the order of elements by the standard, as far as we write them.
var odmOrder = map[string]string{
	"ODM":              "Study ClinicalData",
	"Study":            "GlobalVariables BasicDefinitions MetaDataVersion",
	"GlobalVariables":  "StudyName StudyDescription ProtocolName",
	"BasicDefinitions": "MeasurementUnit",
	"MeasurementUnit":  "Symbol",
	"MetaDataVersion":  "Protocol StudyEventDef FormDef ItemGroupDef ItemDef CodeList ConditionDef MethodDef",
	"Protocol":         "StudyEventRef", "StudyEventDef": "FormRef", "FormDef": "Description ItemGroupRef", "ItemGroupDef": "Description ItemRef",
	"ItemDef":  "Description Question MeasurementUnitRef RangeCheck CodeListRef",
	"CodeList": "CodeListItem", "CodeListItem": "Decode", "RangeCheck": "CheckValue",
	"ConditionDef": "Description FormalExpression", "MethodDef": "Description",
	"Description": "TranslatedText", "Question": "TranslatedText", "Decode": "TranslatedText", "Symbol": "TranslatedText",
	"ClinicalData": "SubjectData", "SubjectData": "StudyEventData", "StudyEventData": "FormData", "FormData": "ItemGroupData", "ItemGroupData": "ItemData",
	"ItemData": "Annotation", "Annotation": "Flag", "Flag": "FlagValue",
}

// inOrder checks that the elements in one stand in the order that a standard gives.
func inOrder(t *testing.T, standard map[string]string, n node, within []string) {
	t.Helper()
	order, at := strings.Fields(standard[n.XMLName.Local]), 0
	for _, c := range n.Nodes {
		i := slices.Index(order, c.XMLName.Local)
		if i < at {
			t.Fatalf("in %s stands %s, in the wrong place or at all", strings.Join(append(within, n.XMLName.Local), "/"), c.XMLName.Local)
		}
		at = i
	}
}

// readODM reads a file and checks that elements are in their order, that every
// identifier is defined once, and that what refers to it finds it.
func readODM(t *testing.T, b []byte) node {
	t.Helper()
	var root node
	no(t, xml.Unmarshal(b, &root))
	if root.get("ODMVersion") != "1.3.2" || root.XMLName.Space != "http://www.cdisc.org/ns/odm/v1.3" {
		t.Errorf("the root is %v", root.Attr)
	}
	defined, referred := map[string]bool{}, map[string]bool{}
	root.walk(func(n node, within []string) {
		if oid := n.get("OID"); oid != "" {
			if defined[oid] {
				t.Errorf("%s is defined twice", oid)
			}
			defined[oid] = true
		}
		for _, a := range n.Attr {
			if strings.HasSuffix(a.Name.Local, "OID") && a.Name.Local != "OID" && a.Name.Local != "FileOID" {
				referred[a.Value] = true
			}
		}
		inOrder(t, odmOrder, n, within)
	})
	for oid := range referred {
		if !defined[oid] {
			t.Errorf("nothing is called %s", oid)
		}
	}
	return root
}

// Every answer, score and person of the CSV files is in the file, and nothing else.
func TestODMHoldsTheStudy(t *testing.T) {
	t.Parallel()
	l, _ := everyKind(t)
	b, n := whole(t, l, "odm")
	root := readODM(t, b)
	meta := root.all("Study")[0].all("MetaDataVersion")[0]
	items, lists := map[string]node{}, map[string]map[string]bool{}
	for _, i := range meta.all("ItemDef") {
		items[i.get("OID")] = i
	}
	for _, list := range meta.all("CodeList") {
		codes := map[string]bool{}
		for _, c := range list.all("CodeListItem") {
			codes[c.get("CodedValue")] = true
		}
		lists[list.get("OID")] = codes
	}
	got, people := map[string]string{}, 0
	for _, s := range root.all("ClinicalData")[0].all("SubjectData") {
		people++
		for _, e := range s.all("StudyEventData") {
			for _, f := range e.all("FormData") {
				for _, g := range f.all("ItemGroupData") {
					for _, d := range g.all("ItemData") {
						item := items[d.get("ItemOID")]
						value, why := d.get("Value"), ""
						for _, a := range d.all("Annotation") {
							flag := a.all("Flag")[0].all("FlagValue")[0]
							if why = flag.Text; !lists[flag.get("CodeListOID")][why] {
								t.Errorf("nobody says what %s means", why)
							}
						}
						for _, ref := range item.all("CodeListRef") {
							if value != "" && !lists[ref.get("CodeListOID")][value] {
								t.Errorf("%s of %s is in no code list", value, d.get("ItemOID"))
							}
						}
						if (d.get("IsNull") == "Yes") != (why != "") {
							t.Errorf("%s is null for %q", d.get("ItemOID"), why)
						}
						part := strings.Join([]string{strings.TrimPrefix(e.get("StudyEventOID"), "SE."), f.get("FormOID")}, " ")
						got[strings.Join([]string{s.get("SubjectKey"), part, d.get("ItemOID")[:1], item.get("Name")}, " ")] = value + why
					}
				}
			}
		}
	}
	if people != n || people == 0 {
		t.Errorf("%d people are told of, %d written", n, people)
	}
	sameAll(t, "value", got, odmExpected(t, l))
}

// odmExpected are the values of the CSV files by person, event, form and item.
func odmExpected(t *testing.T, l *little) map[string]string {
	t.Helper()
	want := map[string]string{}
	form := func(row map[string]string) string {
		return strings.Join([]string{row["participant"], row["wave"], "F." + row["instrument"] + "." + row["instrument_version"]}, " ")
	}
	saved := map[string]string{}
	options := several(t, l)
	for _, row := range given(t, read(t, export.Long, l.store, l.study.ID)) {
		at := form(row)
		saved[at] = max(saved[at], row["answered_at"])
		if row["submitted_at"] != "" {
			want[at+" T submitted_at"] = row["submitted_at"]
		}
		choices, is := options[row["item"]]
		for _, o := range choices {
			name, chosen := choice(o, row["text"]+row["value"], "m")
			if row["missing"] != "" {
				chosen = row["missing"]
			}
			want[at+" I "+row["item"]+"___"+name] = chosen
		}
		if !is {
			want[at+" I "+row["item"]] = row["value"] + row["text"] + row["missing"]
		}
	}
	for at, when := range saved {
		want[at+" T saved_at"] = when
	}
	for _, row := range given(t, read(t, export.Scores, l.store, l.study.ID)) {
		want[form(row)+" S "+row["scale"]] = row["value"] + row["missing"]
	}
	for _, row := range inJSON(t, l, "wide") {
		for _, name := range []string{
			"study", "simulated", "run", "run_starts", "arm", "enrolled_at", "withdrawn_at", "declined_at", "crossover_run", "crossed_at", "share_consent", "contact_consent",
		} {
			if v := row.values[name]; v != "" {
				want[row.values["participant"]+" PERSON F.PERSON P "+name] = v
			}
		}
	}
	return want
}

// The wording of every question and answer is in the file, in every language.
func TestODMHoldsTheWording(t *testing.T) {
	t.Parallel()
	l, _ := everyKind(t)
	b, _ := whole(t, l, "odm")
	said := map[string]bool{}
	readODM(t, b).walk(func(n node, _ []string) {
		if n.XMLName.Local == "TranslatedText" {
			said[n.get("lang")+" "+n.Text] = true
		}
	})
	design, err := l.store.Design(t.Context(), l.study.ID)
	l.must(err)
	for _, v := range design.Instruments {
		for _, language := range append([]string{v.Definition.Language}, "de", "es") {
			d, _ := v.Definition.In(language)
			for _, item := range d.Items {
				if item.TextLang == "" && d.Language == language && item.Type != "information" && item.Type != "multiple" && !said[language+" "+item.Text] {
					t.Errorf("%s lacks %q in %s", d.Key, item.Text, language)
				}
				options, _ := d.ItemOptions(item.Code)
				for _, o := range options {
					if o.Lang == "" && d.Language == language && item.Type != "multiple" && !said[language+" "+o.Label] {
						t.Errorf("%s lacks the answer %q in %s", d.Key, o.Label, language)
					}
				}
			}
		}
	}
	if !bytes.Contains(b, []byte(`xml:lang="de"`)) {
		t.Error("nothing is in German")
	}
}
