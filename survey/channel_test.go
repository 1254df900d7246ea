package survey_test

import (
	"testing"

	"tidemark/survey"
)

func TestMessagesComeByTheChannelThatAPersonChooses(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, box := t.Context(), &waveBox{}
		ana := s.invite(t, "ana@example.org")[0]
		enrolled, err := s.byHand(t, "course", survey.Person{})
		noError(t, err)
		nobody := s.again(t, enrolled[0].ID)
		s.writing(t, nil)
		choose := func(c survey.Channel, phone, push string) error {
			return s.cases.OwnData.ChooseChannel(ctx, ana, c, phone, push)
		}
		wantFaults(t, choose(survey.ChannelSMS, "", ""), survey.FieldErrors{"phone": "mydata.fault_no_phone"})
		wantFaults(t, choose(survey.ChannelSMS, "12", ""), survey.FieldErrors{"phone": "mydata.fault_phone"})
		wantFaults(t, choose(survey.ChannelPush, "", "two words"), survey.FieldErrors{"push": "mydata.fault_push"})
		wantFaults(t, choose("pigeon", "", ""), survey.FieldErrors{"channel": "mydata.fault_channel"})
		// Of whom nothing is known nothing is asked.
		wantError(t, s.cases.OwnData.ChooseChannel(ctx, nobody, survey.ChannelSMS, "+34600123123", ""), survey.ErrNotFound)

		noError(t, choose(survey.ChannelPush, "", "ntfy/ana"))
		same(t, s.round(t, box), []string{"ntfy/ana: invitation 1 Before the course"})
		reach := func() survey.Reach {
			o, err := s.cases.OwnData.Overview(ctx, ana, "")
			noError(t, err)
			return o.Reach
		}
		same(t, reach(), survey.Reach{Known: true, Chosen: survey.ChannelPush, Used: survey.ChannelPush, MaskedEmail: "a•••@example.org", Push: true})
		// A facilitator who corrects the address changes nothing of that.
		code := ana.Participation.Enrolment.Code
		noError(t, s.cases.Runs.CorrectContact(ctx, s.leader, s.study, s.run.ID, code, "Ana", "ana@example.com", ""))
		s.at(clockAt("2026-02-25", "10:00"))
		same(t, s.round(t, box), []string{"ntfy/ana: reminder 1 Before the course"})
		// Whoever goes back from push takes the address there along.
		noError(t, choose(survey.ChannelSMS, "0034 600-123 123", ""))
		s.at(clockAt("2026-02-28", "10:00"))
		same(t, s.round(t, box), []string{"+34600123123: reminder 2 Before the course"})
		same(t, reach(), survey.Reach{Known: true, Chosen: survey.ChannelSMS, Used: survey.ChannelSMS, MaskedEmail: "a•••@example.com", Phone: "•••23"})
		noError(t, choose(survey.ChannelEmail, "", ""))
		s.at(clockAt("2026-03-03", "10:00"))
		same(t, s.round(t, box), []string{"ana@example.com: invitation 1 Week 1", "ana@example.com: reminder 3 Before the course"})
	})
}
