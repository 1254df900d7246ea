package rest

import (
	"net/http"
	"slices"

	"tidemark/survey"
	"tidemark/survey/export"
)

// operation is a row of the table.
type operation struct {
	id      string // of the description, in camel case
	method  string
	path    string // within /api/v1, with parameters as {study}
	summary string
	about   string
	// scope is what a token must be for; the zero scope: any token, or with open
	// nobody need show one.
	scope  survey.Scope
	open   bool
	params []parameter // of the query
	takes  any         // what the body is, as an example of its type; nil: there is none
	status int         // of success
	gives  any         // what the answer is, as an example of its type
	media  []string    // of the answer where that is no JSON; gives is then nil
	handle func(*call) error
}

// parameter is one of a query.
type parameter struct {
	name, about string
	kind        string   // "string" or "integer"
	values      []string // that a string can have; none: any
	min, max    int      // of an integer
	otherwise   string   // what it is if not given
}

var (
	paramLimit = parameter{
		name: "limit", about: "The most rows of the page.", kind: "integer", min: 1, max: survey.MaxPage, otherwise: "100",
	}
	paramCursor = parameter{name: "cursor", about: "Where the page begins: next of the page before. Left out: at the beginning.", kind: "string"}
	paramPerson = parameter{name: "participant", about: "Only of this person, by code.", kind: "string"}
	paramWave   = parameter{name: "wave", about: "Only of this occasion, by key.", kind: "string"}
)

// formats are the formats of whole tables.
func formats() (keys, media []string) {
	keys, media = []string{"csv"}, []string{"text/csv"}
	for _, f := range export.FormatsOf(export.Tables()[0]) {
		keys = append(keys, f.Key)
		if !slices.Contains(media, f.Media) {
			media = append(media, f.Media)
		}
	}
	return keys, media
}

// operations are all there are.
func operations() []operation {
	keys, media := formats()
	rows := []parameter{paramPerson, paramWave, paramLimit, paramCursor}
	return []operation{
		{id: "getDescription", path: "/openapi.json", open: true, gives: map[string]any{}, handle: (*call).description,
			summary: "This description", about: "The API as an OpenAPI 3.1 document. Nobody need show a token."},
		{id: "getToken", path: "/token", gives: Token{}, handle: (*call).token,
			summary: "The token that asks", about: "What the token is for, and until when."},
		{id: "listStudies", path: "/studies", gives: Page[Study]{}, handle: (*call).studies,
			summary: "The study of the token", about: "A list, which has one study: a token is for one."},
		{id: "getStudy", path: "/studies/{study}", gives: Study{}, handle: (*call).showStudy, summary: "A study"},
		{id: "listArms", path: "/studies/{study}/arms", gives: Page[Arm]{}, handle: (*call).arms, summary: "Groups that people are allocated to"},
		{id: "listWaves", path: "/studies/{study}/waves", gives: Page[Wave]{}, handle: (*call).waves, summary: "Occasions of measurement"},
		{id: "listInstruments", path: "/studies/{study}/instruments", gives: Page[Instrument]{}, handle: (*call).instruments,
			summary: "Questionnaires that are or were asked", about: "With their items, answers and scales, former versions included."},
		{id: "listVariables", path: "/studies/{study}/variables", gives: Page[Variable]{}, handle: (*call).variables,
			summary: "Variables", about: "The columns of the wide table that come from questionnaires. They have the same names in every export."},
		{id: "listRuns", path: "/studies/{study}/runs", gives: Page[Run]{}, handle: (*call).runs, summary: "Course runs"},
		{id: "getRunCalendar", path: "/studies/{study}/runs/{run}/calendar", gives: Calendar{}, handle: (*call).calendar,
			summary: "The calendar of a course run", about: "Its meetings, and when each occasion is open for people who were there from the beginning."},
		{id: "addPeople", method: http.MethodPost, path: "/studies/{study}/runs/{run}/people", scope: survey.ScopeWritePeople, takes: NewPeople{},
			status: http.StatusCreated, gives: Added{}, handle: (*call).addPeople, summary: "Enrol people in a course run",
			about: "All of them or, when something is wrong with one, none. Each is allocated as the study allocates. Repeating a request with the same Idempotency-Key adds nobody twice: it is answered with 409."},
		{id: "listEnrolments", path: "/studies/{study}/enrolments", scope: survey.ScopePeople, params: []parameter{paramLimit, paramCursor},
			gives: Page[Enrolment]{}, handle: (*call).enrolments, summary: "People, by pseudonym"},
		{id: "getEnrolment", path: "/studies/{study}/enrolments/{participant}", scope: survey.ScopePeople, gives: Enrolment{},
			handle: (*call).enrolment, summary: "A person, by pseudonym"},
		{id: "listAssessments", path: "/studies/{study}/assessments", scope: survey.ScopePeople, params: rows,
			gives: Page[Assessment]{}, handle: (*call).assessments, summary: "Questionnaires that people are asked, and how far they have come"},
		{id: "listResponses", path: "/studies/{study}/responses", scope: survey.ScopeAnswers, params: rows, gives: Page[Response]{},
			handle: (*call).responses, summary: "Answers",
			about: "Also those of questionnaires that were not submitted. Answers in people's own words are not given, but said to be there (missing is in_texts)."},
		{id: "listScores", path: "/studies/{study}/scores", scope: survey.ScopeAnswers, params: rows, gives: Page[Score]{},
			handle: (*call).scores, summary: "Scores of submitted questionnaires"},
		{id: "getTable", path: "/studies/{study}/tables/{table}", scope: survey.ScopeAnswers, media: media, handle: (*call).table,
			params:  []parameter{{name: "format", about: "Of the file.", kind: "string", values: keys, otherwise: "csv"}},
			summary: "A whole table as a file", about: "table is long, wide or scores, or questionnaires for a ZIP archive with a CSV file of each. It is streamed, and noted as an export. It ends with trailers by which a program can tell that it is whole: Tidemark-Bytes, Tidemark-Rows of CSV, and Repr-Digest with the SHA-256."},
		{id: "listSnapshots", path: "/studies/{study}/snapshots", scope: survey.ScopeAnswers, gives: Page[Snapshot]{}, handle: (*call).snapshots,
			summary: "Frozen data"},
		{id: "getSnapshot", path: "/studies/{study}/snapshots/{number}", scope: survey.ScopeAnswers, gives: Snapshot{}, handle: (*call).snapshot,
			summary: "What is known of a snapshot"},
		{id: "getSnapshotBundle", path: "/studies/{study}/snapshots/{number}/bundle", scope: survey.ScopeAnswers, media: []string{"application/zip"},
			handle: (*call).bundle, summary: "Everything made of a snapshot, as a ZIP archive", about: "410 when its content was removed."},
	}
}

// pathParameters say what the parts of addresses are.
func pathParameters() map[string]string {
	return map[string]string{
		"study": "Short name of the study.", "run": "Identifier of the course run.", "participant": "Code of the person.",
		"table": "long, wide or scores.", "number": "Number of the snapshot.",
	}
}
