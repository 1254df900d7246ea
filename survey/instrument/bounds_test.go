package instrument_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"tidemark/survey/instrument"
)

// What a hostile or a broken file can make the program do is bounded: the checks
// of a list that is too long are not begun.
func TestAFileThatIsTooLargeIsRefusedSoon(t *testing.T) {
	fill := func(s string) string { return strings.Repeat(s, 900_000/len(s)) }
	numbered := func(format string) string {
		var b strings.Builder
		for i := 0; b.Len() < 900_000; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	list := func(s string) string { return "[" + strings.TrimSuffix(fill(s), ",") + "]" }
	for name, source := range map[string]string{
		"items with conditions": `{"items": [` + numbered(`{"code":"i%d","text":"x","show_if":"i1 == 1 and i2 != 3"},`) + `]}`,
		"items of a scale":      `{"items": [{"code": "a", "text": "A"}], "scales": [{"items": ` + list(`"a",`) + `}]}`,
		"reversed":              `{"items": [{"code": "a", "text": "A"}], "scales": [{"items": ["a"], "reversed": ` + list(`"a",`) + `}]}`,
		"parts":                 `{"scales": [{"method": "mean_of_scales", "parts": ` + list(`"a",`) + `}]}`,
		"scales":                `{"scales": [` + numbered(`{"key":"s%d","parent":"s1"},`) + `]}`,
		"pages":                 `{"pages": ` + list(`{"items":["a"]},`) + `}`,
		"a page":                `{"pages": [{"items": ` + list(`"a",`) + `}]}`,
		"a table":               `{"scales": [{"lookup": [` + numbered(`{"raw":%d,"score":1},`) + `]}]}`,
		"bands":                 `{"scales": [{"bands": [` + numbered(`{"label":"%d","from":1,"to":2},`) + `]}]}`,
		"vectors":               `{"vectors": ` + list(`{"name":"a"},`) + `}`,
		"options":               `{"options": [` + numbered(`{"value":%d,"label":"a"},`) + `]}`,
		"sets":                  `{"sets": {` + numbered(`"s%d":[],`) + `}}`,
		"translations":          `{"translations": {` + numbered(`"a%d":{},`) + `}}`,
		"labels":                `{"translations": {"de": {"options": ` + list(`"a",`) + `}}}`,
		"risks":                 `{"items": [{"code": "a", "text": "A", "risk": {"values": ` + list(`1,`) + `}}]}`,
		"unknown fields":        `{` + numbered(`"x%d":1,`) + `}`,
		"answers":               `{"vectors": [{"answers": {` + numbered(`"x%d":1,`) + `}}]}`,
		"depth":                 strings.Repeat(`{"items":[`, 5000),
		"a long text":           `{"title": "` + fill("a") + `"}`,
		"more than is read":     `{"title": "` + fill("a") + fill("a") + `"}`,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, err := instrument.Parse([]byte(source))
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: no fault", name)
		}
		if took > 30*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
		if made := after.TotalAlloc - before.TotalAlloc; made > 300<<20 {
			t.Errorf("%s: %d MB were allocated for a file of 1 MB", name, made>>20)
		}
	}
}
