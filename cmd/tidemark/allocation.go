package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"tidemark/survey/allocation"
)

type allocationCmd struct {
	Verify allocationVerifyCmd `cmd:"" help:"Recompute a whole allocation from a verification file. Needs no database."`
}

type allocationVerifyCmd struct {
	File       string `arg:"" placeholder:"FILE" help:"The verification file of a closed study, or - for standard input."`
	Commitment string `placeholder:"SHA256" help:"What was published when the study opened, to be sure that the file is of the same seed."`
}

// errNotEqual: the file is not what its seed gives.
var errNotEqual = errors.New("not equal")

// Run recomputes every draw and says whether all are equal, or the first that is not.
func (c allocationVerifyCmd) Run(p *program) error {
	f, err := c.read(p)
	if err != nil {
		return err
	}
	if given := strings.ToLower(strings.TrimSpace(c.Commitment)); given != "" && given != f.Commitment {
		return fmt.Errorf("%w: the file commits to %s, which is not what was published", errNotEqual, f.Commitment)
	}
	v, err := f.Verify()
	if err != nil {
		return fmt.Errorf("%w: %w", errNotEqual, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "equal: %d by lot", v.ByLot)
	if v.ByHand > 0 {
		fmt.Fprintf(&b, ", %d by hand", v.ByHand)
	}
	if v.Before > 0 {
		fmt.Fprintf(&b, ", %d before there was a sealed seed", v.Before)
	}
	fmt.Fprintf(&b, "\nstudy %s, sealed %s\nSHA-256 of the seed: %s\nhash of all draws:   %s\n", f.Study, f.SealedAt, f.Commitment, f.Head)
	_, err = io.WriteString(p.stdout, b.String())
	return err
}

func (c allocationVerifyCmd) read(p *program) (allocation.File, error) {
	if c.File == "-" {
		return allocation.Read(p.stdin)
	}
	file, err := os.Open(c.File)
	if err != nil {
		return allocation.File{}, err
	}
	f, err := allocation.Read(file)
	return f, errors.Join(err, file.Close())
}
