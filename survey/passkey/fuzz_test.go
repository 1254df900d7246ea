package passkey_test

import (
	"testing"

	"tidemark/survey"
	"tidemark/survey/passkey"
)

// FuzzAnswer: no answer that a browser could make up signs anybody in, and none breaks
// anything.
func FuzzAnswer(f *testing.F) {
	v, err := passkey.New("https://study.example.org")
	if err != nil || v == nil {
		f.Fatalf("no passkeys: %v", err)
	}
	_, state, err := v.AskAny()
	if err != nil {
		f.Fatal(err)
	}
	user := survey.User{ID: "0192f0aa-0000-7000-8000-000000000001", Email: "ana@example.org"}
	_, made, err := v.AskNew(user, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"id":"AA","rawId":"AA","type":"public-key","response":{"authenticatorData":"AA","clientDataJSON":"e30","signature":"AA","userHandle":"AA"}}`))
	f.Add([]byte(`{"id":"AA","rawId":"AA","type":"public-key","response":{"attestationObject":"o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVgg","clientDataJSON":"e30"}}`))
	f.Add([]byte(`{}`))
	f.Add([]byte("\x00"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		if len(answer) > 1<<16 { // pages take no more
			return
		}
		_, _, err := v.CheckAny(state, answer, func(survey.UserID) (survey.User, []survey.Passkey, error) { return user, nil, nil })
		if err == nil {
			t.Error("somebody is signed in")
		}
		if _, _, err := v.CheckNew(user, made, answer); err == nil {
			t.Error("a passkey is added that belongs to no question")
		}
	})
}
