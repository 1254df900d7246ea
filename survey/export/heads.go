package export

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"tidemark/survey"
)

// headLine is a signed head of the audit trail as files and letters have it, one a line.
type headLine struct {
	Study     survey.StudyID `json:"study"` // empty: of the installation
	Day       string         `json:"day"`
	Lines     int64          `json:"lines"`
	Hash      string         `json:"hash"`
	At        time.Time      `json:"at"`
	Key       string         `json:"key"`
	Signature string         `json:"signature"`
}

// WriteHeads writes heads of the audit trail, one a line.
func WriteHeads(w io.Writer, heads []survey.AuditHead) error {
	e := json.NewEncoder(w)
	for _, h := range heads {
		if err := e.Encode(headLine{h.StudyID, h.Day, h.Seq, h.Hash, h.At.UTC(), h.Key, h.Signature}); err != nil {
			return err
		}
	}
	return nil
}

// ReadHeads reads lines of a file or of a letter as mail programs save it: what does not
// begin with a brace is passed over.
func ReadHeads(r io.Reader) ([]survey.AuditHead, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var heads []survey.AuditHead
	lines := bufio.NewScanner(letterBody(data))
	for n := 1; lines.Scan(); n++ {
		text := bytes.TrimSpace(lines.Bytes())
		if !bytes.HasPrefix(text, []byte("{")) {
			continue
		}
		var l headLine
		if err := json.Unmarshal(text, &l); err != nil {
			return nil, fmt.Errorf("line %d is no head of an audit trail: %w", n, err)
		}
		if l.Day == "" || l.Lines < 1 || l.Signature == "" {
			return nil, fmt.Errorf("line %d is no head of an audit trail", n)
		}
		heads = append(heads, survey.AuditHead{
			StudyID: l.Study, Day: l.Day, Seq: l.Lines, Hash: l.Hash, At: l.At, Key: l.Key, Signature: l.Signature,
		})
	}
	return heads, lines.Err()
}

// letterBody is the text of a letter whose lines were wrapped or encoded on the way; any
// other file as it is.
func letterBody(data []byte) io.Reader {
	whole := bytes.NewReader(data)
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return whole
	}
	switch strings.ToLower(m.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		return quotedprintable.NewReader(m.Body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, m.Body)
	}
	return whole
}
