package course_test

import (
	"reflect"
	"testing"

	"tidemark/internal/schemamake"
	"tidemark/survey/course"
)

// limits are what a schema can say beyond the types, by "Type.Field".
var limits = map[string][][2]any{
	"Course.Key":                   {{"pattern", `^[a-z][a-z0-9_]{0,39}$`}},
	"Course.Version":               {{"pattern", `^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$`}},
	"Course.Language":              {{"pattern", `^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`}},
	"Course.MeetingMinutes":        {{"minimum", 1}, {"maximum", 480}},
	"Course.Weeks":                 {{"minItems", 1}, {"maxItems", 52}},
	"Meeting.Number":               {{"minimum", 1}},
	"Meeting.Plan":                 {{"minItems", 1}, {"maxItems", 40}},
	"Step.Minutes":                 {{"minimum", 1}, {"maximum", 480}},
	"Practice.Minutes":             {{"minimum", 1}, {"maximum", 120}},
	"Course.Title":                 {{"minLength", 1}},
	"Course.Summary":               {{"minLength", 1}},
	"Course.Notice":                {{"minLength", 1}},
	"Meeting.Title":                {{"minLength", 1}},
	"Meeting.Aim":                  {{"minLength", 1}},
	"Meeting.Reflection":           {{"minLength", 1}},
	"Meeting.FacilitatorNote":      {{"minLength", 1}},
	"Step.Title":                   {{"minLength", 1}},
	"Practice.Title":               {{"minLength", 1}},
	"Practice.Text":                {{"minLength", 1}},
	"Translation.Title":            {{"minLength", 1}},
	"Translation.Notice":           {{"minLength", 1}},
	"TranslatedMeeting.Title":      {{"minLength", 1}},
	"TranslatedMeeting.Reflection": {{"minLength", 1}},
	"TranslatedPractice.Title":     {{"minLength", 1}},
	"TranslatedPractice.Text":      {{"minLength", 1}},
}

func makeSchema(t *testing.T) []byte {
	t.Helper()
	return schemamake.Make(t, reflect.TypeFor[course.Course](), schemamake.Schema{
		ID: "urn:tidemark:schema:course:1", Title: "A Tidemark course", Limits: limits,
	})
}
