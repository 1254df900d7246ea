package instrument

import (
	"math"
	"slices"
	"time"

	"github.com/expr-lang/expr"
)

// A function is one that conditions can call.
type function struct {
	form        string // how it is written
	least, most int    // values; most 0: any number
	takes       []parameter
	gives       kind
	compute     func(values ...any) (any, error)
	signature   any
}

// A parameter says what a value of a function may be; the last of a function's
// stands for all further ones.
type parameter struct {
	kinds []kind
	item  bool // an item itself, not an expression
}

var (
	anyItem = parameter{[]kind{kindOfNumber, kindOfText, kindOfDay, kindOfSeveral}, true}
	aNumber = parameter{[]kind{kindOfNumber}, false}
)

// functions are all that conditions know. Sums and means are those of the
// answered items; of none there is none, and a comparison with it does not hold.
var functions = map[string]function{
	"answered": {"answered(x)", 1, 1, []parameter{anyItem}, kindOfTruth, func(values ...any) (any, error) {
		return isAnswered(values[0]), nil
	}, new(func(any) bool)},
	"selected": {"selected(x, 3)", 2, 2, []parameter{{[]kind{kindOfNumber, kindOfSeveral}, true}, aNumber}, kindOfTruth, func(values ...any) (any, error) {
		wanted := asNumber(values[1])
		if several, ok := values[0].([]float64); ok {
			return slices.Contains(several, wanted), nil
		}
		return asNumber(values[0]) == wanted, nil
	}, new(func(any, float64) bool)},
	"chosen": {"chosen(x)", 1, 1, []parameter{{[]kind{kindOfSeveral}, true}}, kindOfNumber, func(values ...any) (any, error) {
		several, _ := values[0].([]float64)
		return float64(len(several)), nil
	}, new(func(any) float64)},
	"sum": {"sum(x, y)", 1, 0, []parameter{aNumber}, kindOfNumber, func(values ...any) (any, error) {
		given := answeredOf(values)
		if len(given) == 0 {
			return math.NaN(), nil
		}
		return sumOf(given), nil
	}, new(func(...float64) float64)},
	"mean": {"mean(x, y)", 1, 0, []parameter{aNumber}, kindOfNumber, func(values ...any) (any, error) {
		given := answeredOf(values)
		return sumOf(given) / float64(len(given)), nil // NaN of none
	}, new(func(...float64) float64)},
	"min": {"min(x, y)", 1, 0, []parameter{aNumber}, kindOfNumber, func(values ...any) (any, error) {
		given := answeredOf(values)
		if len(given) == 0 {
			return math.NaN(), nil
		}
		return slices.Min(given), nil
	}, new(func(...float64) float64)},
	"max": {"max(x, y)", 1, 0, []parameter{aNumber}, kindOfNumber, func(values ...any) (any, error) {
		given := answeredOf(values)
		if len(given) == 0 {
			return math.NaN(), nil
		}
		return slices.Max(given), nil
	}, new(func(...float64) float64)},
	"abs": {"abs(x)", 1, 1, []parameter{aNumber}, kindOfNumber, func(values ...any) (any, error) {
		return math.Abs(asNumber(values[0])), nil
	}, new(func(float64) float64)},
	"days": {`days(from, to)`, 2, 2, []parameter{{[]kind{kindOfDay}, true}}, kindOfNumber, func(values ...any) (any, error) {
		from, err1 := time.Parse(time.DateOnly, asText(values[0]))
		to, err2 := time.Parse(time.DateOnly, asText(values[1]))
		if err1 != nil || err2 != nil {
			return math.NaN(), nil
		}
		return to.Sub(from).Hours() / 24, nil
	}, new(func(string, string) float64)},
}

// words of the expression language, which no item of a definition with conditions
// can be called.
var words = []string{"and", "or", "not", "in", "contains", "matches", "startsWith", "endsWith", "let", "if", "else", "true", "false", "nil"}

func functionOptions() []expr.Option {
	options := make([]expr.Option, 0, len(functions))
	for name, f := range functions {
		options = append(options, expr.Function(name, f.compute, f.signature))
	}
	return options
}

// unanswered is what a condition sees of an item without an answer.
func unanswered(t ItemType) any {
	switch k, _ := kindOfAnswer(t); k {
	case kindOfNumber:
		return math.NaN()
	case kindOfSeveral:
		return []float64(nil)
	default:
		return ""
	}
}

// seen is what a condition sees of an answer; one of another kind than the item's
// is none.
func seen(t ItemType, answer Value) any {
	switch k, _ := kindOfAnswer(t); k {
	case kindOfNumber:
		if v, ok := answer.Number(); ok {
			return v
		}
	case kindOfSeveral:
		if choices := answer.Choices(); choices != nil {
			return choices
		}
	default:
		if s, ok := answer.Text(); ok {
			return s
		}
	}
	return unanswered(t)
}

func isAnswered(v any) bool {
	switch x := v.(type) {
	case float64:
		return !math.IsNaN(x)
	case string:
		return x != ""
	case []float64:
		return len(x) > 0
	}
	return false
}

// asNumber reads what the evaluator passes for a number.
func asNumber(v any) float64 {
	switch x := v.(type) {
	case float64:
		return x
	case int:
		return float64(x)
	}
	return math.NaN()
}

func asText(v any) string {
	s, _ := v.(string)
	return s
}

func answeredOf(values []any) []float64 {
	given := make([]float64, 0, len(values))
	for _, v := range values {
		if x := asNumber(v); !math.IsNaN(x) {
			given = append(given, x)
		}
	}
	return given
}

func sumOf(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}
