package survey

import (
	"fmt"
	"strconv"

	"tidemark/survey/schedule"
)

// learningFromSetbacks8States is the eight-week course with a measure of state in the
// day before each meeting instead of a check-in after it: how harsh people are with
// themselves, and what they practised since the meeting before. It closes when the
// meeting begins, and takes what somebody is in the middle of for a quarter of an
// hour more. There are follow-ups three and six months after the last meeting.
func learningFromSetbacks8States() Protocol {
	const meetings = 8
	p := learningFromSetbacks(meetings)
	outcomes := append([]string{}, p.Waves[0].Sets...)
	p.Key += "_states"
	p.Summary = "The same with a short measure of state in the day before each meeting, and follow-ups after three and six months."
	p.Waves = p.Waves[:1]
	for m := 1; m <= meetings; m++ {
		w := ProtocolWave{
			Key: stateKey(m), Name: "Before meeting " + strconv.Itoa(m), ShortName: "M" + strconv.Itoa(m), Kind: WaveDuring,
			Rule: schedule.Rule{
				Anchor: schedule.AnchorMeeting, Meeting: m, Timed: true, OpensMinute: -24 * 60, ClosesMinute: 0, GraceMinutes: 15,
			},
			ArmKey: "course", Sets: []string{"self_judgement_shame"},
		}
		if m > 1 {
			w.Sets = append(w.Sets, "practice_recall")
		}
		p.Waves = append(p.Waves, w)
	}
	p.Waves = append(p.Waves,
		ProtocolWave{
			Key: "course_end", Name: "How the course was", ShortName: "End", Kind: WaveDuring,
			Rule: fromMeeting(meetings, 0, 6), ArmKey: "course", Sets: []string{"course_experience"},
		},
		ProtocolWave{Key: "post", Name: "After the course", ShortName: "Post", Kind: WavePost, Rule: fromMeeting(meetings, 1, 21), Sets: outcomes},
		ProtocolWave{Key: "followup_3m", Name: "Three months later", ShortName: "3 mo", Kind: WaveFollowUp, Rule: monthsAfter(meetings, 3), Sets: outcomes},
		ProtocolWave{Key: "followup_6m", Name: "Six months later", ShortName: "6 mo", Kind: WaveFollowUp, Rule: monthsAfter(meetings, 6), Sets: outcomes},
	)
	p.Texts = setbacksTexts(0)
	for _, in := range []struct{ language, before, end, sixMonthsLater string }{
		{"de", "Vor dem %d. Treffen", "Wie der Kurs war", "Sechs Monate später"},
		{"es", "Antes del encuentro %d", "Cómo fue el curso", "Seis meses después"},
	} {
		add := func(key, body string) {
			p.Texts = append(p.Texts, StudyText{Language: in.language, Key: WaveText(key), Body: body})
		}
		for m := 1; m <= meetings; m++ {
			add(stateKey(m), fmt.Sprintf(in.before, m))
		}
		add("course_end", in.end)
		add("followup_6m", in.sixMonthsLater)
	}
	return p
}

// stateKey is "state_01".
func stateKey(meeting int) string { return fmt.Sprintf("state_%02d", meeting) }
