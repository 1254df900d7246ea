package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// who asks. The facilitator of "one run" has no other.
type who string

const (
	anonymous   who = "anonymous"
	participant who = "participant"
	admin       who = "administrator"
	researcher  who = "researcher"
	leader      who = "facilitator of the study"
	oneRun      who = "facilitator of one run"
	lead        who = "lead of the study"
	manager     who = "data manager of the study"
	auditor     who = "auditor of the study"
	trailReader who = "auditor of the installation"
	outsider    who = "researcher and facilitator of another study"
)

// target is what an address names.
type target struct {
	name  string
	study string // own, other, unknown
	run   string // own, second, other, unknown
	user  bool   // is there
}

// access says who may: which status each asker gets for each target.
type access func(w who, t target) int

const (
	gone = http.StatusNotFound
	no   = http.StatusForbidden
	yes  = 0 // the route's own status of success
)

// knows reports whether an asker has anything to do with the study.
func knows(w who, t target) bool {
	switch t.study {
	case "own":
		return w != outsider && w != auditor && w != trailReader
	case "other":
		return w == outsider || w == admin
	}
	return false
}

func anyStaff(who, target) int { return yes }

func keepsLibrary(w who, _ target) int {
	if w == admin || w == researcher || w == lead || w == outsider {
		return yes
	}
	return no
}

// keepsCourses: whoever starts course runs or plans studies.
func keepsCourses(w who, t target) int {
	if w == leader {
		return yes
	}
	return keepsLibrary(w, t)
}

func onlyAdmin(w who, t target) int {
	switch {
	case w != admin:
		return no
	case t.study == "unknown" || t.name == "unknown user":
		return gone
	}
	return yes
}

// opensStudies: a study one has nothing to do with does not exist.
func opensStudies(w who, t target) int {
	if !knows(w, t) {
		return gone
	}
	if w == lead {
		return yes
	}
	return onlyAdmin(w, t)
}

func inStudy(w who, t target) int {
	if !knows(w, t) {
		return gone
	}
	return yes
}

func listsRuns(w who, t target) int {
	switch {
	case !knows(w, t):
		return gone
	case w == leader || w == oneRun || w == outsider || w == manager:
		return yes
	}
	return no
}

func startsRuns(w who, t target) int {
	if listsRuns(w, t) == yes && (w == oneRun || w == manager) {
		return no
	}
	return listsRuns(w, t)
}

func analyses(w who, t target) int {
	switch {
	case !knows(w, t):
		return gone
	case w == researcher || w == lead || w == outsider:
		return yes
	}
	return no
}

// writesTexts: researchers of the study, and administrators.
func writesTexts(w who, t target) int {
	if w == admin && t.study != "unknown" {
		return yes
	}
	return analyses(w, t)
}

// declares: researchers of the study, and administrators.
func declares(w who, t target) int {
	if knows(w, t) && w == admin {
		return yes
	}
	return analyses(w, t)
}

// setsHooks: to whoever does no research in the study there are no webhooks.
func setsHooks(w who, t target) int {
	if analyses(w, t) == yes {
		return yes
	}
	return gone
}

// seesHooks: administrators too.
func seesHooks(w who, t target) int {
	if knows(w, t) && w == admin {
		return yes
	}
	return setsHooks(w, t)
}

// leads: to whoever may not manage a run it does not exist.
func leads(w who, t target) int {
	switch {
	case t.study == "own" && t.run == "own" && (w == leader || w == oneRun),
		t.study == "own" && t.run == "second" && w == leader,
		t.study == "other" && t.run == "other" && w == outsider:
		return yes
	}
	return gone
}

// leadsOrAnalyses: facilitators of the run, and researchers of the study.
func leadsOrAnalyses(w who, t target) int {
	if t.study == "own" && (t.run == "own" || t.run == "second") && (w == researcher || w == lead) {
		return yes
	}
	return leads(w, t)
}

