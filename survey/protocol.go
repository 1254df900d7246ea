package survey

import (
	"fmt"
	"slices"
	"strconv"

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
	return []Protocol{learningFromSetbacks(8), learningFromSetbacks8Long(), learningFromSetbacks8States(), learningFromSetbacks10()}
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

// learningFromSetbacks is the course of so many weekly meetings against a waiting list.
// Questionnaires before the course open two weeks ahead and stay open for two
// days after the first meeting, and whoever joins later has a week for them; each weekly check-in opens on the day of the
// meeting and stays open for six more days; those after the course open the day
// after the last meeting for three weeks; the follow-up comes twelve weeks after
// the last meeting and stays open for four. All but the first hang on their meeting,
// so that they move with it.
func learningFromSetbacks(meetings int) Protocol {
	outcomes := []string{"self_compassion", "resilience", "motivation"}
	p := Protocol{
		Key:          "learning_from_setbacks_" + strconv.Itoa(meetings),
		Title:        "Learning from setbacks",
		Summary:      "An eight-week course in self-compassion and resilience, compared with a waiting list.",
		CourseKey:    "learning_from_setbacks_" + strconv.Itoa(meetings),
		PrimaryScale: "sc_total",
		Arms: []ProtocolArm{
			{Key: "course", Name: "Course", Share: 1},
			{Key: "waitlist", Name: "Waiting list", Control: true, Share: 1},
		},
		Waves: []ProtocolWave{{
			Key: "pre", Name: "Before the course", ShortName: "Pre", Kind: WavePre,
			Rule: schedule.Rule{OpensDay: -14, ClosesDay: 2, LateDays: 7}, Sets: outcomes,
		}},
		Language: "en",
	}
	for w := 1; w <= meetings; w++ {
		p.Waves = append(p.Waves, ProtocolWave{
			Key: weekKey(w), Name: "Week " + strconv.Itoa(w), ShortName: "W" + strconv.Itoa(w), Kind: WaveDuring,
			Rule:   fromMeeting(w, 0, 6),
			ArmKey: "course", Sets: weekSets(w == meetings),
		})
	}
	p.Waves = append(p.Waves,
		ProtocolWave{
			Key: "post", Name: "After the course", ShortName: "Post", Kind: WavePost,
			Rule: fromMeeting(meetings, 1, 21), Sets: outcomes,
		},
		ProtocolWave{
			Key: "followup_3m", Name: "Three months later", ShortName: "3 mo", Kind: WaveFollowUp,
			Rule: fromMeeting(meetings, 84, 112), Sets: outcomes,
		})
	p.Texts = setbacksTexts(meetings)
	return p
}

// fromMeeting is open from one day to another, counted from a meeting.
func fromMeeting(meeting, opens, closes int) schedule.Rule {
	return schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: meeting, OpensDay: opens, ClosesDay: closes}
}

// monthsAfter is open for four weeks, so many months after a meeting.
func monthsAfter(meeting, months int) schedule.Rule {
	return schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: meeting, Months: months, ClosesDay: 28}
}

// learningFromSetbacks8Long asks more at the same times: who the person is, before
// the course, and how harsh people are with themselves after a failure, before and
// after it.
func learningFromSetbacks8Long() Protocol {
	p := learningFromSetbacks(8)
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

// learningFromSetbacks10 is the ten-week course, which has weeks on perfectionism and
// on shame: how harsh people are with themselves after a failure is asked whenever
// the outcomes are. There is a follow-up after six months as well.
func learningFromSetbacks10() Protocol {
	const meetings = 10
	p := learningFromSetbacks(meetings)
	p.Summary = "A ten-week course in self-compassion and resilience, with weeks on perfectionism and shame, compared with a waiting list."
	last := p.Waves[len(p.Waves)-1]
	last.Key, last.Name, last.ShortName = "followup_6m", "Six months later", "6 mo"
	last.Rule = monthsAfter(meetings, 6)
	p.Waves = append(p.Waves, last)
	for i := range p.Waves {
		if p.Waves[i].Kind != WaveDuring {
			p.Waves[i].Sets = append(slices.Clone(p.Waves[i].Sets), "self_judgement_shame")
		}
	}
	for _, t := range []StudyText{{Language: "de", Body: "Sechs Monate später"}, {Language: "es", Body: "Seis meses después"}} {
		t.Key = WaveText(last.Key)
		p.Texts = append(p.Texts, t)
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

// weekKey is "week_01"; of the tenth week, "week_10".
func weekKey(w int) string { return fmt.Sprintf("week_%02d", w) }
