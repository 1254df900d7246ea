package survey

import (
	"context"
	"fmt"
	"time"
)

// isZone reports whether a name is one of a time zone that this machine knows.
func isZone(name string) bool {
	if name == "" || name == "Local" || len(name) > 64 {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

// SetTimeZone notes where the person is, so that they are not written to at night.
// What a browser says (chosen false) never replaces what they have chosen; that it
// says something unknown is no fault. Choosing nothing goes back to what the browser
// says, or else to the zone of the run.
func (u *Enrolments) SetTimeZone(ctx context.Context, a Actor, zone string, chosen bool) error {
	p := a.Participation
	e := p.Enrolment
	switch {
	case a.Kind != ActorParticipant:
		return ErrForbidden
	case !isZone(zone) && !(chosen && zone == ""):
		if chosen {
			return FieldErrors{"time_zone": "mydata.fault_zone"}
		}
		return nil
	case zone == e.TimeZone && chosen == e.ZoneChosen, !chosen && e.ZoneChosen:
		return nil
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		_, err := tx.SetTimeZone(ctx, p.Study.ID, e.ID, zone, chosen)
		return err
	})
	if err != nil {
		return fmt.Errorf("set the time zone: %w", err)
	}
	return nil
}