// staffRoute is one line of the table of rights.
type staffRoute struct {
	access access
	status int // of success
	form   func(n int) url.Values
}

func noForm(int) url.Values { return url.Values{} }

func staffRoutes() map[string]staffRoute {
	const study, run, user = "/studies/:study", "/studies/:study/runs/:run", "/admin/users/:user"
	return map[string]staffRoute{
		"GET /account":           {anyStaff, 200, nil},
		"POST /account/password": {anyStaff, 422, noForm}, // an empty password
		// staff_factor_test.go goes through these.
		"POST /account/sign-ins/:signin/end":     {anyStaff, 404, noForm}, // no such sign-in
		"POST /account/sign-ins/others/end":      {anyStaff, 303, noForm},
		"POST /account/passkeys/begin":           {anyStaff, 404, noForm}, // none at this address
		"POST /account/passkeys/finish":          {anyStaff, 404, noForm},
		"POST /account/passkeys/:passkey/remove": {anyStaff, 404, noForm}, // no such passkey
		"GET /account/factor":                    {anyStaff, 200, nil},
		"POST /account/factor/begin":             {anyStaff, 303, noForm},
		"POST /account/factor/confirm":           {anyStaff, 422, noForm},
		"POST /account/factor/recovery":          {anyStaff, 409, noForm},
		"POST /account/factor/remove":            {anyStaff, 409, noForm},
		"GET /account/calendar":                  {anyStaff, 200, nil},
		"POST /account/calendar": {func(w who, _ target) int {
			if w == leader || w == oneRun || w == outsider {
				return yes
			}
			return gone
		}, 200, noForm},
		"POST /account/calendar/end":   {anyStaff, 303, noForm},
		"GET " + run + "/meetings.ics": {leads, 200, nil},
		"GET /studies":                 {anyStaff, 200, nil},
		"GET " + study:                 {inStudy, 200, nil},

		"GET " + study + "/texts/:language":  {writesTexts, 200, nil},
		"POST " + study + "/texts/:language": {writesTexts, 303, func(n int) url.Values { return url.Values{"title": {fmt.Sprint("Titel ", n)}} }},

		"GET " + study + "/waves":       {inStudy, 200, nil},
		"GET " + study + "/waves/:wave": {declares, 200, nil},
		// The studies of this test are open: occasions stay as they are.
		"GET " + study + "/waves/:wave/another":  {declares, 409, nil},
		"POST " + study + "/waves/:wave/another": {declares, 409, noForm},
		"POST " + study + "/waves/:wave/remove":  {declares, 409, noForm},
		"POST " + study + "/waves/:wave": {declares, 303, func(n int) url.Values {
			return url.Values{"name": {fmt.Sprint("Before ", n)}, "short_name": {"Pre"}, "kind": {"pre"}, "anchor": {"start"}, "opens_day": {"-14"}, "closes_day": {"2"}, "late_days": {"7"}}
		}},
		"GET " + study + "/runs":    {listsRuns, 200, nil},
		"GET " + study + "/new-run": {startsRuns, 200, nil},
		"POST " + study + "/runs": {startsRuns, 303, func(n int) url.Values {
			return url.Values{
				"name": {fmt.Sprint("Run ", n)}, "course": {"learning_from_setbacks_8"}, "starts_on": {"2027-02-01"},
				"meeting_time": {"18:00"}, "time_zone": {"UTC"},
			}
		}},
		"GET " + run:                 {leads, 200, nil},
		"GET " + run + "/table":      {leads, 200, nil},
		"GET " + run + "/setup":      {leads, 200, nil},
		"POST " + run + "/rehearsal": {leads, 303, noForm},
		"GET " + run + "/details":    {leads, 200, nil},
		"POST " + run + "/details": {leads, 303, func(n int) url.Values {
			return url.Values{"name": {fmt.Sprint("Group ", n)}, "meeting_time": {"18:30"}, "time_zone": {worldZone}}
		}},
		"GET " + run + "/rehearsal":              {leads, 200, nil},
		"GET " + run + "/brief":                  {leads, 200, nil},
		"POST " + run + "/move":                  {leads, 303, func(int) url.Values { return url.Values{"starts_on": {courseStart}} }},
		"GET " + run + "/calendar":               {leads, 200, nil},
		"POST " + run + "/calendar":              {leads, 303, func(int) url.Values { return url.Values{"kind": {"start"}, "starts_on": {courseStart}} }},
		"GET " + run + "/people":                 {leads, 200, nil},
		"GET " + run + "/people/list":            {leads, 200, nil},
		"GET " + run + "/entry":                  {leads, 200, nil},
		"POST " + run + "/entry":                 {leads, 303, func(int) url.Values { return url.Values{"allowed": {"1"}, "ask_email": {"no"}} }},
		"GET " + run + "/entry/poster":           {leads, 303, nil},
		"POST " + run + "/entry/waiting/:ticket": {leads, 409, func(int) url.Values { return url.Values{} }},
		"POST " + run + "/people/list":           {leads, 200, func(n int) url.Values { return url.Values{"list": {numbered(n)}} }},
		"GET " + run + "/events":                 {leads, 200, nil},
		"POST " + run + "/people": {leads, 303, func(n int) url.Values {
			return url.Values{"people": {numbered(n)}}
		}},
		"POST " + run + "/people/remove":     {leads, 303, func(int) url.Values { return url.Values{"person": {"x"}} }},
		"GET " + run + "/crossover":          {leadsOrAnalyses, 200, nil},
		"POST " + run + "/crossover":         {leadsOrAnalyses, 422, noForm}, // to no run
		"POST " + run + "/links":             {leads, 200, noForm},
		"GET " + run + "/meetings/:meeting":  {leads, 200, nil},
		"POST " + run + "/meetings/:meeting": {leads, 303, noForm},

		"GET " + run + "/contacts":      {reaches, 200, nil},
		"GET " + run + "/people/:code":  {reaches, 404, nil}, // nobody has the code; messages_test.go tries one
		"POST " + run + "/people/:code": {reaches, 404, noForm},

		"GET " + study + "/members":             {givesRoles, 200, nil},
		"POST " + study + "/members":            {givesRoles, 422, noForm}, // to nobody; staff_members_test.go gives some
		"POST " + study + "/members/:user/take": {givesRoles, 422, noForm},

		"GET " + run + "/people/:code/part":      {leads, 404, nil}, // as above; facilitator_person_test.go tries one
		"POST " + run + "/people/:code/part":     {leads, 404, noForm},
		"GET " + run + "/people/:code/transfer":  {leads, 404, nil}, // as above; facilitator_transfer_test.go tries one
		"POST " + run + "/people/:code/transfer": {leads, 404, noForm},

		"GET " + run + "/late":  {leads, 200, nil},
		"POST " + run + "/late": {leads, 303, noForm},

		"GET " + study + "/messages":                        {inStudy, 200, nil},
		"POST " + study + "/messages":                       {writesTexts, 422, noForm},
		"GET " + study + "/messages/texts/:kind/:language":  {inStudy, 404, nil}, // no such kind
		"POST " + study + "/messages/texts/:kind/:language": {writesTexts, 404, func(int) url.Values { return url.Values{"do": {"save"}} }},
		"GET " + study + "/messages/people":                 {inStudy, 404, nil}, // no code
		"GET " + study + "/messages/people/:code":           {inStudy, 404, nil},
		"POST " + study + "/messages/log":                   {analyses, 200, noForm},
		"POST " + run + "/meetings/:meeting/tap":            {leads, 400, noForm}, // is no form
		"GET " + run + "/meetings/:meeting/live":            {leads, 200, nil},
		"GET " + run + "/meetings/:meeting/projector":       {leads, 200, nil},
		"GET " + run + "/meetings/:meeting/handout":         {leads, 200, nil},

		"GET " + study + "/consent":       {inStudy, 200, nil},
		"GET " + study + "/consent/begin": {writesTexts, 422, nil}, // without a language
		"POST " + study + "/consent/publish": {writesTexts, 409, func(int) url.Values {
			return url.Values{"version": {"9"}, "final": {"1"}}
		}},
		"GET " + study + "/consent/:version/:language":          {inStudy, 200, nil},
		"GET " + study + "/consent/:version/:language/edit":     {writesTexts, 409, nil}, // it is published
		"POST " + study + "/consent/:version/:language":         {writesTexts, 409, func(int) url.Values { return url.Values{"revision": {"0"}} }},
		"POST " + study + "/consent/:version/:language/discard": {writesTexts, 409, func(int) url.Values { return url.Values{"revision": {"1"}} }},

		"GET " + study + "/tokens": {inStudy, 200, nil},
		"POST " + study + "/tokens": {inStudy, 200, func(n int) url.Values {
			return url.Values{"name": {fmt.Sprint("Script ", n)}, "shape": {"bearer"}, "days": {"90"}}
		}},
		"GET " + study + "/webhooks":              {seesHooks, 200, nil},
		"POST " + study + "/webhooks":             {setsHooks, 422, noForm},
		"GET " + study + "/webhooks/:hook":        {seesHooks, 404, nil}, // staff_webhooks_test.go tries those there are
		"POST " + study + "/webhooks/:hook":       {seesHooks, 404, noForm},
		"POST " + study + "/tokens/:token/revoke": {inStudy, 404, noForm}, // nobody has it; staff_tokens_test.go tries those

		"GET " + study + "/codes":                      {analyses, 200, nil},
		"POST " + study + "/codes":                     {analyses, 422, noForm},
		"GET " + study + "/codes/:first/:second":       {analyses, 404, nil}, // their people get links
		"POST " + study + "/codes/:first/:second":      {analyses, 404, noForm},
		"POST " + study + "/codes/decisions/:decision": {analyses, 422, noForm},
		"GET " + study + "/allocation":                 {inStudy, 200, nil},
		"POST " + study + "/allocation":                {analyses, 409, noForm}, // both are open already
		"GET " + study + "/retention":                  {declares, 200, nil},
		"POST " + study + "/retention":                 {onlyAdminOf, 409, noForm}, // nothing was read before
		"POST " + study + "/retention/hold":            {onlyAdminOf, 422, noForm}, // no reason
		"POST " + study + "/allocation/file":           {declares, 409, noForm},    // none is closed
		"POST " + study + "/close":                     {declares, 422, noForm},    // nobody is sure

		"GET " + study + "/data":                     {analyses, 200, nil},
		"POST " + study + "/data/:what":              {analyses, 200, noForm},
		"GET " + study + "/corrections":              {analyses, 200, nil},
		"GET " + study + "/corrections/:assessment":  {analyses, 404, nil},
		"POST " + study + "/corrections/:assessment": {analyses, 404, noForm},

		"POST " + study + "/erasures/:enrolment/cleared": {analyses, 303, noForm},

		"POST " + study + "/feedback": {analyses, 303, func(int) url.Values { return url.Values{"feedback": {"at_end"}} }},

		"GET " + study + "/plan":                          {analyses, 200, nil},
		"GET " + study + "/plan/edit":                     {analyses, 200, nil},
		"POST " + study + "/plan":                         {analyses, 422, noForm},
		"POST " + study + "/plan/file":                    {analyses, 422, noForm},
		"POST " + study + "/plan/lock":                    {analyses, 409, func(int) url.Values { return url.Values{"final": {"1"}} }},
		"POST " + study + "/plan/discard":                 {analyses, 409, noForm},
		"GET " + study + "/plan/:version":                 {analyses, 200, nil},
		"GET " + study + "/plan/:version/plan.json":       {analyses, 200, nil},
		"GET " + study + "/snapshots":                     {analyses, 200, nil},
		"POST " + study + "/snapshots":                    {analyses, 303, func(n int) url.Values { return url.Values{"name": {fmt.Sprint("Snapshot ", n)}} }},
		"GET " + study + "/snapshots/:snapshot":           {analyses, 200, nil},
		"POST " + study + "/snapshots/:snapshot/download": {analyses, 200, noForm},
		"GET " + study + "/files":                         {analyses, 200, nil},
		"POST " + study + "/files":                        {analyses, 303, func(int) url.Values { return url.Values{"file": {"codebook.csv"}} }},
		"GET " + study + "/files/:prepared":               {analyses, 200, nil},
		"GET " + study + "/files/:prepared/content":       {analyses, 200, nil},
		"GET " + study + "/files/:prepared/sha256":        {analyses, 200, nil},
		"POST " + study + "/files/:prepared/remove":       {analyses, 303, noForm},
		"GET " + study + "/others":                        {analyses, 200, nil},
		"POST " + study + "/snapshots/:snapshot/bundle":   {analyses, 200, noForm},
		"POST " + study + "/snapshots/:snapshot/remove":   {analyses, 422, noForm}, // without a reason
		"GET " + study + "/imports":                       {analyses, 200, nil},
		"POST " + study + "/imports":                      {analyses, 415, noForm}, // a form without a file
		"GET " + study + "/imports/:import":               {analyses, 404, nil},    // there is none
		"POST " + study + "/imports/:import":              {analyses, 404, noForm},
		"GET " + study + "/imports/:import/preview":       {analyses, 404, nil},
		"POST " + study + "/imports/:import/apply":        {analyses, 404, noForm},
		"POST " + study + "/imports/:import/discard":      {analyses, 404, noForm},
		"POST " + study + "/imports/:import/undo":         {analyses, 404, noForm},
		"GET " + study + "/paper":                         {analyses, 200, nil},
		"POST " + study + "/paper":                        {analyses, 422, noForm}, // of nobody

		"GET " + study + "/results":        {analyses, 200, nil},
		"GET " + study + "/results/:table": {analyses, 200, nil},

		"GET " + study + "/report":       {analyses, 200, nil},
		"GET " + study + "/power":        {analyses, 200, nil},
		"GET " + study + "/report/:file": {analyses, 200, nil},

		"GET " + study + "/safety":  {declares, 200, nil},
		"POST " + study + "/safety": {declares, 422, noForm}, // says nothing
		// Nobody is named in these studies; alerts_test.go tries those who are.
		"GET " + study + "/alerts":               {unnamed, 200, nil},
		"POST " + study + "/alerts/:alert":       {unnamed, 303, noForm},
		"POST " + study + "/alerts/:alert/steps": {unnamed, 303, noForm},
		"GET /instruments":                       {keepsLibrary, 200, nil},
		"GET /instruments/new":                   {keepsLibrary, 200, nil},
		"POST /instruments/new":                  {keepsLibrary, 422, noForm},

		"POST " + uploadPath:                {keepsLibrary, 415, noForm}, // a form without a file
		"POST " + importPath:                {keepsLibrary, 400, noForm},
		"GET /instruments/:key/files":       {keepsLibrary, 200, nil},
		"GET /instruments/:key/files/:file": {keepsLibrary, 200, nil},

		"GET /drafts":                            {keepsLibrary, 303, nil},
		"POST /drafts":                           {keepsLibrary, 303, func(n int) url.Values { return url.Values{"title": {fmt.Sprint("Draft ", n)}} }},
		"GET /drafts/:draft":                     {keepsLibrary, 200, nil},
		"POST /drafts/:draft":                    {keepsLibrary, 400, noForm}, // does nothing
		"GET /drafts/:draft/item/:item":          {keepsLibrary, 200, nil},
		"POST /drafts/:draft/item/:item":         {keepsLibrary, 400, noForm}, // of no revision
		"POST /drafts/:draft/item/:item/look":    {keepsLibrary, 200, noForm},
		"GET /drafts/:draft/about":               {keepsLibrary, 200, nil},
		"POST /drafts/:draft/about":              {keepsLibrary, 400, noForm},
		"GET /drafts/:draft/page/:page":          {keepsLibrary, 200, nil},
		"POST /drafts/:draft/page/:page":         {keepsLibrary, 400, noForm},
		"GET /drafts/:draft/answers/:set":        {keepsLibrary, 200, nil},
		"POST /drafts/:draft/answers/:set":       {keepsLibrary, 400, noForm},
		"GET /drafts/:draft/scale/:scale":        {keepsLibrary, 200, nil},
		"POST /drafts/:draft/scale/:scale":       {keepsLibrary, 400, noForm},
		"GET /drafts/:draft/language/:language":  {keepsLibrary, 200, nil},
		"POST /drafts/:draft/language/:language": {keepsLibrary, 400, noForm},
		"GET /drafts/:draft/example/:example":    {keepsLibrary, 200, nil},
		"POST /drafts/:draft/example/:example":   {keepsLibrary, 400, noForm},
		"GET /drafts/:draft/take":                {keepsLibrary, 200, nil},
		"POST /drafts/:draft/take":               {keepsLibrary, 404, noForm}, // from nothing
		"GET /drafts/:draft/history":             {keepsLibrary, 200, nil},
		"POST /drafts/:draft/history":            {keepsLibrary, 400, noForm},
		"POST /drafts/:draft/discard":            {keepsLibrary, 409, func(int) url.Values { return url.Values{"revision": {"9"}} }},
		"GET /drafts/:draft/publish":             {keepsLibrary, 200, nil},
		"POST /drafts/:draft/publish":            {keepsLibrary, 409, func(int) url.Values { return url.Values{"revision": {"9"}} }},
		"GET /drafts/:draft/preview":             {keepsLibrary, 200, nil},
		"GET /drafts/:draft/preview/page/:page":  {keepsLibrary, 200, nil},
		"POST /drafts/:draft/preview/page/:page": {keepsLibrary, 200, noForm},
		"GET /drafts/:draft/test":                {keepsLibrary, 200, nil},
		"POST /drafts/:draft/test":               {keepsLibrary, 200, noForm},

		"GET /instruments/add/:entry":  {keepsLibrary, 200, nil},
		"POST /instruments/add/:entry": {keepsLibrary, 200, noForm}, // a look at an empty sheet

		"GET /instruments/:key":          {keepsLibrary, 200, nil},
		"GET /instruments/:key/correct":  {keepsLibrary, 404, nil}, // no version is named
		"POST /instruments/:key/correct": {keepsLibrary, 404, noForm},
		"POST /instruments/:key/retire":  {keepsLibrary, 404, noForm},

		"GET " + study + "/questionnaires":          {writesTexts, 200, nil},
		"POST " + study + "/questionnaires":         {writesTexts, 409, noForm}, // both are open already
		"POST " + study + "/questionnaires/replace": {writesTexts, 404, noForm},

		// Of no course that is there: staff_courses_test.go tries those.
		"GET /courses":                                 {keepsCourses, 200, nil},
		"GET " + courseImportPath:                      {keepsCourses, 200, nil},
		"POST " + courseImportPath:                     {keepsCourses, 415, noForm}, // a form without a file
		"GET /courses/:key":                            {keepsCourses, 404, nil},
		"POST /courses/:key/copy":                      {keepsCourses, 404, func(int) url.Values { return url.Values{"title": {"Mine"}} }},
		"POST /courses/:key/retire":                    {keepsCourses, 404, noForm},
		"GET /courses/:key/versions/:version":          {keepsCourses, 404, nil},
		"GET /courses/:key/versions/:version/:file":    {keepsCourses, 404, nil},
		"POST /courses/:key/draft":                     {keepsCourses, 404, noForm},
		"GET /courses/:key/draft":                      {keepsCourses, 404, nil},
		"GET /courses/:key/draft/about":                {keepsCourses, 404, nil},
		"POST /courses/:key/draft/about":               {keepsCourses, 404, noForm},
		"POST /courses/:key/draft/weeks":               {keepsCourses, 404, noForm},
		"GET /courses/:key/draft/weeks/:week":          {keepsCourses, 404, nil},
		"POST /courses/:key/draft/weeks/:week":         {keepsCourses, 404, noForm},
		"POST /courses/:key/draft/languages":           {keepsCourses, 404, noForm},
		"GET /courses/:key/draft/languages/:language":  {keepsCourses, 404, nil},
		"POST /courses/:key/draft/languages/:language": {keepsCourses, 404, noForm},
		"POST /courses/:key/draft/publish":             {keepsCourses, 404, noForm},
		"POST /courses/:key/draft/discard":             {keepsCourses, 404, noForm},

		"GET /admin":        {onlyAdmin, 200, nil},
		"GET /admin/status": {onlyAdmin, 200, nil},
		"POST /admin/status/read-only": {onlyAdmin, 303, func(int) url.Values {
			return url.Values{"read_only": {"off"}}
		}},
		"GET /admin/audit":         {audits, 200, nil},
		"POST /admin/audit/check":  {checks, 200, noForm},
		"POST /admin/audit/export": {audits, 200, func(int) url.Values { return url.Values{"format": {"jsonl"}} }},
		"POST /admin/users": {onlyAdmin, 303, func(n int) url.Values {
			return url.Values{"email": {numbered(n)}, "role": {"administrator"}}
		}},
		"POST " + user + "/invite":       {onlyAdmin, 200, noForm},
		"POST " + user + "/grant":        {onlyAdmin, 303, func(int) url.Values { return url.Values{"role": {"administrator"}} }},
		"POST " + user + "/take":         {onlyAdmin, 404, func(int) url.Values { return url.Values{"grant": {"auditor"}} }}, // has it not
		"POST " + user + "/disable":      {onlyAdmin, 303, noForm},
		"POST " + user + "/unlink":       {onlyAdmin, 404, noForm}, // is linked to nobody
		"POST " + user + "/reopen":       {onlyAdmin, 409, noForm}, // is not closed
		"POST " + user + "/factor/reset": {onlyAdmin, 409, noForm}, // has none
		"POST /admin/studies": {onlyAdmin, 303, func(n int) url.Values {
			return url.Values{"protocol": {"learning_from_setbacks_8"}, "key": {fmt.Sprint("made-", n)}}
		}},
		"POST /admin/studies/:study/open": {opensStudies, 409, noForm}, // both are open already
	}
}

