package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidemark/survey"
)

// auditChoices fills the lists of the filter, and gives the names of what lines tell of.
func auditChoices(index survey.AuditIndex, p *auditPage) auditNames {
	names := auditNames{map[string]string{}, map[survey.StudyID]string{}}
	p.Who = []choice{{string(survey.ActorParticipant), "participants"}, {string(survey.ActorSystem), "the program"}}
	for _, u := range index.Staff {
		names.people[string(u.ID)] = cmp.Or(u.Name, u.Email)
		p.Who = append(p.Who, choice{string(u.ID), cmp.Or(u.Name, u.Email)})
	}
	if index.Whole {
		p.Studies = []choice{{"", "all"}, {onInstallation, "none: the installation"}}
	}
	for _, st := range index.Studies {
		names.studies[st.ID] = st.Title
		p.Studies = append(p.Studies, choice{st.Key, st.Title})
	}
	for action, words := range allActionWords() {
		p.What = append(p.What, choice{string(action), words})
	}
	slices.SortFunc(p.What, func(a, b choice) int { return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value)) })
	return names
}

// auditFilter reads what is asked for. A study that is not there is an error; what cannot
// be read is a fault at its field.
func auditFilter(index survey.AuditIndex, v url.Values) (survey.AuditFilter, survey.FieldErrors, error) {
	f := survey.AuditFilter{Action: survey.Action(v.Get("what")), ObjectID: strings.TrimSpace(v.Get("object"))}
	faults := survey.FieldErrors{}
	switch key := v.Get("study"); key {
	case "": // the use case narrows it for whoever reads single studies
		if !index.Whole && len(index.Studies) > 0 {
			f.Study = &index.Studies[0].ID
		}
	case onInstallation:
		f.Study = new(survey.StudyID)
	default:
		i := slices.IndexFunc(index.Studies, func(st survey.Study) bool { return st.Key == key })
		if i < 0 {
			return f, nil, survey.ErrNotFound
		}
		f.Study = &index.Studies[i].ID
	}
	switch who := v.Get("who"); who {
	case "", string(survey.ActorParticipant), string(survey.ActorSystem):
		f.ActorKind = survey.ActorKind(who)
	default:
		f.ActorKind, f.ActorID = survey.ActorUser, who
	}
	day := func(field string) (at time.Time) {
		text := strings.TrimSpace(v.Get(field))
		if text == "" {
			return at
		}
		at, err := time.Parse(time.DateOnly, text)
		if err != nil || at.Year() < 1970 {
			faults[field] = "audit.bad_day"
			return time.Time{}
		}
		return at
	}
	f.From = day("from")
	if f.Until = day("to"); !f.Until.IsZero() {
		f.Until = f.Until.AddDate(0, 0, 1)
	}
	if !f.From.IsZero() && !f.Until.IsZero() && !f.From.Before(f.Until) {
		faults["to"] = "audit.day_order"
	}
	if ms, id, ok := strings.Cut(v.Get("before"), "."); ok {
		n, err := strconv.ParseInt(ms, 10, 64)
		if err != nil || n < 0 || n > 1<<47 {
			return f, nil, survey.ErrNotFound
		}
		f.Before = &survey.AuditPlace{At: time.UnixMilli(n).UTC(), ID: survey.AuditID(id)}
	}
	return f, faults, nil
}
