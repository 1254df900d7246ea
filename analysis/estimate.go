package analysis

import (
	"encoding/json"
	"fmt"
	"math"
)

// DefaultLevel is the confidence level used where an options struct leaves its
// level at zero.
const DefaultLevel = 0.95

// Estimate is a number or the reason why there is none. Value is meaningful
// only while OK; it is then finite.
type Estimate struct {
	Value  float64
	Reason Reason
}

// OK reports whether the estimate exists.
func (e Estimate) OK() bool { return e.Reason == "" }

// String prints the value in full, or "not estimable: reason".
func (e Estimate) String() string {
	if e.OK() {
		return fmt.Sprint(e.Value)
	}
	return "not estimable: " + e.Reason.Explain()
}

// estimateJSON is the wire form of an Estimate.
type estimateJSON struct {
	Value  *float64 `json:"value"`
	Reason Reason   `json:"reason,omitempty"`
}

// MarshalJSON writes {"value": x}, or {"value": null, "reason": "…"}.
func (e Estimate) MarshalJSON() ([]byte, error) {
	if !e.OK() {
		return json.Marshal(estimateJSON{Reason: e.Reason})
	}
	return json.Marshal(estimateJSON{Value: &e.Value})
}

// UnmarshalJSON reads what MarshalJSON writes. A null value without a reason
// is an error.
func (e *Estimate) UnmarshalJSON(b []byte) error {
	var w estimateJSON
	if err := json.Unmarshal(b, &w); err != nil {
		return fmt.Errorf("read estimate: %w", err)
	}
	switch {
	case w.Value != nil && w.Reason == "":
		*e = Estimate{Value: *w.Value}
	case w.Value == nil && w.Reason != "":
		*e = Estimate{Reason: w.Reason}
	default:
		return fmt.Errorf("read estimate: want a value or a reason, got %s", b)
	}
	return nil
}

// Interval is a two-sided interval at Level, or the reason why there is none.
// Low and High are meaningful only while OK; they are then finite.
type Interval struct {
	Low, High float64
	// Level is the coverage asked for, between 0 and 1.
	Level  float64
	Reason Reason
}

// OK reports whether the interval exists.
func (v Interval) OK() bool { return v.Reason == "" }

// LowEstimate returns the lower end as an Estimate.
func (v Interval) LowEstimate() Estimate { return Estimate{Value: v.Low, Reason: v.Reason} }

// HighEstimate returns the upper end as an Estimate.
func (v Interval) HighEstimate() Estimate { return Estimate{Value: v.High, Reason: v.Reason} }

// String prints "[low, high]", or "not estimable: reason".
func (v Interval) String() string {
	if v.OK() {
		return fmt.Sprintf("[%v, %v]", v.Low, v.High)
	}
	return "not estimable: " + v.Reason.Explain()
}

// intervalJSON is the wire form of an Interval.
type intervalJSON struct {
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
	Level  *float64 `json:"level"`
	Reason Reason   `json:"reason,omitempty"`
}

// MarshalJSON writes {"low": a, "high": b, "level": l}, the ends null and a
// reason added when the interval does not exist.
func (v Interval) MarshalJSON() ([]byte, error) {
	w := intervalJSON{Reason: v.Reason}
	if Finite(v.Level) {
		w.Level = &v.Level
	}
	if v.OK() {
		w.Low, w.High = &v.Low, &v.High
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON writes. Missing ends without a reason
// are an error.
func (v *Interval) UnmarshalJSON(b []byte) error {
	var w intervalJSON
	if err := json.Unmarshal(b, &w); err != nil {
		return fmt.Errorf("read interval: %w", err)
	}
	out := Interval{Reason: w.Reason}
	if w.Level != nil {
		out.Level = *w.Level
	}
	switch {
	case w.Low != nil && w.High != nil && w.Reason == "":
		out.Low, out.High = *w.Low, *w.High
	case w.Low == nil && w.High == nil && w.Reason != "":
	default:
		return fmt.Errorf("read interval: want both ends or a reason, got %s", b)
	}
	*v = out
	return nil
}

// Finite reports whether v is neither NaN nor infinite.
func Finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Known makes an estimate of a computed value; what is not finite has left
// double precision and becomes a reason.
func Known(v float64) Estimate {
	if !Finite(v) {
		return Estimate{Reason: ReasonOutOfRange}
	}
	return Estimate{Value: v}
}

// Unknown makes an estimate that does not exist for the given reason.
func Unknown(r Reason) Estimate { return Estimate{Reason: r} }

// KnownUnless is Known(v) if the reason is empty, else unknown.
func KnownUnless(r Reason, v float64) Estimate {
	if r != "" {
		return Unknown(r)
	}
	return Known(v)
}

// NewInterval makes an interval of computed ends.
func NewInterval(low, high, level float64) Interval {
	if !Finite(low) || !Finite(high) {
		return Interval{Level: level, Reason: ReasonOutOfRange}
	}
	return Interval{Low: low, High: high, Level: level}
}

// NoInterval makes an interval that does not exist for the given reason. An
// unusable level is dropped rather than carried.
func NoInterval(r Reason, level float64) Interval {
	if !Finite(level) {
		level = 0
	}
	return Interval{Level: level, Reason: r}
}

// scaled multiplies both ends by a factor, which may be negative.
func (v Interval) scaled(f float64) Interval {
	if !v.OK() {
		return v
	}
	low, high := v.Low*f, v.High*f
	if f < 0 {
		low, high = high, low
	}
	return NewInterval(low, high, v.Level)
}

// ValidLevel reports whether level can be a two-sided coverage.
func ValidLevel(level float64) bool { return level > 0 && level < 1 }
