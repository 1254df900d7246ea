package redcap

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidemark/survey"
)

func (k *call) version() error { return k.text("text/plain; charset=utf-8", []byte(version)) }

// about is the project in one row. Clients look at the flags for what to ask next.
func (k *call) about() error {
	s := k.project.Study
	names := []string{
		"project_id", "project_title", "creation_time", "production_time", "in_production", "project_language", "purpose", "purpose_other",
		"project_notes", "custom_record_label", "secondary_unique_field", "is_longitudinal", "has_repeating_instruments_or_events",
		"surveys_enabled", "scheduling_enabled", "record_autonumbering_enabled", "randomization_enabled", "ddp_enabled", "project_irb_number",
		"project_grant_number", "project_pi_firstname", "project_pi_lastname", "display_today_now_button", "missing_data_codes",
		"external_modules", "bypass_branching_erase_field_prompt",
	}
	values := map[string]string{
		"project_id": "1", "project_title": s.Title, "creation_time": stamp(s.CreatedAt, s.TimeZone), "in_production": truth(s.State == survey.StudyOpen),
		"project_language": s.Language, "purpose": "2", "is_longitudinal": "1", "has_repeating_instruments_or_events": "0", "surveys_enabled": "1",
		"scheduling_enabled": "0", "record_autonumbering_enabled": "1", "randomization_enabled": "0", "ddp_enabled": "0",
		"display_today_now_button": "0", "bypass_branching_erase_field_prompt": "0",
	}
	row := make([]string, len(names))
	for i, n := range names {
		row[i] = values[n]
	}
	if k.req.format == "json" { // one object, and no list
		return k.text(mediaOf("json"), jsonObject(names, row))
	}
	return k.send([][]string{names, row}, "items")
}

func truth(v bool) string {
	if v {
		return "1"
	}
	return "0"
}

// stamp is an instant by the study's clock, as REDCap writes it; nothing for the zero one.
func stamp(t time.Time, zone string) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zoneOf(zone)).Format(time.DateTime)
}

func zoneOf(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return z
}

// columnNames are the dictionary's columns as the API calls them.
var columnNames = []string{
	"field_name", "form_name", "section_header", "field_type", "field_label", "select_choices_or_calculations", "field_note",
	"text_validation_type_or_show_slider_number", "text_validation_min", "text_validation_max", "identifier", "branching_logic",
	"required_field", "custom_alignment", "question_number", "matrix_group_name", "matrix_ranking", "field_annotation",
}

func (k *call) metadata() error {
	rows, err := k.project.Dictionary()
	if err != nil {
		return err
	}
	fields, forms := k.req.list("fields"), k.req.list("forms")
	kept := [][]string{columnNames}
	for _, row := range rows[1:] {
		if len(fields)+len(forms) == 0 || slices.Contains(fields, row[0]) || slices.Contains(forms, row[1]) {
			kept = append(kept, row)
		}
	}
	return k.send(kept, "records")
}

func (k *call) fieldNames() error {
	columns, err := k.columns()
	if err != nil {
		return err
	}
	wanted := k.req.list("field")
	rows := [][]string{{"original_field_name", "choice_value", "export_field_name"}}
	for _, c := range columns {
		if len(wanted) == 0 || slices.Contains(wanted, c.field) {
			rows = append(rows, []string{c.field, c.choice, c.name})
		}
	}
	return k.send(rows, "fields")
}

func (k *call) instruments() error {
	rows := [][]string{{"instrument_name", "instrument_label"}}
	for _, f := range k.project.Forms() {
		rows = append(rows, []string{f.Name, f.Definition.Title})
	}
	return k.send(rows, "instruments")
}

// ofArms keeps the rows of the arms that are asked for. at is where a row has its number.
func (k *call) ofArms(rows [][]string, at int) [][]string {
	wanted := k.req.list("arms")
	if len(wanted) == 0 {
		return rows
	}
	return append(rows[:1:1], slices.DeleteFunc(slices.Clone(rows[1:]), func(row []string) bool { return !slices.Contains(wanted, row[at]) })...)
}

func (k *call) arms() error {
	rows, err := k.project.Arms()
	if err != nil {
		return err
	}
	return k.send(k.ofArms(rows, 0), "arms")
}

func (k *call) events() error {
	rows, err := k.project.Events()
	if err != nil {
		return err
	}
	for i := range rows {
		id := "event_id"
		if i > 0 {
			id = strconv.Itoa(i)
		}
		rows[i] = append(rows[i], id)
	}
	return k.send(k.ofArms(rows, 1), "events")
}

func (k *call) mapping() error {
	rows, err := k.project.Mapping()
	if err != nil {
		return err
	}
	return k.send(k.ofArms(rows, 0), "items")
}

// group is a course run as a data access group.
type group struct{ name, unique string }

// groupsOf names the runs of the study; unique names have no spaces and are told apart.
func (k *call) groupsOf() ([]survey.RunSummary, map[survey.RunID]group, error) {
	runs, err := k.use.Programs.Runs(k.ctx, k.actor, k.study)
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(runs, func(a, b survey.RunSummary) int { return strings.Compare(string(a.Run.ID), string(b.Run.ID)) })
	groups, taken := map[survey.RunID]group{}, map[string]bool{}
	for _, r := range runs {
		plain := strings.Trim(strings.Map(func(c rune) rune {
			if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
				return c
			}
			return '_'
		}, strings.ToLower(r.Run.Name)), "_")
		if plain == "" {
			plain = "run"
		}
		unique := plain
		for n := 2; taken[unique]; n++ {
			unique = fmt.Sprintf("%s_%d", plain, n)
		}
		taken[unique] = true
		groups[r.Run.ID] = group{r.Run.Name, unique}
	}
	return runs, groups, nil
}

func (k *call) groups() error {
	runs, groups, err := k.groupsOf()
	if err != nil {
		return err
	}
	rows := [][]string{{"data_access_group_name", "unique_group_name", "data_access_group_id"}}
	for i, r := range runs {
		g := groups[r.Run.ID]
		rows = append(rows, []string{g.name, g.unique, strconv.Itoa(i + 1)})
	}
	return k.send(rows, "dags")
}
