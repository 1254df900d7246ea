package faults

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// op is one thing that a process did to a file or to a line, as strace saw it.
type op struct {
	kind opKind
	file string // path, or "socket:[1234]"
	data []byte // written, or read
	at   int64  // where in the file; of opCut: the new length
}

type opKind string

// The order on a tape is that in which the kernel was asked: a write is there from
// then on, and what was flushed is safe once the flush has returned.
const (
	opWrite  opKind = "write"  // to a place in a file
	opCut    opKind = "cut"    // a file to a length
	opFlush  opKind = "flush"  // a file is to be on the disk
	opSafe   opKind = "safe"   // and is
	opRemove opKind = "remove" // a name
	opSaid   opKind = "said"   // to a line, or to the terminal
	opHeard  opKind = "heard"  // from a line
)

// calls are what strace is to note.
const calls = "pwrite64,write,read,ftruncate,fsync,fdatasync,unlink,unlinkat"

// readTape reads what strace -f -y -xx -o has written, as far as it concerns files
// in a folder, lines and the terminal.
func readTape(path, folder string) ([]op, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p := tapeParser{folder: folder, begun: map[string]string{}}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if err := p.line(lines.Text()); err != nil {
			return nil, err
		}
	}
	return p.ops, lines.Err()
}

type tapeParser struct {
	folder string
	begun  map[string]string // by thread: a call that has not returned
	ops    []op
}

func (p *tapeParser) line(text string) error {
	thread, call, ok := strings.Cut(text, " ")
	if !ok {
		return nil
	}
	call = strings.TrimLeft(call, " ")
	if rest, unfinished := strings.CutSuffix(call, " <unfinished ...>"); unfinished {
		p.begun[thread] = rest
		return p.begins(rest)
	}
	if _, resumed, ok := strings.Cut(call, " resumed>"); ok && strings.HasPrefix(call, "<... ") {
		call = p.begun[thread] + resumed
		delete(p.begun, thread)
		return p.ends(call)
	}
	if err := p.begins(call); err != nil {
		return err
	}
	return p.ends(call)
}

// parts takes a call apart: its name, the file of its first argument, and the rest.
func parts(call string) (name, file, rest string) {
	name, arguments, ok := strings.Cut(call, "(")
	if !ok {
		return "", "", ""
	}
	_, after, ok := strings.Cut(arguments, "<")
	if !ok {
		return name, "", arguments
	}
	file, rest, _ = strings.Cut(after, ">")
	if bytes, err := hex.DecodeString(strings.ReplaceAll(file, `\x`, "")); err == nil && strings.HasPrefix(file, `\x`) {
		file = string(bytes)
	}
	return name, file, strings.TrimPrefix(rest, ", ")
}

// begins notes what counts from the moment the kernel is asked.
func (p *tapeParser) begins(call string) error {
	name, file, rest := parts(call)
	inFolder := strings.HasPrefix(file, p.folder)
	switch {
	case name == "pwrite64" && inFolder:
		data, rest, err := quoted(rest)
		if err != nil {
			return err
		}
		numbers := strings.Split(strings.TrimPrefix(strings.SplitN(rest, ")", 2)[0], ", "), ", ")
		if len(numbers) != 2 {
			return fmt.Errorf("a write without a place: %q", rest)
		}
		at, err := strconv.ParseInt(numbers[1], 10, 64)
		if err != nil {
			return err
		}
		p.ops = append(p.ops, op{kind: opWrite, file: file, data: data, at: at})
	case name == "ftruncate" && inFolder:
		length, err := strconv.ParseInt(strings.SplitN(rest, ")", 2)[0], 10, 64)
		if err != nil {
			return err
		}
		p.ops = append(p.ops, op{kind: opCut, file: file, at: length})
	case (name == "fsync" || name == "fdatasync") && inFolder:
		p.ops = append(p.ops, op{kind: opFlush, file: file})
	case name == "write" && inFolder:
		return fmt.Errorf("%s is written without saying where", file)
	case name == "write":
		data, _, err := quoted(rest)
		if err != nil {
			return err
		}
		p.ops = append(p.ops, op{kind: opSaid, file: file, data: data})
	}
	return nil
}

