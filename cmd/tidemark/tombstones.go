package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"tidemark/survey"
)

// tombstones is a file beside the database with a line for each erasure. When an
// older copy of the database is put back, the erasures in the file that the copy
// does not know are done again. It holds no names and no answers.
type tombstones struct {
	path string
	mu   sync.Mutex
}

// tombstone is a line of the file.
type tombstone struct {
	Study     survey.StudyID     `json:"study"`
	Enrolment survey.EnrolmentID `json:"enrolment"`
	Run       survey.RunID       `json:"run"`
	Arm       survey.ArmID       `json:"arm"`
	Assigned  bool               `json:"assigned,omitempty"`
	At        time.Time          `json:"at"`
	By        survey.ActorKind   `json:"by"`
	Receipt   string             `json:"receipt"` // keyed hash
	Exports   int                `json:"exports,omitempty"`
}

func newTombstone(e survey.Erasure) tombstone {
	return tombstone{
		Study: e.StudyID, Enrolment: e.EnrolmentID, Run: e.RunID, Arm: e.ArmID, Assigned: e.Assigned, At: e.At, By: e.By,
		Receipt: e.ReceiptHash, Exports: e.Exports,
	}
}

func (t tombstone) erasure() survey.Erasure {
	return survey.Erasure{
		StudyID: t.Study, EnrolmentID: t.Enrolment, RunID: t.Run, ArmID: t.Arm, Assigned: t.Assigned, At: t.At, By: t.By,
		ReceiptHash: t.Receipt, Exports: t.Exports,
	}
}

// keep adds an erasure to the file, and returns once it is on disk.
func (f *tombstones) keep(e survey.Erasure) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	line, err := json.Marshal(newTombstone(e))
	if err != nil {
		return err
	}
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep a tombstone: %w", err)
	}
	_, err = file.Write(append(line, '\n'))
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("keep a tombstone: %w", err)
	}
	return nil
}

// read is every erasure in the file; none when there is no file.
func (f *tombstones) read() ([]survey.Erasure, error) {
	data, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read tombstones: %w", err)
	}
	all, err := readTombstones(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.path, err)
	}
	return all, nil
}

// tombstoneLines are erasures as they stand in the file.
func tombstoneLines(all []survey.Erasure) ([]byte, error) {
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	for _, e := range all {
		if err := lines.Encode(newTombstone(e)); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

func readTombstones(r io.Reader) ([]survey.Erasure, error) {
	var all []survey.Erasure
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var t tombstone
		if err := json.Unmarshal(lines.Bytes(), &t); err != nil {
			return nil, fmt.Errorf("line %d is no tombstone: %w", n, err)
		}
		if t.Study == "" || t.Enrolment == "" || t.Receipt == "" || !t.By.Valid() {
			return nil, fmt.Errorf("line %d is no tombstone", n)
		}
		all = append(all, t.erasure())
	}
	return all, lines.Err()
}

// agree makes database and file know the same: what the database does not know is
// done again, and what the file does not know is added to it. It returns how many
// people were erased again.
func (in *installation) agree(ctx context.Context) (int, error) {
	if in.tombstones == nil {
		return 0, nil
	}
	filed, err := in.tombstones.read()
	if err != nil {
		return 0, err
	}
	again, err := in.cases.Erasures.Replay(ctx, operator(), filed)
	if err != nil {
		return again, err
	}
	known, err := in.cases.Erasures.All(ctx, operator())
	if err != nil {
		return again, err
	}
	for _, e := range known {
		has := func(x survey.Erasure) bool { return x.StudyID == e.StudyID && x.EnrolmentID == e.EnrolmentID }
		if slices.ContainsFunc(filed, has) {
			continue
		}
		if err := in.tombstones.keep(e); err != nil {
			return again, err
		}
	}
	return again, nil
}

// settleEvery is how often a server looks for erasures that are not settled: those
// whose server was stopped on the way, or could not empty its log.
const settleEvery = 10 * time.Minute

// settleNow does what erasures leave to do, and removes old counters.
func (in *installation) settleNow(ctx context.Context, log *slog.Logger) {
	_, err := in.cases.Erasures.Settle(ctx, survey.SystemActor("erasure"))
	if err == nil {
		_, err = in.agree(ctx)
	}
	if err != nil && ctx.Err() == nil {
		log.Error("an erasure is not settled yet", "error", err)
	}
	if err := in.cases.SignIns.Sweep(ctx); err != nil && ctx.Err() == nil {
		log.Error("old counters are not removed yet", "error", err)
	}
}

// settle looks after erasures until it is told to stop.
func (in *installation) settle(ctx context.Context, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(settleEvery)
		defer tick.Stop()
		for {
			if !in.paused() {
				in.settleNow(ctx, log)
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-ended }
}
