package survey

import (
	"context"
	"time"

	"tidemark/survey/schedule"
)

// keeping is what decides when what is stored of the people of a study is due.
type keeping struct {
	retention Retention
	design    StudyDesign
	runs      map[RunID]CourseRun
	closed    time.Time
	people    []Kept
	waiting   map[RunID]int
	latest    map[lastAsked]time.Time
}

// lastAsked is what the last instant of a person in a run depends on.
type lastAsked struct {
	run             RunID
	arm             ArmID
	enrolled, since time.Time
}

func retentionPlan(ctx context.Context, r Reader, study StudyID) (*keeping, error) {
	k := &keeping{runs: map[RunID]CourseRun{}}
	var err error
	if k.design, err = r.Design(ctx, study); err != nil {
		return nil, err
	}
	if k.retention, err = r.Retention(ctx, study); err != nil {
		return nil, err
	}
	if k.closed, err = r.ClosedAt(ctx, study); err != nil {
		return nil, err
	}
	runs, err := r.Runs(ctx, study)
	if err != nil {
		return nil, err
	}
	for _, run := range runs {
		k.runs[run.Run.ID] = run.Run
	}
	if k.waiting, err = r.KeptWaiting(ctx, study); err != nil {
		return nil, err
	}
	err = r.EachKept(ctx, study, func(p *Kept) error {
		k.people = append(k.people, *p)
		return nil
	})
	return k, err
}

// due is when a rule ends for a person; the zero time: not known, or there is no rule.
func (k *keeping) due(rule RetentionRule, p *Kept) time.Time {
	switch rule.Anchor {
	case FromClosing:
		return rule.Ends(k.closed, k.runs[p.RunID].Zone())
	case FromLastWave:
		last := k.lastAsked(p.RunID, p)
		// Who waited and takes the course now is asked until that is over.
		if after := k.lastAsked(p.CrossedTo, p); after.After(last) {
			last = after
		}
		return rule.Ends(last, k.runs[p.RunID].Zone())
	}
	return time.Time{}
}

// lastAsked is the last instant at which a person could be asked anything in a run; zero:
// nothing says when.
func (k *keeping) lastAsked(run RunID, p *Kept) time.Time {
	of, ok := k.runs[run]
	if !ok {
		return time.Time{}
	}
	key := lastAsked{run, p.ArmID, p.EnrolledAt, p.RunSince}
	if at, known := k.latest[key]; known {
		return at
	}
	waves := k.design.wavesOf(p.ArmID)
	if p.ArmID == "" { // somebody without a place
		waves = k.design.Waves
	}
	at := of.Calendar().Latest(ScheduleWaves(waves), schedule.Person{EnrolledAt: p.EnrolledAt, JoinedAt: p.RunSince})
	if k.latest == nil {
		k.latest = map[lastAsked]time.Time{}
	}
	k.latest[key] = at
	return at
}

// waits is somebody who waits for a place in a run: asked as if they had one from the
// beginning.
func (k *keeping) waits(run RunID) *Kept {
	return &Kept{RunID: run, EnrolledAt: k.runs[run].CreatedAt}
}

// book sums up.
func (k *keeping) book(now time.Time) RetentionBook {
	b := RetentionBook{Study: k.design.Study, Retention: k.retention, ClosedAt: k.closed}
	for _, kind := range RetentionKinds() {
		o := RetentionOutlook{Kind: kind}
		var ok bool
		o.Rule, ok = k.retention.Rule(kind)
		o.Kept = !ok
		for i := range k.people {
			o.add(k.due(o.Rule, &k.people[i]), now, min(k.people[i].Rows[kind], 1), k.people[i].Rows[kind])
		}
		if kind == RetainContact {
			for run, n := range k.waiting {
				o.Waiting += n
				o.add(k.due(o.Rule, k.waits(run)), now, n, n)
			}
		}
		b.Kinds = append(b.Kinds, o)
	}
	return b
}

func (o *RetentionOutlook) add(due, now time.Time, people, rows int) {
	switch {
	case rows == 0:
	case due.IsZero():
		o.Open += people
		o.OpenRows += rows
	case !now.Before(due):
		o.Due += people
		o.DueRows += rows
	default:
		o.Later += people
		o.LaterRows += rows
		if o.First.IsZero() || due.Before(o.First) {
			o.First = due
		}
		if due.After(o.Last) {
			o.Last = due
		}
	}
}
