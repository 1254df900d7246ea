package survey

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"tidemark/survey/schedule"
)

// WaveForm is a wave as somebody types it: numbers are text.
type WaveForm struct {
	Name, ShortName string
	Kind            string
	Arm             string // key; empty: everyone
	Anchor          string // "start", "meeting", "enrolment" or "wave"
	Meeting         string // with "meeting"
	Follows         string // key of a wave; with "wave"
	Timed           bool
	// Months, OpensDay, ClosesDay, GraceDays and LateDays are whole numbers;
	// of a Timed wave, OpensHour and ClosesHour may have a fraction, negative before
	// the moment, and GraceMinutes are whole. What is empty is 0.
	Months, OpensDay, ClosesDay, GraceDays, LateDays string
	OpensHour, ClosesHour, GraceMinutes              string
}

// FormOf is the form of a wave as it is.
func FormOf(d StudyDesign, w Wave) WaveForm {
	r := w.Rule
	f := WaveForm{
		Name: w.Name, ShortName: w.ShortName, Kind: string(w.Kind), Anchor: cmp.Or(string(r.Anchor), "start"), Follows: r.Wave,
		Timed: r.Timed, Months: strconv.Itoa(r.Months), OpensDay: strconv.Itoa(r.OpensDay), ClosesDay: strconv.Itoa(r.ClosesDay),
		GraceDays: strconv.Itoa(r.GraceDays), LateDays: strconv.Itoa(r.LateDays), GraceMinutes: strconv.Itoa(r.GraceMinutes),
		OpensHour: hours(r.OpensMinute), ClosesHour: hours(r.ClosesMinute),
	}
	if arm, ok := d.Arm(w.ArmID); ok {
		f.Arm = arm.Key
	}
	if r.Meeting > 0 {
		f.Meeting = strconv.Itoa(r.Meeting)
	}
	return f
}

func hours(minutes int) string { return strconv.FormatFloat(float64(minutes)/60, 'f', -1, 64) }

// wave is the wave with what the form says, kept at its place.
func (f WaveForm) wave(d StudyDesign, old Wave) (Wave, error) {
	faults := FieldErrors{}
	w := old
	w.Name, w.ShortName, w.Kind = strings.TrimSpace(f.Name), strings.TrimSpace(f.ShortName), WaveKind(f.Kind)
	if checkText(faults, "name", w.Name, 120); w.Name == "" {
		faults["name"] = "wave.name_missing"
	}
	if checkText(faults, "short_name", w.ShortName, 12); w.ShortName == "" {
		faults["short_name"] = "wave.short_name_missing"
	}
	if !w.Kind.Valid() {
		faults["kind"] = "wave.unknown_kind"
	}
	w.ArmID = ""
	if f.Arm != "" {
		for _, a := range d.Arms {
			if a.Key == f.Arm {
				w.ArmID = a.ID
			}
		}
		if w.ArmID == "" {
			faults["arm"] = "run.unknown_arm"
		}
	}
	w.Rule = f.rule(faults)
	for _, fault := range w.Rule.Faults() {
		if _, known := faults[formField(fault.Field)]; !known {
			faults[formField(fault.Field)] = fault.Key
		}
	}
	return w, faults.OrNil()
}

// rule reads the rule. What does not belong to the chosen kind of rule is left out:
// a form without scripts shows all fields.
func (f WaveForm) rule(faults FieldErrors) schedule.Rule {
	whole := func(field, text string) int {
		text = strings.TrimSpace(text)
		if text == "" {
			return 0
		}
		n, err := strconv.Atoi(strings.Replace(text, "−", "-", 1))
		if err != nil {
			faults[field] = "wave.not_whole"
		}
		return n
	}
	hour := func(field, text string) int {
		text = strings.TrimSpace(strings.Replace(strings.Replace(text, "−", "-", 1), ",", ".", 1))
		if text == "" {
			return 0
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(x) || math.Abs(x) > 1e6 {
			faults[field] = "wave.not_number"
			return 0
		}
		return int(math.Round(x * 60))
	}
	r := schedule.Rule{Anchor: schedule.Anchor(f.Anchor), Timed: f.Timed}
	if f.Anchor == "start" {
		r.Anchor = schedule.AnchorStart
	}
	switch r.Anchor {
	case schedule.AnchorMeeting:
		r.Meeting = whole("meeting", f.Meeting)
	case schedule.AnchorWave:
		r.Wave = f.Follows
	case schedule.AnchorStart, schedule.AnchorEnrolment:
	}
	if r.Timed {
		r.OpensMinute, r.ClosesMinute = hour("opens_hour", f.OpensHour), hour("closes_hour", f.ClosesHour)
		r.GraceMinutes = whole("grace_minutes", f.GraceMinutes)
		return r
	}
	r.Months, r.OpensDay, r.ClosesDay = whole("months", f.Months), whole("opens_day", f.OpensDay), whole("closes_day", f.ClosesDay)
	r.GraceDays, r.LateDays = whole("grace_days", f.GraceDays), whole("late_days", f.LateDays)
	return r
}

// formField is the field of the form in which a part of a rule is typed.
func formField(field string) string {
	switch field {
	case "opens_minute":
		return "opens_hour"
	case "closes_minute":
		return "closes_hour"
	case "wave":
		return "follows"
	default:
		return field
	}
}