// ends notes what counts once the kernel has answered.
func (p *tapeParser) ends(call string) error {
	name, file, rest := parts(call)
	switch {
	case (name == "fsync" || name == "fdatasync") && strings.HasPrefix(file, p.folder):
		if !strings.HasSuffix(call, "= 0") {
			return fmt.Errorf("a flush failed: %s", call)
		}
		p.ops = append(p.ops, op{kind: opSafe, file: file})
	case name == "read" && strings.HasPrefix(file, "socket:"):
		if data, _, err := quoted(rest); err == nil && len(data) > 0 {
			p.ops = append(p.ops, op{kind: opHeard, file: file, data: data})
		}
	case strings.HasPrefix(name, "unlink") && strings.HasSuffix(call, "= 0"):
		_, quote, ok := strings.Cut(call, `"`)
		if !ok {
			return nil
		}
		path, _, err := quoted(`"` + quote)
		if err == nil && strings.HasPrefix(string(path), p.folder) {
			p.ops = append(p.ops, op{kind: opRemove, file: string(path)})
		}
	}
	return nil
}

// quoted reads a string of bytes in hexadecimal: "\x0a\x41", and gives the rest.
func quoted(text string) (data []byte, rest string, err error) {
	text, ok := strings.CutPrefix(text, `"`)
	if !ok {
		return nil, "", fmt.Errorf("no string: %.40q", text)
	}
	inner, rest, ok := strings.Cut(text, `"`)
	if !ok || strings.HasPrefix(rest, "...") {
		return nil, "", fmt.Errorf("a string is cut short: %.40q", text)
	}
	data, err = hex.DecodeString(strings.ReplaceAll(inner, `\x`, ""))
	return data, rest, err
}

func TestATapeIsReadInTheOrderOfWhatWasAsked(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/tape"
	text := strings.Join([]string{
		`1 pwrite64(7<\x2f\x64\x2f\x61\x2e\x64\x62>, "\x41\x42", 2, 512) = 2`,
		`1 pwrite64(7</elsewhere>, "\x41\x42", 2, 512) = 2`,
		`2 read(9<socket:[5]>,  <unfinished ...>`,
		`1 fdatasync(7</d/a.db> <unfinished ...>`,
		`3 write(9<socket:[5]>, "\x4f\x4b", 2 <unfinished ...>`,
		`2 <... read resumed>"\x47\x45\x54", 4096) = 3`,
		`1 <... fdatasync resumed>)              = 0`,
		`3 <... write resumed>)              = 2`,
		`2 read(9<socket:[5]>, 0xc000, 4096) = -1 EAGAIN (Resource temporarily unavailable)`,
		`1 ftruncate(8</d/a.db-wal>, 0)      = 0`,
		`1 unlink("\x2f\x64\x2f\x61\x2e\x64\x62\x2d\x77\x61\x6c") = 0`,
		`1 +++ exited with 0 +++`, ``,
	}, "\n")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readTape(path, "/d/")
	if err != nil {
		t.Fatal(err)
	}
	want := []op{
		{kind: opWrite, file: "/d/a.db", data: []byte("AB"), at: 512},
		{kind: opFlush, file: "/d/a.db"},
		{kind: opSaid, file: "socket:[5]", data: []byte("OK")},
		{kind: opHeard, file: "socket:[5]", data: []byte("GET")},
		{kind: opSafe, file: "/d/a.db"},
		{kind: opCut, file: "/d/a.db-wal"},
		{kind: opRemove, file: "/d/a.db-wal"},
	}
	if d := cmp.Diff(got, want, cmp.AllowUnexported(op{})); d != "" {
		t.Errorf("tape (-got +want):\n%s", d)
	}
}
