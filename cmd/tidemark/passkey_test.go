package main

import (
	"net"
	"path/filepath"
	"strings"
	"testing"

	"tidemark/internal/browser"
	"tidemark/internal/stage"
	"tidemark/survey"
)

// localAddr is a port of this machine, and the address at which browsers know passkeys.
func localAddr(t *testing.T) (addr, base string) {
	t.Helper()
	var listen net.ListenConfig
	l, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	do(t, err)
	addr = l.Addr().String()
	do(t, l.Close())
	return addr, "http://localhost" + addr[strings.LastIndex(addr, ":"):]
}

// Somebody who must have a second factor adds a passkey and signs in with it, in a real
// browser with a device of its own; the password alone then opens nothing.
func TestAPasskeyIsAddedAndSignsIn(t *testing.T) {
	t.Parallel()
	b, dir := chrome(t), t.TempDir()
	database := filepath.Join(dir, "tidemark.db")
	s, err := stage.SetWatched(t.Context(), database, dir)
	do(t, err)
	t.Cleanup(func() { do(t, s.Store.Close()) })
	u, err := s.Cases.Users.Create(t.Context(), stage.Actor(), survey.NewUser{
		Email: "boss@example.org", Name: "The boss", Password: "a sentence nobody else says", Grants: []survey.Grant{{Role: survey.RoleAdministrator}},
	})
	do(t, err)
	addr, base := localAddr(t)
	server := start(t, "serve", "--database", database, "--secret-file", s.SecretFile, "--addr", addr, "--base-url", base, "--second-factor", "answers")
	t.Cleanup(func() { server.stop(t) })
	server.await(t, server.err.String, "base_url=")

	tab := open(t, b, browser.Phone)
	signIn := func() {
		t.Helper()
		do(t, tab.Visit(base+"/sign-in"), tab.Type("#email", u.Email), tab.Type("#password", "a sentence nobody else says"), tab.Follow("main form .btn"))
	}
	do(t, tab.AddAuthenticator())
	signIn()
	if path, err := tab.Path(); err != nil || path != "/account/factor" {
		t.Fatalf("the password leads to %s: %v", path, err)
	}
	do(t, tab.Visit(base+"/account"), tab.Type("#passkey-name", "Office computer"), tab.Click("[data-passkey] button"), tab.Wait(".done-note"))
	text, err := tab.Text("main")
	do(t, err)
	if !strings.Contains(text, "Office computer") || !strings.Contains(text, "never used") {
		t.Errorf("the page says %s", text)
	}
	do(t, tab.Visit(base+"/admin"), tab.Wait("#users"), tab.Follow(".who form button"))
	signIn()
	if path, err := tab.Path(); err != nil || path != "/sign-in/code" {
		t.Fatalf("the password alone leads to %s: %v", path, err)
	}
	do(t, tab.Visit(base+"/sign-in"), tab.Click("[data-passkey] button"), tab.Wait("#users"))
	if wide, err := tab.Overflow(); err != nil || wide > 0 {
		t.Errorf("the page is %d pixels too wide: %v", wide, err)
	}
	if c := tab.Complaints(); len(c) > 0 {
		t.Errorf("the browser complains: %v", c)
	}
	// Another device has none of it, and is told so.
	stranger := open(t, b, browser.Phone)
	do(t, stranger.AddAuthenticator(), stranger.Visit(base+"/sign-in"), stranger.Click("[data-passkey] button"), stranger.Wait("[data-passkey] [role=status]:not(:empty)"))
	do(t, isAccessible(t, browser.Stop{Tab: stranger, Name: "sign-in with a passkey"}))
}
