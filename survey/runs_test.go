package survey_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

func TestARunTakesTheStudysZoneAndTheCoursesVersion(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		got, err := s.store.Run(t.Context(), s.study.ID, s.run.ID)
		noError(t, err)
		same(t, got, s.run)
		same(t, []string{got.TimeZone, got.CourseVersion, got.StartsOn.String()}, []string{zoneName, "1.2.0", startsOn})
	})
}

func TestARunWithFaultsIsNotCreated(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		for field, spoil := range map[string]func(*survey.NewRun){
			"name":         func(n *survey.NewRun) { n.Name = "  " },
			"location":     func(n *survey.NewRun) { n.Location = strings.Repeat("x", 201) },
			"meeting_time": func(n *survey.NewRun) { n.MeetingTime = "24:00" },
			"time_zone":    func(n *survey.NewRun) { n.TimeZone = "Europe/Atlantis" },
			"starts_on":    func(n *survey.NewRun) { n.StartsOn = "2026-02-30" },
			"course":       func(n *survey.NewRun) { n.CourseKey = "knitting" },
		} {
			n := newRun()
			spoil(&n)
			_, err := s.cases.Runs.Create(t.Context(), s.leader, s.study.ID, n)
			faults, ok := err.(survey.FieldErrors) //nolint:errorlint // it is returned as it is
			if !ok || len(faults) != 1 || faults[field] == "" {
				t.Errorf("%s: got %v", field, err)
			}
		}
		runs, err := s.cases.Runs.List(t.Context(), s.leader, s.study.ID)
		noError(t, err)
		same(t, len(runs), 1)
	})
}

func TestMovingARunIsNoted(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		noError(t, s.cases.Runs.Move(t.Context(), s.leader, s.study.ID, s.run.ID, " 2026-03-09 "))
		got, err := s.store.Run(t.Context(), s.study.ID, s.run.ID)
		noError(t, err)
		same(t, got.StartsOn, schedule.Date{Year: 2026, Month: time.March, Day: 9})
		events, err := s.store.AuditEvents(t.Context(), s.study.ID, 1)
		noError(t, err)
		same(t, []any{events[0].Action, events[0].Detail}, []any{survey.ActionRunMoved, "2026-03-02 → 2026-03-09"})
		s.unchanged(t, func() {
			wantFaults(t, s.cases.Runs.Move(t.Context(), s.leader, s.study.ID, s.run.ID, "soon"),
				survey.FieldErrors{"starts_on": "run.bad_date"})
			wantError(t, s.cases.Runs.Move(t.Context(), s.leader, s.study.ID, "nowhere", "2026-03-09"), survey.ErrNotFound)
		})
	})
}

// add enrols n people by allocation.
func (s *stage) add(t *testing.T, n int) ([]survey.Enrolment, error) {
	t.Helper()
	return s.cases.Runs.AddPeople(t.Context(), s.leader, s.study.ID, s.run.ID, make([]survey.Person, n), "")
}

// counts is how many of the run's first people are in the course and waiting.
func (s *stage) counts(t *testing.T, people []survey.Enrolment) (course, waiting int) {
	t.Helper()
	arm := s.arm(t, "course").ID
	for _, e := range people {
		if e.ArmID == arm {
			course++
		}
	}
	return course, len(people) - course
}

func TestEveryBlockHoldsTheArmsInTheirRatio(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		var all []survey.Enrolment
		for _, n := range []int{1, 2, 1, 3, 7, 1, 1, 6, 2} { // begins and ends within blocks
			s.at(s.clock().Add(time.Minute))
			enrolled, err := s.add(t, n)
			noError(t, err)
			same(t, len(enrolled), n)
			all = append(all, enrolled...)
		}
		roster, err := s.store.Roster(t.Context(), s.study.ID, s.run.ID)
		noError(t, err)
		same(t, roster, all)
		balanced, runs := 0, 0
		for i := range all {
			course, waiting := s.counts(t, all[:i+1])
			if d := course - waiting; d > 3 || d < -3 {
				t.Errorf("after %d people %d are in the course", i+1, course)
			} else if d == 0 {
				balanced++
			}
			if i > 0 && all[i].ArmID == all[i-1].ArmID {
				runs++
			}
		}
		if balanced < 4 || runs == 0 {
			t.Errorf("in balance %d times of %d; the same arm twice in a row %d times", balanced, len(all), runs)
		}
	})
}

func TestPeopleAddedAtOnceKeepTheBlocks(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		var wait sync.WaitGroup
		for i := range 12 {
			wait.Go(func() {
				if _, err := s.add(t, 1+i%3); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		roster, err := s.store.Roster(t.Context(), s.study.ID, s.run.ID)
		noError(t, err)
		course, waiting := s.counts(t, roster)
		same(t, course+waiting, 24)
		if course < 9 || waiting < 9 {
			t.Errorf("%d are in the course and %d wait", course, waiting)
		}
		codes := map[string]bool{}
		for _, e := range roster {
			codes[e.Code] = true
		}
		same(t, len(codes), 24)
	})
}

// A machine whose clock is behind gives an earlier time to people who are
// enrolled later; what was allocated before must be counted all the same.
func TestBlocksDoNotDependOnTheClock(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		total := 0
		for i := range 24 {
			n := []int{1, 1, 2, 1, 3}[i%5]
			s.at(s.clock().Add(-time.Second))
			_, err := s.add(t, n)
			noError(t, err)
			total += n
			roster, err := s.store.Roster(t.Context(), s.study.ID, s.run.ID)
			noError(t, err)
			course, waiting := s.counts(t, roster)
			if d := course - waiting; d > 3 || d < -3 { // half of the larger block
				t.Fatalf("after %d people %d are in the course and %d wait", total, course, waiting)
			}
		}
	})
}

