package main

import (
	"flag"
	"fmt"
	"os"

	"tidemark/internal/trials"
)

func main() {
	results := flag.String("results", "docs/trust-results", "`folder` of the lines that suites have written")
	out := flag.String("out", "docs/trust-report.md", "`file` to write")
	flag.Parse()
	if err := write(*results, *out); err != nil {
		fmt.Fprintln(os.Stderr, "trustreport:", err)
		os.Exit(1)
	}
}

func write(results, out string) error {
	all, err := trials.Read(results)
	if err != nil {
		return err
	}
	text, err := render(table(), all)
	if err != nil {
		return err
	}
	return os.WriteFile(out, []byte(text), 0o644)
}
