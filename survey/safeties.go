package survey

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Safeties are the use cases of declaring how a study looks after its people.
type Safeties struct{ env Env }

// SafetyBook is what is known of a study's safety, for those who declare it.
type SafetyBook struct {
	Study    Study
	Declared bool
	Safety   Safety
	// Staff are the accounts that can be named, by e-mail.
	Staff []User
	// Risky are the questionnaires of the study with a rule about risk, by
	// title.
	Risky []string
	// Missing is what still has to be declared before the study can open.
	Missing FieldErrors
}

// mayDeclare: researchers of the study, and administrators, who open it.
func mayDeclare(a Actor, study StudyID) error {
	switch {
	case a.MayAnalyse(study) || a.IsAdministrator():
		return nil
	case a.MayKnowStudy(study):
		return ErrForbidden
	}
	return ErrNotFound
}

// Book reads a study's declaration and what is missing from it.
func (u *Safeties) Book(ctx context.Context, a Actor, study StudyID) (SafetyBook, error) {
	if err := mayDeclare(a, study); err != nil {
		return SafetyBook{}, err
	}
	var b SafetyBook
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		var err error
		b, err = safetyBook(ctx, r, study)
		return err
	})
	if err != nil {
		return SafetyBook{}, fmt.Errorf("safety of study %s: %w", study, err)
	}
	return b, nil
}

func safetyBook(ctx context.Context, r Reader, study StudyID) (SafetyBook, error) {
	var b SafetyBook
	design, err := r.Design(ctx, study)
	if err != nil {
		return b, err
	}
	b.Study = design.Study
	for _, w := range design.Waves {
		for _, id := range w.Sets {
			d := design.Instruments[id].Definition
			if asksOfRisk(d) && !contains(b.Risky, d.Title) {
				b.Risky = append(b.Risky, d.Title)
			}
		}
	}
	users, err := r.Users(ctx)
	if err != nil {
		return b, err
	}
	for _, user := range users {
		if user.DisabledAt.IsZero() && hasRoleIn(user, study) {
			b.Staff = append(b.Staff, user)
		}
	}
	b.Safety, err = r.Safety(ctx, study)
	switch {
	case err == nil:
		b.Declared = true
	case errors.Is(err, ErrNotFound):
		b.Safety = Safety{StudyID: study, TimeZone: b.Study.TimeZone, Wording: map[string]string{}}
	default:
		return b, err
	}
	b.Missing = b.missing(b.Safety)
	return b, nil
}

func contains(list []string, s string) bool {
	return slices.Contains(list, s)
}

func hasRoleIn(u User, study StudyID) bool {
	for _, g := range u.Grants {
		if g.StudyID == study {
			return true
		}
	}
	return false
}

// missing is what a declaration lacks for the study to open. A study that asks
// nothing of risk need only say which shape it has.
func (b SafetyBook) missing(s Safety) FieldErrors {
	faults := FieldErrors{}
	if !s.Shape.Valid() {
		faults["shape"] = "safety.no_shape"
		return faults
	}
	if len(b.Risky) == 0 {
		return faults
	}
	if len(s.Resources) == 0 {
		faults["resources"] = "safety.no_resources"
	}
	if s.Shape == SafetyAnonymous {
		return faults
	}
	if !b.canBeNamed(s.Responder) {
		faults["responder"] = "safety.no_responder"
	}
	if !b.canBeNamed(s.Deputy) {
		faults["deputy"] = "safety.no_deputy"
	}
	if s.OfficeHours == "" {
		faults["office_hours"] = "safety.no_hours"
	}
	if s.TimeZone == "" {
		faults["time_zone"] = "time_zone.unknown"
	}
	if s.Window == 0 {
		faults["window"] = "safety.no_window"
	}
	if s.Wording[b.Study.Language] == "" {
		faults[wordingField(b.Study.Language)] = "safety.no_wording"
	}
	return faults
}

// wordingField is the form field of the wording in a language.
func wordingField(language string) string { return "wording_" + language }

func (b SafetyBook) canBeNamed(id UserID) bool {
	for _, u := range b.Staff {
		if u.ID == id {
			return true
		}
	}
	return false
}

