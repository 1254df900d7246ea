package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Filter narrows a list; the zero Filter does not.
type Filter struct {
	Participant string // code of one person
	Wave        string // key of an occasion
}

func (f Filter) query() url.Values {
	q := url.Values{}
	if f.Participant != "" {
		q.Set("participant", f.Participant)
	}
	if f.Wave != "" {
		q.Set("wave", f.Wave)
	}
	return q
}

// of is an address within a study.
func of(study string, parts ...string) string {
	var path strings.Builder
	path.WriteString("/studies/" + url.PathEscape(study))
	for _, p := range parts {
		path.WriteString("/" + url.PathEscape(p))
	}
	return path.String()
}

// pageSize is how many rows are asked for at once: what the server gives at most.
const pageSize = 1000

// rows are those of a list, page by page. It ends after the first error.
func rows[T any](ctx context.Context, c *Client, path string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		q := url.Values{"limit": {strconv.Itoa(pageSize)}}
		maps.Copy(q, query)
		for {
			p, err := get[Page[T]](ctx, c, path, q)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, row := range p.Items {
				if !yield(row, nil) {
					return
				}
			}
			if p.Next == nil {
				return
			}
			q.Set("cursor", *p.Next)
		}
	}
}

// list is a list that has one page.
func list[T any](ctx context.Context, c *Client, path string) ([]T, error) {
	p, err := get[Page[T]](ctx, c, path, nil)
	return p.Items, err
}

// Token tells what the token is for.
func (c *Client) Token(ctx context.Context) (Token, error) { return get[Token](ctx, c, "/token", nil) }

// Study is a study by its short name.
func (c *Client) Study(ctx context.Context, study string) (Study, error) {
	return get[Study](ctx, c, of(study), nil)
}

// Arms are the groups of a study.
func (c *Client) Arms(ctx context.Context, study string) ([]Arm, error) {
	return list[Arm](ctx, c, of(study, "arms"))
}

// Waves are its occasions of measurement.
func (c *Client) Waves(ctx context.Context, study string) ([]Wave, error) {
	return list[Wave](ctx, c, of(study, "waves"))
}

// Instruments are its questionnaires.
func (c *Client) Instruments(ctx context.Context, study string) ([]Instrument, error) {
	return list[Instrument](ctx, c, of(study, "instruments"))
}

// Variables are the columns of its wide table that come from questionnaires.
func (c *Client) Variables(ctx context.Context, study string) ([]Variable, error) {
	return list[Variable](ctx, c, of(study, "variables"))
}

// Runs are its course runs.
func (c *Client) Runs(ctx context.Context, study string) ([]Run, error) {
	return list[Run](ctx, c, of(study, "runs"))
}

// Calendar is when a course run meets and asks.
func (c *Client) Calendar(ctx context.Context, study, run string) (Calendar, error) {
	return get[Calendar](ctx, c, of(study, "runs", run, "calendar"), nil)
}

// Enrolments are everybody in the study, by code.
func (c *Client) Enrolments(ctx context.Context, study string) iter.Seq2[Enrolment, error] {
	return rows[Enrolment](ctx, c, of(study, "enrolments"), nil)
}

// Enrolment is one person by their code.
func (c *Client) Enrolment(ctx context.Context, study, participant string) (Enrolment, error) {
	return get[Enrolment](ctx, c, of(study, "enrolments", participant), nil)
}

// Assessments are what people are asked, and how far they have come.
func (c *Client) Assessments(ctx context.Context, study string, f Filter) iter.Seq2[Assessment, error] {
	return rows[Assessment](ctx, c, of(study, "assessments"), f.query())
}

// Responses are people's answers.
func (c *Client) Responses(ctx context.Context, study string, f Filter) iter.Seq2[Response, error] {
	return rows[Response](ctx, c, of(study, "responses"), f.query())
}

// Scores are people's scores.
func (c *Client) Scores(ctx context.Context, study string, f Filter) iter.Seq2[Score, error] {
	return rows[Score](ctx, c, of(study, "scores"), f.query())
}

// Table writes a whole table, long, wide or scores, as a file: csv, jsonl, sav, dta, …;
// questionnaires is a ZIP archive of CSV files. One that does not arrive whole is
// ErrNotWhole.
func (c *Client) Table(ctx context.Context, study, table, format string, to io.Writer) error {
	return c.file(ctx, of(study, "tables", table), url.Values{"format": {format}}, to)
}

// Snapshots are the frozen data of a study, the newest first.
func (c *Client) Snapshots(ctx context.Context, study string) ([]Snapshot, error) {
	return list[Snapshot](ctx, c, of(study, "snapshots"))
}

// Bundle writes everything made of a snapshot, as a ZIP archive.
func (c *Client) Bundle(ctx context.Context, study string, number int, to io.Writer) error {
	return c.file(ctx, of(study, "snapshots", strconv.Itoa(number), "bundle"), nil, to)
}

// AddPeople enrols people in a course run and gives their codes, in order. key names the
// request, at most 64 characters: if it was carried out before, it is a *Problem with
// status 409, and nobody is added twice. Empty: it is carried out whenever it is made.
func (c *Client) AddPeople(ctx context.Context, study, run, key string, people ...NewPerson) ([]string, error) {
	body, err := json.Marshal(NewPeople{People: people})
	if err != nil {
		return nil, fmt.Errorf("add people: %w", err)
	}
	answer, err := c.do(ctx, request{
		method: http.MethodPost, path: of(study, "runs", run, "people"), body: body, key: key, accept: "application/json",
	})
	if err != nil {
		return nil, err
	}
	var added Added
	err = json.NewDecoder(answer.Body).Decode(&added)
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		return nil, fmt.Errorf("add people: %w", err)
	}
	return added.Participants, nil
}
