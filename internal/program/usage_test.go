package program

import (
	"errors"
	"os"
	"testing"
	"time"
)

func TestWhatThisProcessUsesIsMeasuredOrSaidNotToBe(t *testing.T) {
	t.Parallel()
	before, err := CPU(os.Getpid())
	if errors.Is(err, ErrNotMeasured) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); time.Since(began) < 20*time.Second; {
		// Work until the clock of ticks has moved.
		after, err := CPU(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if after > before {
			break
		}
		if after < before {
			t.Fatalf("%v of processor time, after %v", after, before)
		}
	}
	m, err := MemoryOf(os.Getpid())
	if err != nil || m.Own <= 0 || m.Peak < m.Own {
		t.Errorf("%d bytes, at most %d (%v)", m.Own, m.Peak, err)
	}
}

func TestAProcessThatIsNotThereIsNotMeasured(t *testing.T) {
	t.Parallel()
	const nobody = 1 << 30
	if m, err := MemoryOf(nobody); !errors.Is(err, ErrNotMeasured) {
		t.Errorf("got %+v (%v)", m, err)
	}
	if d, err := CPU(nobody); err == nil {
		t.Errorf("got %v", d)
	}
}
