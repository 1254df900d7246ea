package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// timeZones are those to choose from: one for each clock that many people live by.
var timeZones = []string{
	"Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi",
	"America/Anchorage", "America/Argentina/Buenos_Aires", "America/Bogota", "America/Caracas", "America/Chicago", "America/Denver",
	"America/Guatemala", "America/Halifax", "America/Havana", "America/La_Paz", "America/Lima", "America/Los_Angeles", "America/Mexico_City",
	"America/Montevideo", "America/New_York", "America/Phoenix", "America/Santiago", "America/Sao_Paulo", "America/St_Johns",
	"Asia/Bangkok", "Asia/Dhaka", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem", "Asia/Karachi", "Asia/Kolkata",
	"Asia/Manila", "Asia/Riyadh", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tehran", "Asia/Tokyo",
	"Atlantic/Azores", "Atlantic/Canary", "Australia/Adelaide", "Australia/Brisbane", "Australia/Darwin", "Australia/Perth", "Australia/Sydney",
	"Europe/Athens", "Europe/Berlin", "Europe/Brussels", "Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon",
	"Europe/London", "Europe/Madrid", "Europe/Moscow", "Europe/Oslo", "Europe/Paris", "Europe/Rome", "Europe/Stockholm", "Europe/Vienna",
	"Europe/Warsaw", "Europe/Zurich", "Pacific/Auckland", "Pacific/Honolulu", "UTC",
}

// zonePart is the choice of a time zone on the page of one's data.
type zonePart struct {
	Zone   string // in use
	Chosen string // by the person; empty: as the device says
	Zones  []string
	Fault  string
}

func newZonePart(p survey.Participation, f ownForm) zonePart {
	z := zonePart{Zone: cmp.Or(p.Enrolment.TimeZone, p.Run.TimeZone), Fault: f.Faults["time_zone"], Zones: slices.Clone(timeZones)}
	if p.Enrolment.ZoneChosen {
		z.Chosen = p.Enrolment.TimeZone
	}
	if z.Chosen != "" && !slices.Contains(z.Zones, z.Chosen) {
		z.Zones = append(z.Zones, z.Chosen)
		slices.Sort(z.Zones)
	}
	return z
}

// setZone notes where the person is: their own choice from a form, or what a script
// has found out by itself, which nobody waits for.
func (s *Server) setZone(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	found := form.Has("found")
	zone := form.Get("time_zone")
	if found {
		zone = form.Get("found")
	}
	err = s.use.Enrolments.SetTimeZone(c.Request.Context(), a, zone, !found)
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		return s.ownData(c, a, http.StatusUnprocessableEntity, ownForm{Values: url.Values{}, Faults: faults})
	}
	if err != nil {
		return err
	}
	if found {
		c.Status(http.StatusNoContent)
		return nil
	}
	return redirect(c, "/me/data#zone")
}

// dateIn is the civil day of an instant in its own zone.
func dateIn(t time.Time) schedule.Date { return schedule.DateOf(t) }