var (
	countryForm  = regexp.MustCompile(`^[A-Z]{2}$`)
	languageForm = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$`)
)

// Declare writes what a study declares, in place of the revision that s holds (0:
// nothing was declared). Researchers of the study may, and administrators. A
// draft may lack things; Book says which. Faults are FieldErrors; ErrConflict when
// somebody has changed it meanwhile.
func (u *Safeties) Declare(ctx context.Context, a Actor, s Safety) (Safety, error) {
	if err := mayDeclare(a, s.StudyID); err != nil {
		return Safety{}, err
	}
	s = s.clean()
	now := u.env.now()
	before := s.Revision
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		s.Revision = before
		b, err := safetyBook(ctx, tx, s.StudyID)
		if err != nil {
			return err
		}
		if err := b.check(s).OrNil(); err != nil {
			return err
		}
		if b.Declared && sameSafety(b.Safety, s) { // sent twice
			s = b.Safety
			return nil
		}
		if b.Safety.Revision != before {
			return ErrConflict
		}
		s.Revision, s.DeclaredAt, s.DeclaredBy = before+1, now, a.author()
		ok, err := tx.PutSafety(ctx, s)
		if err != nil {
			return err
		}
		if !ok {
			return ErrConflict
		}
		event := u.env.event(a, s.StudyID, now, ActionSafetyDeclared, "study", string(s.StudyID))
		event.Detail = string(s.Shape) + ", version " + strconv.Itoa(s.Revision)
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		if _, ok := errors.AsType[FieldErrors](err); ok {
			return Safety{}, err
		}
		return Safety{}, fmt.Errorf("declare the safety of study %s: %w", s.StudyID, err)
	}
	return s, nil
}

// sameSafety compares what is declared, not when and by whom.
func sameSafety(a, b Safety) bool {
	a.Revision, a.DeclaredAt, a.DeclaredBy = b.Revision, b.DeclaredAt, b.DeclaredBy
	if len(a.Resources) == 0 && len(b.Resources) == 0 {
		a.Resources, b.Resources = nil, nil
	}
	return reflect.DeepEqual(a, b)
}

// check finds what is wrong with a declaration, and, once the study has opened,
// what it lacks.
func (b SafetyBook) check(s Safety) FieldErrors {
	faults := FieldErrors{}
	if b.Study.State != StudyDraft {
		maps.Copy(faults, b.missing(s))
		if b.Declared && s.Shape != b.Safety.Shape {
			faults["shape"] = "safety.shape_fixed"
		}
	}
	if !s.Shape.Valid() {
		faults["shape"] = "safety.no_shape"
	}
	if s.Responder != "" && !b.canBeNamed(s.Responder) {
		faults["responder"] = "safety.not_staff"
	}
	if s.Deputy != "" && !b.canBeNamed(s.Deputy) {
		faults["deputy"] = "safety.not_staff"
	}
	if s.Deputy != "" && s.Deputy == s.Responder {
		faults["deputy"] = "safety.same_person"
	}
	if s.Window < 0 || s.Window > MaxWindow {
		faults["window"] = "safety.bad_window"
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "Local" {
		faults["time_zone"] = "time_zone.unknown"
	}
	checkText(faults, "office_hours", s.OfficeHours, maxHelpText)
	for language, text := range s.Wording {
		if !languageForm.MatchString(language) {
			faults["shape"] = "error.fields"
			continue
		}
		checkText(faults, wordingField(language), text, maxWording)
	}
	if len(s.Resources) > MaxHelpResources {
		faults["resources"] = "safety.too_many"
	}
	for i, r := range s.Resources {
		if fault := r.fault(); fault != "" {
			faults["resource_"+strconv.Itoa(i+1)] = fault
		}
	}
	return faults
}

// fault is what is wrong with one line of the list, as a message key.
func (r HelpResource) fault() string {
	for _, text := range []string{r.Name, r.Phone, r.Message, r.Web, r.Hours, r.Language} {
		if fault := textFault(text, maxHelpText); fault != "" {
			return fault
		}
	}
	web, err := url.Parse(r.Web)
	switch {
	case !countryForm.MatchString(r.Country):
		return "safety.bad_country"
	case r.Name == "":
		return "safety.no_name"
	case r.Phone == "" && r.Message == "" && r.Web == "":
		return "safety.no_way"
	case r.Phone != "" && !strings.ContainsFunc(r.Phone, unicode.IsDigit):
		return "safety.bad_phone"
	case r.Language != "" && !languageForm.MatchString(r.Language):
		return "safety.bad_language"
	case r.Web != "" && (err != nil || web.Scheme != "https" && web.Scheme != "http" || web.Host == ""):
		return "safety.bad_web"
	}
	return ""
}

// clean trims what was typed and drops what is empty.
func (s Safety) clean() Safety {
	s.OfficeHours, s.TimeZone = strings.TrimSpace(s.OfficeHours), strings.TrimSpace(s.TimeZone)
	wording := map[string]string{}
	for language, text := range s.Wording {
		if text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")); text != "" {
			wording[language] = text
		}
	}
	s.Wording = wording
	var resources []HelpResource
	for _, r := range s.Resources {
		if r = r.clean(); r != (HelpResource{}) {
			resources = append(resources, r)
		}
	}
	s.Resources = resources
	if s.Shape == SafetyAnonymous { // nobody is named who would not be told
		s.Responder, s.Deputy, s.Window, s.OfficeHours = "", "", 0, ""
	}
	return s
}

// For is what the study of a participant declares; a zero Shape when it has
// declared nothing.
func (u *Safeties) For(ctx context.Context, a Actor) (Safety, error) {
	if a.Kind != ActorParticipant {
		return Safety{}, ErrForbidden
	}
	s, err := u.env.Store.Safety(ctx, a.Participation.Study.ID)
	if errors.Is(err, ErrNotFound) {
		return Safety{StudyID: a.Participation.Study.ID}, nil
	}
	if err != nil {
		return Safety{}, fmt.Errorf("help of study %s: %w", a.Participation.Study.ID, err)
	}
	return s, nil
}

// requireSafety is why a study cannot open yet; nil when nothing is missing.
func requireSafety(ctx context.Context, r Reader, study StudyID) error {
	b, err := safetyBook(ctx, r, study)
	if err != nil {
		return err
	}
	return b.Missing.OrNil()
}
