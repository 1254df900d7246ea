package instrument_test

import (
	"reflect"
	"testing"

	"tidemark/internal/schemamake"
	"tidemark/survey/instrument"
)

// limits are what a schema can say beyond the types, by "Type.Field".
var limits = map[string][][2]any{
	"Definition.Key":      {{"pattern", instrument.CodePattern}},
	"Definition.Version":  {{"pattern", instrument.VersionPattern}},
	"Definition.Language": {{"pattern", instrument.LanguagePattern}},
	"Definition.Minutes":  {{"exclusiveMinimum", 0}, {"maximum", 240}},
	"Definition.PageSize": {{"minimum", 0}, {"maximum", 50}},
	"Definition.Items":    {{"minItems", 1}, {"maxItems", 300}},
	"PagePlan.Items":      {{"minItems", 1}, {"maxItems", 50}},
	"PagePlan.ShowIf":     {{"minLength", 1}, {"maxLength", 500}},
	"Item.Code":           {{"pattern", instrument.CodePattern}},
	"Item.ShowIf":         {{"minLength", 1}, {"maxLength", 500}},
	"Item.RequiredIf":     {{"minLength", 1}, {"maxLength", 500}},
	"Item.MaxLength":      {{"minimum", 0}, {"maximum", 10000}},
	"Item.Options":        {{"minItems", 2}, {"maxItems", 100}},
	"Scale.Key":           {{"pattern", instrument.CodePattern}},
	"Scale.Items":         {{"minItems", 1}, {"uniqueItems", true}},
	"Scale.Reversed":      {{"uniqueItems", true}},
	"Scale.MinAnswered":   {{"minimum", 1}},
	"Norm.SD":             {{"exclusiveMinimum", 0}},
	"Reliability.Value":   {{"exclusiveMinimum", 0}, {"maximum", 1}},
	"Change.Value":        {{"exclusiveMinimum", 0}},
	"Licence.Kind":        {{"enum", instrument.Licences}},
	"Definition.Title":    {{"minLength", 1}},
	"Definition.Heading":  {{"minLength", 1}},
	"Definition.Intro":    {{"minLength", 1}},
	"Definition.Status":   {{"minLength", 1}},
	"Definition.Terms":    {{"minLength", 1}},
	"Definition.Citation": {{"minLength", 1}},
	"Item.Text":           {{"minLength", 1}},
	"Option.Label":        {{"minLength", 1}},
	"Scale.Name":          {{"minLength", 1}},
	"Scale.Label":         {{"minLength", 1}},
}

func makeSchema(t *testing.T) []byte {
	t.Helper()
	return schemamake.Make(t, reflect.TypeFor[instrument.Definition](), schemamake.Schema{
		ID: "urn:tidemark:schema:instrument:2", Title: "A Tidemark questionnaire", Limits: limits,
		// Not needed beside pages.
		Optional: map[string]bool{"Definition.PageSize": true},
	})
}