func TestPeopleAssignedByHandBelongToNoBlock(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		var byLot []survey.Enrolment
		for i := range 8 {
			for _, a := range s.enrol(t, "course", 1+i%3) {
				same(t, a.Participation.Enrolment.Assigned, true)
			}
			enrolled, err := s.add(t, 1)
			noError(t, err)
			same(t, enrolled[0].Assigned, false)
			byLot = append(byLot, enrolled...)
			if course, waiting := s.counts(t, byLot); course-waiting > 3 || waiting-course > 3 {
				t.Errorf("of %d by lot %d are in the course", len(byLot), course)
			}
		}
		_, err := s.cases.Runs.AddPeople(t.Context(), s.leader, s.study.ID, s.run.ID, make([]survey.Person, 1), "elsewhere")
		wantFaults(t, err, survey.FieldErrors{"arm": "run.unknown_arm", "reason": "allocation.reason_missing"})
	})
}

func TestPeopleAreEnrolledWithEverythingTheyNeed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := []survey.Person{{Name: "Ana Ruiz", Email: "ana@example.org"}, {}}
		enrolled, err := s.cases.Runs.AddPeople(t.Context(), s.leader, s.study.ID, s.run.ID, people, "")
		noError(t, err)
		contacts, err := s.store.Contacts(t.Context(), s.study.ID, s.run.ID)
		noError(t, err)
		same(t, len(contacts), 1)
		same(t, contacts[enrolled[0].ParticipantID].Email, "ana@example.org")
		for _, e := range enrolled {
			_, p, err := s.cases.SignIns.ByPersonalLink(t.Context(), s.keys.PersonalToken(s.study.ID, e.ID, 1))
			noError(t, err)
			same(t, p.Enrolment, e)
			_, link, err := s.store.ParticipationByLink(t.Context(), s.keys.HashToken(s.keys.PersonalToken(s.study.ID, e.ID, 1)))
			noError(t, err)
			// 161 days of follow-up and half a year.
			if lasts := link.ExpiresAt.Sub(day(startsOn)); lasts < 300*24*time.Hour {
				t.Errorf("the link lasts %v from the start", lasts)
			}
		}
	})
}

func TestAListSentTwiceAddsNobodyTwice(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := []survey.Person{{Email: "ana@example.org"}, {Email: "bo@example.org"}}
		add := func(people ...survey.Person) error {
			_, err := s.cases.Runs.AddPeople(t.Context(), s.leader, s.study.ID, s.run.ID, people, "")
			return err
		}
		noError(t, add(people...))
		wantFaults(t, add(survey.Person{Name: "New"}, people[1]), survey.FieldErrors{"bo@example.org": "people.already"})
		wantFaults(t, add(), survey.FieldErrors{"people": "people.none"})
		wantFaults(t, add(make([]survey.Person, survey.MaxPeopleAtOnce+1)...), survey.FieldErrors{"people": "people.too_many"})
		roster, err := s.store.Roster(t.Context(), s.study.ID, s.run.ID)
		noError(t, err)
		same(t, len(roster), 2)
	})
}

func TestNobodyIsEnrolledInAStudyThatIsNotOpen(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		study, err := s.cases.Studies.Create(t.Context(), s.admin, survey.NewStudy{Protocol: "learning_from_setbacks_8", Key: "draft"})
		noError(t, err)
		run, err := s.cases.Runs.Create(t.Context(), system(), study.ID, newRun())
		noError(t, err)
		_, err = s.cases.Runs.AddPeople(t.Context(), system(), study.ID, run.ID, make([]survey.Person, 1), "")
		wantFaults(t, err, survey.FieldErrors{"people": "study.not_open"})
		_, err = s.cases.Runs.AddPeople(t.Context(), system(), s.study.ID, run.ID, make([]survey.Person, 1), "")
		wantError(t, err, survey.ErrNotFound)
	})
}

func TestAFewThousandPeopleAreEnrolledAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		enrolled, err := s.add(t, 2000)
		noError(t, err)
		course, waiting := s.counts(t, enrolled)
		if course < 997 || waiting < 997 { // the last block may not be full
			t.Errorf("%d are in the course and %d wait", course, waiting)
		}
		progress, err := s.store.StudyProgress(t.Context(), s.study.ID)
		noError(t, err)
		same(t, len(progress), course*11+waiting*3)
	})
}

func ExampleParsePeople() {
	people, err := survey.ParsePeople("Ana Ruiz, ana@example.org\n\nBo Lund <Bo@Example.org>\nsomebody without an address")
	for _, p := range people {
		fmt.Printf("%q %q\n", p.Name, p.Email)
	}
	fmt.Println(err)
	// Output:
	// "Ana Ruiz" "ana@example.org"
	// "Bo Lund" "bo@example.org"
	// "somebody without an address" ""
	// <nil>
}
