package http3

import (
	"errors"
	"net/http"
)

// ListenAndServeQUIC is what Gin's RunQUIC calls. It serves nothing.
func ListenAndServeQUIC(_, _, _ string, _ http.Handler) error {
	return errors.New("this program is built without HTTP/3; let a proxy speak it")
}
