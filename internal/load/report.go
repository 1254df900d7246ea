package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"tidemark/internal/trials"
)

// report is what came out.
type report struct {
	load
	verdict

	database   string
	waits      *waits
	took       time.Duration
	unfinished []error
	cpu, dbCPU time.Duration
	memory     int64  // of the server, at most
	busy       string // the machine's load before
}

// sound reports whether everything acknowledged is stored, once, and everybody came
// to the end.
func (r *report) sound() bool {
	return r.lost == 0 && r.altered == 0 && r.doubled == 0 && len(r.unfinished) == 0
}

func (r *report) how() string {
	if r.closed > 0 {
		return fmt.Sprintf("%d people, %d at once", r.people, r.closed)
	}
	return fmt.Sprintf("%d people within %s, who think %s about an answer", r.people, r.in, r.think)
}

func (r *report) print(out io.Writer) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	say("\n%s: %s; the machine's load was %s before\n", r.database, r.how(), r.busy)
	say("  %d requests in %s, %.0f a second; %d told to come back, %d errors, %d people did not come to the end\n",
		len(r.waits.requests), r.took.Round(time.Second/10), float64(len(r.waits.requests))/r.took.Seconds(), r.waits.refused, r.waits.errors, len(r.unfinished))
	say("  %-10s %8s %10s %10s %10s %10s\n", "until done", "n", "p50", "p95", "p99", "longest")
	line := func(name string, all []time.Duration) {
		say("  %-10s %8d %10s %10s %10s %10s\n", name, len(all), ms(share(all, .50)), ms(share(all, .95)), ms(share(all, .99)), ms(share(all, 1)))
	}
	for _, kind := range slices.Sorted(maps.Keys(r.waits.acts)) {
		line(kind, r.waits.acts[kind])
	}
	line("request", r.waits.requests)
	say("  server %s of processor time, database %s, %.1f MB at most; largest page %.1f kB as sent\n",
		r.cpu.Round(10*time.Millisecond), r.dbCPU.Round(10*time.Millisecond), float64(r.memory)/1e6, float64(r.waits.largest)/1e3)
	say("  %d acknowledged: %d lost, %d altered, %d doubled\n", r.acked, r.lost, r.altered, r.doubled)
	for _, err := range r.unfinished[:min(5, len(r.unfinished))] {
		say("  unfinished: %v\n", err)
	}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

// result is the report as a line of the trust report.
func (r *report) result(test string) trials.Result {
	saves := r.waits.acts["save"]
	busy, err := strconv.ParseFloat(r.busy, 64)
	if err != nil {
		busy = 0 // the system does not tell
	}
	return trials.Result{
		Row: "load", Test: test, Database: r.database, Trials: r.people,
		Acked: r.acked, Lost: r.lost, Altered: r.altered, Doubled: r.doubled,
		Figures: []trials.Figure{
			trials.Seconds("arrived within", r.in), trials.Seconds("save p50", share(saves, .50)), trials.Seconds("p95", share(saves, .95)), trials.Seconds("p99", share(saves, .99)),
			trials.Seconds("request p99", share(r.waits.requests, .99)), trials.Count("requests", len(r.waits.requests)),
			trials.Count("told to come back", r.waits.refused), trials.Count("errors", r.waits.errors), trials.Count("unfinished", len(r.unfinished)),
			trials.Seconds("server processor time", r.cpu), trials.Seconds("database processor time", r.dbCPU),
			{Name: "server memory at most", Value: float64(r.memory) / 1e6, Unit: "MB"},
			{Name: "tasks that others had the machine run before, by its load", Value: busy},
		},
		Passed: r.sound(), Seconds: r.took.Seconds(),
	}
}
