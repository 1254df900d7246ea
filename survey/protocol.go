package survey

import (
	"slices"

	"tidemark/survey/schedule"
)

// Protocol is a template from which a study is made: its arms, waves, texts
// and the course its runs follow.
type Protocol struct {
	Key          string
	Title        string
	Summary      string
	CourseKey    string
	PrimaryScale string
	Arms         []ProtocolArm
	Waves        []ProtocolWave
	Language     string // of its texts; its consent text is consent.Template
	// Texts are what it says in other languages, and its welcome in its own.
	Texts []StudyText
}

// ProtocolArm is an arm to be.
type ProtocolArm struct {
	Key, Name string
	Control   bool
	Share     int
}

// ProtocolWave is a wave to be. Sets are keys of built-in instruments; ArmKey is
// empty when every arm answers.
type ProtocolWave struct {
	Key, Name, ShortName string
	Kind                 WaveKind
	Rule                 schedule.Rule
	ArmKey               string
	Sets                 []string
}

// Protocols are the built-in study templates.
func Protocols() []Protocol {
	return []Protocol{learningFromSetbacks8(), learningFromSetbacks8Long()}
}

// ProtocolByKey finds a built-in template.
func ProtocolByKey(key string) (Protocol, bool) {
	for _, p := range Protocols() {
		if p.Key == key {
			return p, true
		}
	}
	return Protocol{}, false
}

// learningFromSetbacks8 is the eight-week course against a waiting list.
// Questionnaires before the course open two weeks ahead and stay open for two
// days after the first meeting; each weekly check-in opens on the day of the
// meeting and stays open for six more days; those after the course open the day
// after the last meeting for three weeks; the follow-up comes twelve weeks after
// the last meeting and stays open for four.
func learningFromSetbacks8() Protocol {
	const meetings = 8
	lastMeeting := 7 * (meetings - 1)
	outcomes := []string{"self_compassion", "resilience", "motivation"}
	p := Protocol{
		Key:          "learning_from_setbacks_8",
		Title:        "Learning from setbacks",
		Summary:      "An eight-week course in self-compassion and resilience, compared with a waiting list.",
		CourseKey:    "learning_from_setbacks_8",
		PrimaryScale: "sc_total",
		Arms: []ProtocolArm{
			{Key: "course", Name: "Course", Share: 1},
			{Key: "waitlist", Name: "Waiting list", Control: true, Share: 1},
		},
		Waves: []ProtocolWave{{
			Key: "pre", Name: "Before the course", ShortName: "Pre", Kind: WavePre,
			Rule: schedule.Rule{OpensDay: -14, ClosesDay: 2}, Sets: outcomes,
		}},
		Language: "en",
	}
	for w := 1; w <= meetings; w++ {
		p.Waves = append(p.Waves, ProtocolWave{
			Key: weekKey(w), Name: "Week " + digits(w), ShortName: "W" + digits(w), Kind: WaveDuring,
			Rule:   schedule.Rule{OpensDay: 7 * (w - 1), ClosesDay: 7*w - 1},
			ArmKey: "course", Sets: weekSets(w == meetings),
		})
	}
	p.Waves = append(p.Waves,
		ProtocolWave{
			Key: "post", Name: "After the course", ShortName: "Post", Kind: WavePost,
			Rule: schedule.Rule{OpensDay: lastMeeting + 1, ClosesDay: lastMeeting + 21}, Sets: outcomes,
		},
		ProtocolWave{
			Key: "followup_3m", Name: "Three months later", ShortName: "3 mo", Kind: WaveFollowUp,
			Rule: schedule.Rule{OpensDay: lastMeeting + 84, ClosesDay: lastMeeting + 112}, Sets: outcomes,
		})
	p.Texts = setbacksTexts(meetings)
	return p
}

// learningFromSetbacks8Long asks more at the same times: who the person is, before
// the course, and how harsh people are with themselves after a failure, before and
// after it.
func learningFromSetbacks8Long() Protocol {
	p := learningFromSetbacks8()
	p.Key += "_long"
	p.Summary = "The same with more questions: on the person, and on harshness and shame after a failure."
	for i := range p.Waves {
		sets := slices.Clone(p.Waves[i].Sets)
		switch p.Waves[i].Kind {
		case WavePre:
			p.Waves[i].Sets = append(sets, "self_judgement_shame", "demographics")
		case WavePost:
			p.Waves[i].Sets = append(sets, "self_judgement_shame")
		case WaveDuring, WaveFollowUp:
		}
	}
	return p
}

// weekSets are the questionnaires of a week; in the last one people are asked how
// the course was for them.
func weekSets(last bool) []string {
	sets := []string{"weekly_check_in", "practice_recall"}
	if last {
		sets = append(sets, "course_experience")
	}
	return sets
}

func weekKey(w int) string { return "week_0" + digits(w) }

func digits(n int) string { return string(rune('0' + n)) }
