package survey

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tidemark/survey/schedule"
)

// SameHour is another run that the same person leads and that meets while this one
// does.
type SameHour struct {
	// Meeting is the first that clashes, At when it begins; Count is how many do.
	Meeting, OtherMeeting, Count int
	At                           time.Time
	// Other and Study are the other run's; zero where the actor may not know them.
	Other CourseRun
	Study Study
	// Leader is who leads both; empty: the actor.
	Leader string
}

// sameHour finds the runs, of any study, that meet while a run does and that the
// actor may manage, or that somebody who was put in charge of this run is in charge
// of too.
func (u *Runs) sameHour(ctx context.Context, a Actor, run CourseRun, length time.Duration, meetings int, now time.Time) ([]SameHour, error) {
	r := u.env.Store
	leads, err := u.alsoLed(ctx, a, run)
	if err != nil {
		return nil, err
	}
	studies := leads.studies()
	others, err := r.RunsOfStudies(ctx, studies)
	if err != nil {
		return nil, err
	}
	var found []SameHour
	for _, other := range others {
		leader, theirs := leads.who(other)
		if other.ID == run.ID || !theirs {
			continue
		}
		c, err := u.env.course(ctx, r, other)
		if err != nil {
			return nil, err
		}
		clash := overlap(run.Calendar(), other.Calendar(), meetings, len(c.Weeks), length, time.Duration(c.MeetingMinutes)*time.Minute, now)
		if clash.Count == 0 {
			continue
		}
		clash.Leader, clash.Study.ID = leader, other.StudyID
		if a.MayRun(other.StudyID, other.ID) {
			clash.Other = other
		}
		found = append(found, clash)
	}
	if err := u.nameStudies(ctx, a, found); err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(x, y SameHour) int { return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.Other.Name, y.Other.Name)) })
	return found, nil
}

// nameStudies adds the studies that the actor may know, and takes the others away.
func (u *Runs) nameStudies(ctx context.Context, a Actor, found []SameHour) error {
	if len(found) == 0 {
		return nil
	}
	all, err := u.env.Store.Studies(ctx)
	if err != nil {
		return err
	}
	for i := range found {
		id := found[i].Study.ID
		found[i].Study = Study{}
		if j := slices.IndexFunc(all, func(s Study) bool { return s.ID == id }); j >= 0 && a.MayKnowStudy(id) {
			found[i].Study = all[j]
		}
	}
	return nil
}

// alsoLed are the runs that somebody leads who leads a run.
type alsoLed struct {
	actor Actor
	named []User // in charge of the run by name
}

// alsoLed reads who leads a run. A run that is not made yet has the actor alone.
func (u *Runs) alsoLed(ctx context.Context, a Actor, run CourseRun) (alsoLed, error) {
	led := alsoLed{actor: a}
	if run.ID == "" {
		return led, nil
	}
	users, err := u.env.Store.Users(ctx)
	if err != nil {
		return led, err
	}
	for _, user := range users {
		if user.ID != a.User.ID && user.DisabledAt.IsZero() && slices.Contains(user.Grants, Grant{RoleFacilitator, run.StudyID, run.ID}) {
			led.named = append(led.named, user)
		}
	}
	return led, nil
}

func (l alsoLed) studies() []StudyID {
	var ids []StudyID
	add := func(grants []Grant) {
		for _, g := range grants {
			if g.Role == RoleFacilitator && !slices.Contains(ids, g.StudyID) {
				ids = append(ids, g.StudyID)
			}
		}
	}
	if l.actor.Kind == ActorUser {
		add(l.actor.User.Grants)
	}
	for _, user := range l.named {
		add(user.Grants)
	}
	return ids
}

// who leads a run: the actor, whose name is not told, or somebody by name.
func (l alsoLed) who(run CourseRun) (name string, theirs bool) {
	if l.actor.Kind == ActorUser && l.actor.MayRun(run.StudyID, run.ID) {
		return "", true
	}
	for _, user := range l.named {
		if slices.Contains(user.Grants, Grant{RoleFacilitator, run.StudyID, run.ID}) {
			return cmp.Or(user.Name, user.Email), true
		}
	}
	return "", false
}

// overlap finds the meetings still to come of one calendar that are held while the
// other's are.
func overlap(own, other schedule.Calendar, meetings, others int, length, otherLength time.Duration, now time.Time) SameHour {
	var clash SameHour
	for n := 1; n <= meetings; n++ {
		at := own.MeetingAt(n)
		if at.Before(now) {
			continue
		}
		for m := 1; m <= others; m++ {
			begins := other.MeetingAt(m)
			if at.Before(begins.Add(otherLength)) && begins.Before(at.Add(length)) {
				if clash.Count++; clash.Count == 1 {
					clash.Meeting, clash.OtherMeeting, clash.At = n, m, at
				}
			}
		}
	}
	return clash
}
