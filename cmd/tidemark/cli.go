package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"tidemark/survey/rehearsal"
)

// Exit codes of the program.
const (
	exitOK       = 0
	exitFailure  = 1 // asked for the right thing, and it could not be done
	exitWrongUse = 2 // the command line or a setting is wrong
)

// commands is the command line.
type commands struct {
	Demo         demoCmd         `cmd:"" help:"Show a study with simulated people. Needs nothing else."`
	Serve        serveCmd        `cmd:"" help:"Serve an installation."`
	Migrate      migrateCmd      `cmd:"" help:"Make the database, or bring it to the form this program needs."`
	MigrateStore migrateStoreCmd `cmd:"" name:"migrate-store" help:"Copy everything from one database to another, of either engine."`
	Backup       backupCmd       `cmd:"" help:"Make, list, prove and remove encrypted backups of the database."`
	Restore      restoreCmd      `cmd:"" help:"Put a backup back, and erase again who was erased since."`
	Admin        adminCmd        `cmd:"" help:"Look after accounts and studies."`
	Export       exportCmd       `cmd:"" help:"Write a study's data as CSV."`
	Import       importCmd       `cmd:"" help:"Bring past answers into a study, and take them back."`
	Analyze      analyzeCmd      `cmd:"" help:"Compute pre/post statistics of any CSV file."`
	Instrument   instrumentCmd   `cmd:"" help:"List, show and check questionnaires, and score files by their keys."`
	Allocation   allocationCmd   `cmd:"" help:"Verify who was allotted to which group, once a study is closed."`
	Audit        auditCmd        `cmd:"" help:"Check that the audit trail is as it was written, and sign where it ends."`
	Retention    retentionCmd    `cmd:"" help:"See what a study keeps how long, and remove what is due."`
	Codes        codesCmd        `cmd:"" help:"Find self-made codes of two occasions that are probably one person."`
	Secret       secretCmd       `cmd:"" help:"Print a new secret for an installation."`
	Vault        vaultCmd        `cmd:"" help:"Look after the keys that names, addresses and notes are sealed under."`
	Doctor       doctorCmd       `cmd:"" help:"Look an installation through, and say what is wrong and what to do."`
	Health       healthCmd       `cmd:"" help:"Ask a running server whether it is well."`
	Version      versionCmd      `cmd:"" help:"Print what this program is made of."`
	Bounces      bouncesCmd      `cmd:"" help:"Read which letters came back, and stop writing to addresses that take none."`
}

// program is what commands need of the world around them.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	secret         string // TIDEMARK_SECRET
	now            func() time.Time
}

// say writes to the person at the command line.
func (p *program) say(format string, args ...any) {
	// A reader who has gone away is no reason to stop serving.
	_, _ = fmt.Fprintf(p.stderr, format, args...)
}

// leave is what kong asks for after it has printed help.
type leave struct{ code int }

// usageError is a wrong command line that only the command itself can tell.
type usageError struct{ error }

func misuse(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run is the program: it returns the exit code and never panics.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{
		stdin: stdin, stdout: stdout, stderr: stderr,
		secret: os.Getenv("TIDEMARK_SECRET"), now: time.Now,
	}
	return p.guard(func() int { return p.run(ctx, args) })
}

// guard turns a panic into a message and an exit code.
func (p *program) guard(do func() int) (code int) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case leave:
			code = v.code
		default:
			p.say("tidemark: this is a fault in the program, please report it: %v\n", v)
			code = exitFailure
		}
	}()
	return do()
}

func (p *program) run(ctx context.Context, args []string) int {
	var c commands
	parser, err := kong.New(&c,
		kong.Name("tidemark"),
		kong.Description("Tidemark runs outcome studies of courses that teach people to meet failure with self-compassion.\n\n"+
			"To look around:\n\n"+
			"    tidemark demo\n\n"+
			"To run a study:\n\n"+
			"    tidemark migrate\n"+
			"    tidemark admin create you@example.org\n"+
			"    tidemark serve"),
		kong.Writers(p.stdout, p.stderr),
		kong.Exit(func(code int) { panic(leave{code}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 96}),
		kong.Vars{"demoPeople": strconv.Itoa(rehearsal.DefaultPeople)},
		kong.Bind(p),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		p.say("tidemark: %v\n", err)
		return exitFailure
	}
	parsed, err := parser.Parse(args)
	if parse, ok := errors.AsType[*kong.ParseError](err); ok && parse.Context != nil {
		return p.wrongUse(err, parse.Context.Command())
	}
	if err != nil {
		return p.wrongUse(err, "")
	}
	err = parsed.Run()
	if wrong, ok := errors.AsType[usageError](err); ok {
		return p.wrongUse(wrong, parsed.Command())
	}
	if err != nil {
		p.say("tidemark: %s\n", explain(err))
		return exitFailure
	}
	return exitOK
}

// wrongUse says what is wrong with the command line and where to read on.
func (p *program) wrongUse(err error, command string) int {
	command, _, _ = strings.Cut(command, " <") // without its arguments
	help := "tidemark --help"
	if command != "" {
		help = "tidemark " + command + " --help"
	}
	p.say("tidemark: %v\nFor help: %s\n", err, help)
	return exitWrongUse
}
