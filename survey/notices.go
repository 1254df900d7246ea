package survey

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Notice says what was done with an account.
type Notice string

// What is told by mail to whoever has the account: what they will have done themselves,
// or somebody else did and should not have.
const (
	NoticePassword   Notice = "password_changed"
	NoticeFactor     Notice = "factor_reset" // by an administrator
	NoticeLink       Notice = "link_made"    // by an administrator, to sign in without a password
	NoticePasskey    Notice = "passkey_added"
	NoticeNewBrowser Notice = "new_browser"
	NoticeProvider   Notice = "provider_linked"
)

// noticeKept is how long a notice that could not be sent is still news.
const noticeKept = 7 * 24 * time.Hour

// notice keeps a letter about an account, to be sent to its address. browser, if there is
// one, is from where it was done.
func (e Env) notice(ctx context.Context, tx Tx, to UserID, what Notice, browser string) error {
	if !e.Rules.Letters {
		return nil
	}
	about := string(what)
	if browser != "" {
		about += " " + browser
	}
	return e.post(ctx, tx, Message{
		Key: "notice " + e.NewID(), Kind: MessageNotice, ToKind: ActorUser, ToID: string(to), About: about,
	}, e.now())
}

// StaffDispatch is a letter about an account.
type StaffDispatch struct {
	Notice  Notice // of a MessageNotice
	Browser string // where it was done, in plain words; may be empty
	At      time.Time
	// Until is when the link of a MessageReset ends. Elsewhere: there is no password to
	// set, since its person signs in by a provider; the letter brings no link.
	Until     time.Time
	Elsewhere bool
}

// dispatchStaff finds whom a letter about an account is for, as they are now. What has
// become needless is errNeedless: the account is closed, the link was used, or it is old.
func (u *Outbox) dispatchStaff(ctx context.Context, d *Dispatch) error {
	m := d.Message
	user, err := u.env.Store.User(ctx, UserID(m.ToID))
	if errors.Is(err, ErrNotFound) || err == nil && !user.DisabledAt.IsZero() {
		return errNeedless
	}
	if err != nil {
		return err
	}
	d.Name, d.Email, d.Language = user.Name, user.Email, "en" // the staff pages' language
	d.Staff = &StaffDispatch{At: m.CreatedAt}
	if m.Kind == MessageReset {
		return u.dispatchReset(ctx, d, user)
	}
	if u.env.now().Sub(m.CreatedAt) >= noticeKept {
		return errNeedless
	}
	what, browser, _ := strings.Cut(m.About, " ")
	d.Staff.Notice, d.Staff.Browser = Notice(what), browser
	return nil
}
