package backup

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// signature signs requests to storage, as AWS Signature Version 4 says
// (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
type signature struct{ key, secret, session, region string }

const signedTime = "20060102T150405Z"

// sign adds the headers that show who asks. The hash of the content is in its header
// already.
func (s signature) sign(r *http.Request, now time.Time) {
	now = now.UTC()
	r.Header.Set("X-Amz-Date", now.Format(signedTime))
	if s.session != "" {
		r.Header.Set("X-Amz-Security-Token", s.session)
	}
	headers := map[string]string{"host": r.URL.Host}
	names := []string{"host"}
	for name, values := range r.Header {
		if name = strings.ToLower(name); strings.HasPrefix(name, "x-amz-") {
			headers[name] = strings.TrimSpace(values[0])
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var lines strings.Builder
	for _, name := range names {
		lines.WriteString(name + ":" + headers[name] + "\n")
	}
	signed := strings.Join(names, ";")
	request := strings.Join([]string{
		r.Method, escapedPath(r.URL), escapedQuery(r.URL), lines.String(), signed, r.Header.Get("X-Amz-Content-Sha256"),
	}, "\n")
	day := now.Format("20060102")
	scope := day + "/" + s.region + "/s3/aws4_request"
	hash := sha256.Sum256([]byte(request))
	text := "AWS4-HMAC-SHA256\n" + now.Format(signedTime) + "\n" + scope + "\n" + hex.EncodeToString(hash[:])
	key := []byte("AWS4" + s.secret)
	for _, part := range []string{day, s.region, "s3", "aws4_request"} {
		key = keyed(key, part)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+s.key+"/"+scope+", SignedHeaders="+signed+
		", Signature="+hex.EncodeToString(keyed(key, text)))
}

func keyed(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// escapedPath escapes all but letters, digits and -._~ between slashes.
func escapedPath(u *url.URL) string {
	parts := strings.Split(u.Path, "/")
	for i, part := range parts {
		parts[i] = escaped(part)
	}
	return strings.Join(parts, "/")
}

func escapedQuery(u *url.URL) string {
	var parts []string
	for name, values := range u.Query() {
		for _, value := range values {
			parts = append(parts, escaped(name)+"="+escaped(value))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, "&")
}

// escaped is as QueryEscape, which writes a space as +.
func escaped(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
