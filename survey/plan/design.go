package plan

import "slices"

// Design is what of a study can be named in a plan.
type Design struct {
	Scales []Scale
	Waves  []Wave // in order of time
	Arms   []Arm
	// PrimaryScale is the scale the study says it is about.
	PrimaryScale string
	// Meetings is how many a course has; 0: unknown, or none.
	Meetings int
}

// Scale is a score of one of the study's questionnaires.
type Scale struct {
	Key, Name string
	// Part is true for a subscale of another scale.
	Part     bool
	Min, Max float64
	Waves    []string // keys of the waves that ask it
}

// Wave is a measurement occasion.
type Wave struct {
	Key, Name string
	Later     bool   // after the course: post or follow-up
	First     bool   // before the course
	Arm       string // key of the only arm that answers; empty: every arm
}

// Arm is a group of the study.
type Arm struct {
	Key, Name string
	Control   bool
}

// Scale finds a scale by its key.
func (d *Design) Scale(key string) (Scale, bool) {
	for _, s := range d.Scales {
		if s.Key == key {
			return s, true
		}
	}
	return Scale{}, false
}

// Wave finds a wave by its key, and its place in time.
func (d *Design) Wave(key string) (w Wave, place int, ok bool) {
	for i, w := range d.Waves {
		if w.Key == key {
			return w, i, true
		}
	}
	return Wave{}, 0, false
}

// Arm finds an arm by its key.
func (d *Design) Arm(key string) (Arm, bool) {
	for _, a := range d.Arms {
		if a.Key == key {
			return a, true
		}
	}
	return Arm{}, false
}

// Pre is the wave before the course.
func (d *Design) Pre() (Wave, bool) {
	for _, w := range d.Waves {
		if w.First {
			return w, true
		}
	}
	return Wave{}, false
}

// Course is the first arm that is not a control, and Control the first that is.
func (d *Design) Course() (Arm, bool) { return d.firstArm(false) }

// Control is the first arm others are compared with.
func (d *Design) Control() (Arm, bool) { return d.firstArm(true) }

func (d *Design) firstArm(control bool) (Arm, bool) {
	for _, a := range d.Arms {
		if a.Control == control {
			return a, true
		}
	}
	return Arm{}, false
}

func (s Scale) askedAt(wave string) bool { return slices.Contains(s.Waves, wave) }

func (w Wave) asks(arm string) bool { return w.Arm == "" || w.Arm == arm }
