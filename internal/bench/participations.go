package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"tidemark/internal/program"
	"tidemark/internal/stage"
	"tidemark/internal/visitor"
	"tidemark/survey"
	"tidemark/survey/instrument"
)

// crowd is the people of a stage, each of whom takes part once.
type crowd struct {
	*stage.Stage
	people []stage.Person
	random *rand.Rand
}

// take gives the next n people.
func (c *crowd) take(ctx context.Context, n int) ([]stage.Person, error) {
	if len(c.people) < n {
		more, err := c.Add(ctx, max(n-len(c.people), 1000))
		if err != nil {
			return nil, err
		}
		c.people = append(c.people, more...)
	}
	taken := c.people[:n]
	c.people = c.people[n:]
	return taken, nil
}

// participations measures how people get through a questionnaire.
func (b *bench) participations(ctx context.Context, e engine) (err error) {
	s, err := stage.Set(ctx, e.database, b.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Store.Close()) }()
	c := &crowd{Stage: s, random: rand.New(rand.NewPCG(b.seed, 12))}
	served, err := b.served(ctx, e, c)
	if err != nil {
		return err
	}
	cases, err := b.byUseCase(ctx, c)
	if err != nil {
		return err
	}
	plain, err := b.byPlainSQL(ctx, e, c)
	if err != nil {
		return err
	}
	var empty []cell
	for _, c := range served {
		if c.name != "pages, scripted" {
			continue
		}
		one, err := b.empty(ctx, len(c.waits)/c.done, c.at)
		if err != nil {
			return err
		}
		empty = append(empty, one)
	}
	return b.print(plain, slices.Concat(served, empty, cases, plain))
}

// served lets people take part by HTTP.
func (b *bench) served(ctx context.Context, e engine, c *crowd) (cells []cell, err error) {
	server, err := program.Serve(ctx, program.Options{
		Binary: b.binary, Database: e.database, SecretFile: c.SecretFile, Dir: b.dir,
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	if _, err := b.visits(ctx, server, e, c, visitor.Scripted, 8, 40); err != nil { // warm up
		return nil, err
	}
	for _, way := range []visitor.Way{visitor.Scripted, visitor.Plain} {
		for _, at := range b.at {
			one, err := b.visits(ctx, server, e, c, way, at, b.each)
			if err != nil {
				return nil, err
			}
			cells = append(cells, one)
		}
	}
	return cells, nil
}

// visits lets n people take part, at of them at once.
func (b *bench) visits(ctx context.Context, server *program.Server, e engine, c *crowd, way visitor.Way, at, n int) (cell, error) {
	people, err := c.take(ctx, n)
	if err != nil {
		return cell{}, err
	}
	before, dbBefore, err := spent(server, e)
	if err != nil {
		return cell{}, err
	}
	one, err := together(ctx, "pages, "+string(way), at, n, func(ctx context.Context, i int, waited func(time.Duration)) error {
		random := rand.New(rand.NewPCG(b.seed, uint64(i)))
		v := visitor.New(server.URL(), nil)
		defer v.Close()
		v.Observe = func(r visitor.Request) { waited(r.Took) }
		return v.Complete(ctx, people[i].Token, way, func(q visitor.Question) float64 {
			return q.Values[random.IntN(len(q.Values))]
		})
	})
	if err != nil {
		return cell{}, err
	}
	after, dbAfter, err := spent(server, e)
	one.cpu, one.dbCPU = after-before, dbAfter-dbBefore
	return one, err
}

// spent is the processor time of the server, and of the database's processes.
func spent(server *program.Server, e engine) (cpu, db time.Duration, err error) {
	cpu, err = program.CPU(server.PID())
	if errors.Is(err, program.ErrNotMeasured) {
		return 0, 0, nil
	}
	if err == nil && e.pid != 0 {
		db, err = program.CPU(e.pid)
	}
	return cpu, db, err
}

// questionnaire is one that somebody is to submit, with the answers they give.
type questionnaire struct {
	due     survey.DueItem
	actor   survey.Actor
	answers instrument.Numbers
}

// questionnaires are those of n further people, who have agreed.
func (c *crowd) questionnaires(ctx context.Context, n int) ([]questionnaire, error) {
	people, err := c.take(ctx, n)
	if err != nil {
		return nil, err
	}
	all := make([]questionnaire, n)
	for i, p := range people {
		q := &all[i]
		part, err := c.Store.Participation(ctx, p.Enrolment.StudyID, p.Enrolment.ID)
		if err != nil {
			return nil, err
		}
		if err := c.Cases.Enrolments.Consent(ctx, survey.ParticipantActor(part), part.Study.ConsentVersion); err != nil {
			return nil, err
		}
		if part, err = c.Store.Participation(ctx, p.Enrolment.StudyID, p.Enrolment.ID); err != nil {
			return nil, err
		}
		q.actor = survey.ParticipantActor(part)
		due, err := c.Due(ctx, p)
		if err != nil {
			return nil, err
		}
		q.due, q.answers = due[0], instrument.Numbers{}
		for _, item := range q.due.Definition.Items {
			options, _ := q.due.Definition.ItemOptions(item.Code)
			q.answers[item.Code] = options[c.random.IntN(len(options))].Value
		}
	}
	return all, nil
}

// byUseCase submits whole questionnaires by the use case, in this process.
func (b *bench) byUseCase(ctx context.Context, c *crowd) ([]cell, error) {
	var cells []cell
	for _, at := range b.at {
		all, err := c.questionnaires(ctx, b.each)
		if err != nil {
			return nil, err
		}
		one, err := together(ctx, "use case", at, b.each, func(ctx context.Context, i int, waited func(time.Duration)) error {
			began := time.Now()
			err := c.Cases.Assessments.Submit(ctx, all[i].actor, all[i].due.Assessment.ID, all[i].answers.Answers())
			waited(time.Since(began))
			return err
		})
		if err != nil {
			return nil, err
		}
		cells = append(cells, one)
	}
	return cells, nil
}

// print puts measurements beside plain SQL of the same concurrency.
func (b *bench) print(plain, all []cell) error {
	floor := map[int]float64{}
	for _, c := range plain {
		floor[c.at] = c.rate()
	}
	b.say("\nA 12-item questionnaire, completed:\n")
	w := newTable(b.out, "by", "at once", "per second", "÷ plain SQL", "waits each", "p50", "p95", "p99",
		"server CPU each", "database CPU each")
	for _, c := range all {
		w.row(c.name, strconv.Itoa(c.at), fmt.Sprintf("%.0f", c.rate()), fmt.Sprintf("%.2f", c.rate()/floor[c.at]),
			fmt.Sprintf("%.0f", float64(len(c.waits))/float64(c.done)), ms(c.wait(.50)), ms(c.wait(.95)), ms(c.wait(.99)),
			perDone(c.cpu, c), perDone(c.dbCPU, c))
	}
	return w.flush()
}

func perDone(d time.Duration, c cell) string {
	if d == 0 {
		return "–"
	}
	return ms(d / time.Duration(c.done))
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }
