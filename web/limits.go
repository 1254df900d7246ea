package web

import (
	"errors"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// forwardedHeader is where a proxy says for whom it asks.
const forwardedHeader = "X-Forwarded-For"

// staffDeviceLife is how long a browser of staff stays known, from the last signing
// in on.
const staffDeviceLife = 365 * 24 * time.Hour

// staffDevice is no sign-in, but kept by the browser in the same way.
const staffDevice survey.SignInKind = "staff_device"

// client is who asks, for limits alone: the address is neither logged nor stored.
func (s *Server) client(c *gin.Context) survey.Client {
	address, err := netip.ParseAddr(c.ClientIP())
	if err != nil {
		address = netip.Addr{} // counted with all others that have none
	}
	if c.GetHeader(forwardedHeader) != "" && !s.believes(c.RemoteIP()) {
		s.unbelieved.Do(func() {
			s.cfg.Logger.WarnContext(c.Request.Context(),
				"requests come through a proxy that is not named as one: all its people count as one for limits; see --trusted-proxies")
		})
	}
	device, err := c.Cookie(s.cookieName(staffDevice))
	if err != nil {
		device = ""
	}
	return survey.Client{Address: address, Device: device, Browser: browserWords(c.Request.UserAgent())}
}

// believes reports whether an address is one of our proxies.
func (s *Server) believes(address string) bool {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	for _, p := range s.cfg.Proxies {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// tooMany tells how many minutes to wait when something was tried too often, and says
// it in the answer's head too.
func tooMany(c *gin.Context, err error) (minutes int, is bool) {
	fault, ok := errors.AsType[*survey.TooManyError](err)
	if !ok {
		return 0, false
	}
	seconds := int((fault.After + time.Second - 1) / time.Second)
	c.Header("Retry-After", strconv.Itoa(seconds))
	return max(1, (seconds+59)/60), true
}

// waiting is put on a form that was sent too often: it comes back as it was filled in.
type waiting struct {
	Minutes int // 0: no need to wait
}

// status is the status of a form that comes back.
func (w waiting) status(otherwise int) int {
	if w.Minutes > 0 {
		return http.StatusTooManyRequests
	}
	return otherwise
}
