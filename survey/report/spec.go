package report

import (
	"time"

	"tidemark/survey"
)

// Everyone as Spec.Arm makes the report about all arms together.
const Everyone = "all"

// Spec says which report is wanted.
type Spec struct {
	// Arm is the key of the arm the report is about, or Everyone; empty: the
	// first that is not a control.
	Arm string
	// Post is the key of the wave that is compared with the first; empty: the
	// first after the course.
	Post string
	// Level is the coverage of all intervals; 0 means 0.95.
	Level float64
	// Now decides which surveys are over. Version names the program.
	Now     time.Time
	Version string
	// Snapshot is what the reader shows, when it is a snapshot; Now is then
	// when it was taken. Nil: the data are live.
	Snapshot *survey.Snapshot
	// Plan is the locked plan in force; nil: none. What it did not announce is
	// labelled exploratory.
	Plan *survey.Plan
}

// choice is a Spec with its keys found in a design.
type choice struct {
	pre, post survey.Wave
	// focus is the arm the report is about; all when it is about everyone.
	focus survey.Arm
	all   bool
	// course and control are compared; hasControl is false when there is
	// nothing to compare.
	course, control survey.Arm
	hasControl      bool
}

// choose finds what a Spec names. Unknown keys are survey.FieldErrors; a study
// without a wave before or after the course has no comparable waves, which is no
// error: ok is false.
func (s Spec) choose(d survey.StudyDesign) (c choice, ok bool, err error) {
	faults := survey.FieldErrors{}
	pre, hasPre := d.WaveOfKind(survey.WavePre)
	post, hasPost := d.WaveOfKind(survey.WavePost)
	if !hasPost {
		post, hasPost = d.WaveOfKind(survey.WaveFollowUp)
	}
	if s.Post != "" {
		post, hasPost = laterWave(d, s.Post)
		if !hasPost {
			faults["wave"] = "report.unknown_wave"
		}
	}
	c.pre, c.post = pre, post
	if !c.chooseArm(d.Arms, s.Arm) {
		faults["arm"] = "report.unknown_arm"
	}
	if !(s.Level >= 0 && s.Level < 1) {
		faults["level"] = "report.bad_level"
	}
	for _, a := range d.Arms {
		if a.Control && a.ID != c.course.ID && asked(c.pre, a) && asked(c.post, a) {
			c.control, c.hasControl = a, asked(c.pre, c.course) && asked(c.post, c.course)
			break
		}
	}
	return c, hasPre && hasPost, faults.OrNil()
}

// chooseArm sets the focus, and the arm that is compared with the control: the
// focus unless that is everyone or the control itself.
func (c *choice) chooseArm(arms []survey.Arm, key string) bool {
	found := key == Everyone
	c.all = found
	for _, a := range arms {
		if a.Key == key || key == "" && !found && !a.Control {
			c.focus, found = a, true
		}
		if !a.Control && c.course.ID == "" {
			c.course = a
		}
	}
	if !found && key == "" && len(arms) > 0 {
		c.focus, found = arms[0], true
	}
	if !c.all && !c.focus.Control {
		c.course = c.focus
	}
	return found
}

// laterWave finds a wave that the first can be compared with.
func laterWave(d survey.StudyDesign, key string) (survey.Wave, bool) {
	for _, w := range LaterWaves(d) {
		if w.Key == key {
			return w, true
		}
	}
	return survey.Wave{}, false
}

// LaterWaves are the waves that the first can be compared with.
func LaterWaves(d survey.StudyDesign) []survey.Wave {
	var later []survey.Wave
	for _, w := range d.Waves {
		if w.Kind == survey.WavePost || w.Kind == survey.WaveFollowUp {
			later = append(later, w)
		}
	}
	return later
}

// asked reports whether the people of an arm answer a wave.
func asked(w survey.Wave, a survey.Arm) bool { return w.ArmID == "" || w.ArmID == a.ID }
