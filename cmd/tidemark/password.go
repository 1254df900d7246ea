package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// maxPasswordInput bounds what is read as a password.
const maxPasswordInput = 4096

// password asks for a password: one line of standard input when fromStdin is
// set, else twice at the terminal without showing it.
func (p *program) password(fromStdin bool) (string, error) {
	if fromStdin {
		line, err := bufio.NewReader(io.LimitReader(p.stdin, maxPasswordInput)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password: %w", err)
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			return "", misuse("--password-stdin was given and standard input has no password")
		}
		return line, nil
	}
	terminal, ok := p.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		return "", misuse("there is no terminal to ask for a password at; give it with --password-stdin")
	}
	first, err := p.ask(terminal, "Password (at least 15 characters; several words are easiest): ")
	if err != nil {
		return "", err
	}
	second, err := p.ask(terminal, "Once more: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the two passwords differ; nothing was changed")
	}
	return first, nil
}

func (p *program) ask(terminal *os.File, prompt string) (string, error) {
	p.say("%s", prompt)
	line, err := term.ReadPassword(int(terminal.Fd()))
	p.say("\n")
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(line), nil
}