// elsewhere are the routes that other tests hold to who may use them.
func elsewhere(route string) bool {
	_, path, _ := strings.Cut(route, " ")
	for _, prefix := range []string{"/p/", "/join/", "/waiting/", "/me", "/static/", "/sign-in", "/api/"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	switch path {
	case "/", "/help", "/link/lost", "/code", "/healthz", "/livez", "/readyz", "/offline", "/service-worker.js", "/language", "/erased/:receipt", "/calendar/:file", "/sign-out",
		"/letters/stop/:token":
		return true
	}
	return false
}

// asker is somebody at a device; every request of theirs gets a form of its own.
type asker struct {
	who
	device *device
}

func TestEveryRouteKnowsWhoMayUseIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	other, otherRun := w.secondStudy()
	second := w.addRun(w.study, "Second run")
	for _, study := range []survey.Study{w.study, other} {
		w.plan(study)
		w.freeze(study)
	}
	prepared := w.preparedIn(map[string]survey.Study{"own": w.study, "other": other})
	grant := func(role survey.Role, study survey.StudyID, run survey.RunID) survey.Grant {
		return survey.Grant{Role: role, StudyID: study, RunID: run}
	}
	person, _ := w.arrive(t, 0)
	askers := []asker{
		{anonymous, w.device(t)},
		{participant, person},
		{admin, w.signedIn(t, "admin@example.org", administrator())},
		{researcher, w.signedIn(t, "researcher@example.org", w.researcher())},
		{leader, w.signedIn(t, "leader@example.org", w.facilitator())},
		{oneRun, w.signedIn(t, "one-run@example.org", grant(survey.RoleFacilitator, w.study.ID, w.run.ID))},
		{lead, w.signedIn(t, "lead@example.org", grant(survey.RoleLead, w.study.ID, ""))},
		{manager, w.signedIn(t, "manager@example.org", grant(survey.RoleDataManager, w.study.ID, ""))},
		{auditor, w.signedIn(t, "auditor@example.org", grant(survey.RoleAuditor, w.study.ID, ""))},
		{trailReader, w.signedIn(t, "trail@example.org", grant(survey.RoleAuditor, "", ""))},
		{outsider, w.signedIn(t, "outsider@example.org",
			grant(survey.RoleResearcher, other.ID, ""), grant(survey.RoleFacilitator, other.ID, ""))},
	}
	studies := map[string]string{"own": w.study.Key, "other": other.Key, "unknown": "no-such-study"}
	runs := map[string]string{
		"own": string(w.run.ID), "second": string(second.ID), "other": string(otherRun.ID),
		"unknown": "01a16d27-fe60-7000-b9c2-67789015aa51",
	}
	draft, err := w.cases.Drafts.Begin(t.Context(), survey.SystemActor("test"), survey.NewDraft{From: "resilience"})
	w.must(err)
	table, seen := staffRoutes(), map[string]bool{}
	n := 0
	for _, r := range w.site.engine.Routes() {
		route := r.Method + " " + r.Path
		if r.Method == http.MethodHead {
			if _, known := table["GET "+r.Path]; !known && !elsewhere(route) {
				t.Errorf("%s is not in the table of rights", route)
			}
			continue
		}
		right, known := table[route]
		if !known {
			if !elsewhere(route) {
				t.Errorf("%s is not in the table of rights", route)
			}
			continue
		}
		for _, aim := range targets(r.Path) {
			for _, a := range askers {
				n++
				user := "no-such-user"
				if aim.user {
					user = string(w.account(fmt.Sprintf("target-%d@example.org", n)).ID)
				}
				path := strings.NewReplacer(":prepared", prepared(aim.study, r.Path), ":study", studies[aim.study], ":run", runs[aim.run], ":user", user,
					":meeting", "1", ":wave", "pre", ":what", "long", ":language", "de", ":entry", "brs-6", ":key", "resilience", ":version", "1", ":snapshot", "1", ":table", "flow.csv", ":file", fileOf(r.Path), ":draft", string(draft.ID), ":item", newPart, ":page", "1", ":set", forAll, ":scale", newPart, ":example", newPart).Replace(r.Path)
				checkAccess(t, w, a, aim, right, r.Method, path, n)
			}
		}
		seen[route] = true
	}
	for route := range table {
		if !seen[route] {
			t.Errorf("%s is in the table and not among the routes", route)
		}
	}
	if n < 400 {
		t.Errorf("only %d requests were made", n)
	}
}

// fileOf is a file that an address can name.
func fileOf(route string) string {
	if strings.HasPrefix(route, "/instruments") {
		d, err := instrument.BuiltinByKey("resilience")
		if err != nil {
			return err.Error()
		}
		return d.Version + ".redcap.csv"
	}
	return "report.json"
}
