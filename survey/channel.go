package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Channel is a way by which messages reach a person.
type Channel string

// The channels. Whoever has chosen none gets letters, or what else can be sent where
// no letter can.
const (
	ChannelAny   Channel = ""
	ChannelEmail Channel = "email"
	ChannelSMS   Channel = "sms"
	ChannelPush  Channel = "push"
)

// Valid reports whether c is one that can be chosen.
func (c Channel) Valid() bool { return c == ChannelEmail || c == ChannelSMS || c == ChannelPush }

// maxPush is the longest address at a push service, in bytes.
const maxPush = 300

// of is the channel that a message takes: the one that was chosen, if it leads
// anywhere, or else the first that does; ChannelAny: none does.
func (c Channel) of(a Contact) Channel {
	leads := map[Channel]bool{ChannelEmail: a.Email != "" && a.BouncedAt.IsZero(), ChannelSMS: a.Phone != "", ChannelPush: a.Push != ""}
	for _, way := range []Channel{c, ChannelEmail, ChannelSMS, ChannelPush} {
		if leads[way] {
			return way
		}
	}
	return ChannelAny
}

// Reach is how messages reach a person, as much as whoever holds their link may see.
type Reach struct {
	// Known: something is stored by which the person is reached. Of others nothing is
	// asked, so that a study that knows nobody goes on knowing nobody.
	Known bool
	// Chosen is what the person has said, and Used what is used.
	Chosen, Used       Channel
	MaskedEmail, Phone string // the number with its last digits alone
	Push               bool   // an address is stored
}

func reachOf(c Contact) Reach {
	r := Reach{Known: c.ParticipantID != "", Chosen: c.Channel, Used: c.Channel.of(c), MaskedEmail: maskEmail(c.Email), Push: c.Push != ""}
	if n := len(c.Phone); n > 2 {
		r.Phone = "•••" + c.Phone[n-2:]
	}
	return r
}

// ChooseChannel notes by which way the person wants messages, and where that leads: a
// number or an address at a push service, or nothing for the one that is stored.
// Whoever goes back from push takes their address there along. Faults are FieldErrors
// by "channel", "phone" and "push".
func (u *OwnData) ChooseChannel(ctx context.Context, a Actor, chosen Channel, phone, push string) error {
	if a.Kind != ActorParticipant {
		return ErrForbidden
	}
	p, now := a.Participation, u.env.now()
	event := u.env.event(a, p.Study.ID, now, ActionContactChanged, "enrolment", string(p.Enrolment.ID))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if there, err := tx.HoldPart(ctx, p.Study.ID, p.Enrolment.ID); err != nil || !there {
			return errors.Join(err, ErrWithdrawn)
		}
		c, err := tx.Contact(ctx, p.Study.ID, p.Enrolment.ParticipantID)
		if err != nil { // nothing is known by which to reach them
			return err
		}
		before := c
		if err := c.choose(chosen, phone, push); err != nil || c == before {
			return err
		}
		if err := tx.PutContact(ctx, c); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("choose a channel: %w", err)
	}
	return nil
}

// choose changes a contact, or says why it cannot.
func (c *Contact) choose(chosen Channel, phone, push string) error {
	phone, push = strings.TrimSpace(phone), strings.TrimSpace(push)
	switch chosen {
	case ChannelEmail:
		if c.Email == "" {
			return FieldErrors{"channel": "mydata.fault_channel"}
		}
	case ChannelSMS:
		if phone != "" {
			number, ok := PhoneOf(phone)
			if !ok {
				return FieldErrors{"phone": "mydata.fault_phone"}
			}
			c.Phone = number
		}
		if c.Phone == "" {
			return FieldErrors{"phone": "mydata.fault_no_phone"}
		}
	case ChannelPush:
		if push != "" {
			if len(push) > maxPush || !utf8.ValidString(push) || strings.ContainsAny(push, " \t\r\n\x00") {
				return FieldErrors{"push": "mydata.fault_push"}
			}
			c.Push = push
		}
		if c.Push == "" {
			return FieldErrors{"push": "mydata.fault_no_push"}
		}
	default:
		return FieldErrors{"channel": "mydata.fault_channel"}
	}
	if c.Channel = chosen; chosen != ChannelPush {
		c.Push = ""
	}
	return nil
}
