package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// Bucket is a place in storage that speaks S3. The four requests that are needed are
// written here: MinIO's client would make the program larger by a fortieth, and the
// small ones that were looked at list nothing.
type Bucket struct {
	endpoint       *url.URL
	bucket, prefix string
	by             signature
	client         *http.Client
}

const (
	// maxObject is what storage takes in one request.
	maxObject = 5 << 30
	// maxRequests is how often a request is tried.
	maxRequests = 3
	// emptyHash is the SHA-256 of nothing.
	emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// openBucket reads s3://BUCKET/PREFIX?endpoint=…&region=…. Keys come from the
// environment, under the names that other programs know.
func openBucket(text string, env func(string) string) (Place, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return nil, errors.New("write the place as s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION")
	}
	q := u.Query()
	b := &Bucket{bucket: u.Host, prefix: strings.Trim(u.Path, "/"), by: signature{region: q.Get("region")}}
	if b.by.region == "" {
		b.by.region = "us-east-1"
	}
	if b.prefix != "" {
		b.prefix += "/"
	}
	endpoint := q.Get("endpoint")
	if endpoint == "" {
		endpoint = "https://s3." + b.by.region + ".amazonaws.com"
	}
	if b.endpoint, err = url.Parse(endpoint); err != nil || b.endpoint.Host == "" {
		return nil, fmt.Errorf("the endpoint %q is no address, as https://s3.example.org", endpoint)
	}
	b.by.key, b.by.secret, b.by.session = env("AWS_ACCESS_KEY_ID"), env("AWS_SECRET_ACCESS_KEY"), env("AWS_SESSION_TOKEN")
	if b.by.key == "" || b.by.secret == "" {
		return nil, errors.New("the keys of the storage are missing: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment")
	}
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, fmt.Errorf("%T is no transport", http.DefaultTransport)
	}
	transport = transport.Clone()
	transport.ResponseHeaderTimeout = 5 * time.Minute
	b.client = &http.Client{Transport: transport}
	return b, nil
}

// String names the bucket.
func (b *Bucket) String() string {
	return "s3://" + b.bucket + "/" + b.prefix + " at " + b.endpoint.Host
}

// request asks once. The body, if any, is read from its beginning.
func (b *Bucket) request(ctx context.Context, method, object string, query url.Values, body io.ReadSeeker, size int64, hash string) (*http.Response, error) {
	u := *b.endpoint
	u.Path = strings.TrimSuffix(u.Path, "/") + "/" + b.bucket
	if object != "" {
		u.Path += "/" + b.prefix + object
	}
	u.RawQuery = query.Encode()
	var content io.Reader
	if body != nil {
		if _, err := body.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		content = io.NopCloser(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), content)
	if err != nil {
		return nil, err
	}
	r.ContentLength = size
	r.Header.Set("X-Amz-Content-Sha256", hash)
	b.by.sign(r, time.Now())
	return b.client.Do(r)
}

// do asks, again where the storage or the way to it may be at fault, and returns what
// is not an answer of the wanted status as an error.
func (b *Bucket) do(ctx context.Context, method, object string, query url.Values, body io.ReadSeeker, size int64, hash string, wanted ...int) (*http.Response, error) {
	for try := 1; ; try++ {
		response, err := b.request(ctx, method, object, query, body, size, hash)
		if err == nil {
			if slices.Contains(wanted, response.StatusCode) {
				return response, nil
			}
			err = refused(response)
			if response.StatusCode < 500 && response.StatusCode != http.StatusTooManyRequests {
				return nil, fmt.Errorf("%s: %w", b, err)
			}
		}
		if try == maxRequests || ctx.Err() != nil {
			return nil, fmt.Errorf("%s: %w", b, err)
		}
		select {
		case <-time.After(time.Duration(try) * time.Second):
		case <-ctx.Done():
		}
	}
}

// refused reads why.
func refused(r *http.Response) error {
	defer r.Body.Close()
	if r.StatusCode == http.StatusNotFound && r.Request.Method == http.MethodGet && r.Request.URL.RawQuery == "" {
		return ErrNoBackup
	}
	text, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	var told struct {
		Code    string `xml:"Code"`
		Message string `xml:"Message"`
	}
	if err != nil || xml.Unmarshal(text, &told) != nil || told.Code == "" {
		return fmt.Errorf("the storage answers with status %d", r.StatusCode)
	}
	return fmt.Errorf("the storage answers with status %d: %s: %s", r.StatusCode, told.Code, told.Message)
}

// Put sends a file. Storage shows an object whole or not at all.
func (b *Bucket) Put(ctx context.Context, name, file string) (err error) {
	f, err := os.Open(file) //nolint:gosec // made by this package
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	size, err := io.Copy(h, f)
	if err != nil {
		return err
	}
	if size > maxObject {
		return fmt.Errorf("the backup has %d bytes; storage takes 5 GB in one piece. Keep backups in a folder, and send them on from there", size)
	}
	response, err := b.do(ctx, http.MethodPut, name, nil, f, size, hex.EncodeToString(h.Sum(nil)), http.StatusOK)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

// Get reads an object.
func (b *Bucket) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if _, ok := stored(name, 0); !ok {
		return nil, fmt.Errorf("%w: %q is not the name of one", ErrNoBackup, name)
	}
	response, err := b.do(ctx, http.MethodGet, name, nil, nil, 0, emptyHash, http.StatusOK)
	if err != nil {
		return nil, err
	}
	return response.Body, nil
}

// List asks for all names under the prefix.
func (b *Bucket) List(ctx context.Context) ([]Stored, error) {
	var list []Stored
	query := url.Values{"list-type": {"2"}, "prefix": {b.prefix}}
	for {
		response, err := b.do(ctx, http.MethodGet, "", query, nil, 0, emptyHash, http.StatusOK)
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(io.LimitReader(response.Body, 16<<20))
		if err = errors.Join(err, response.Body.Close()); err != nil {
			return nil, err
		}
		var page struct {
			Contents []struct {
				Key  string `xml:"Key"`
				Size int64  `xml:"Size"`
			} `xml:"Contents"`
			IsTruncated bool   `xml:"IsTruncated"`
			Next        string `xml:"NextContinuationToken"`
		}
		if err := xml.NewDecoder(bytes.NewReader(text)).Decode(&page); err != nil {
			return nil, fmt.Errorf("%s: the list cannot be read: %w", b, err)
		}
		for _, o := range page.Contents {
			if s, ok := stored(strings.TrimPrefix(o.Key, b.prefix), o.Size); ok {
				list = append(list, s)
			}
		}
		if !page.IsTruncated || page.Next == "" {
			return newestFirst(list), nil
		}
		query.Set("continuation-token", page.Next)
	}
}

// Remove removes an object.
func (b *Bucket) Remove(ctx context.Context, name string) error {
	if _, ok := stored(name, 0); !ok {
		return fmt.Errorf("%w: %q is not the name of one", ErrNoBackup, name)
	}
	response, err := b.do(ctx, http.MethodDelete, name, nil, nil, 0, emptyHash, http.StatusNoContent, http.StatusOK, http.StatusNotFound)
	if err != nil {
		return err
	}
	return response.Body.Close()
}
