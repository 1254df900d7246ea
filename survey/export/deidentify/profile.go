package deidentify

import (
	"errors"
	"fmt"

	"tidemark/survey"
)

// Profile is whom a file is for.
type Profile string

// The profiles.
const (
	Internal Profile = "internal"
	Shared   Profile = "shared"
	Public   Profile = "public"
)

// Profiles are all of them, the one that changes least first.
func Profiles() []Profile { return []Profile{Internal, Shared, Public} }

// Valid reports whether p is one of them.
func (p Profile) Valid() bool { return p == Internal || p == Shared || p == Public }

// Meaning says in plain words what a file of the profile holds.
func (p Profile) Meaning() string {
	switch p {
	case Shared:
		return "For colleagues who have agreed on how to use the data: codes stay, each person’s times are moved by whole weeks of their own, groups have numbers, and nothing is in people’s own words."
	case Public:
		return "For everybody, as in an archive: new codes in a new order, whole weeks in place of times, years in place of days, nothing in people’s own words, and no rare answers that tell who somebody is."
	case Internal:
	}
	return "For the study’s own team: everything under codes, without names and addresses."
}

// Least is how many people should be alike in what can be known of them.
func (p Profile) Least() int {
	switch p {
	case Shared:
		return 3
	case Public:
		return 5
	case Internal:
	}
	return 0
}

// ErrProfile reports something that a profile cannot give.
var ErrProfile = errors.New("not in a file of this profile")

// Withheld is the reason of a value that a profile leaves out.
const Withheld survey.MissingCode = "withheld"

// Options are what a file is made with.
type Options struct {
	Profile Profile
	// Key decides what is random; at least 16 bytes, and never told.
	Key []byte
	// Least takes the place of the profile's when it is larger.
	Least int
	// LeaveOut are codes of items to withhold besides, or "run" for the groups.
	LeaveOut []string
}

func (o Options) check() error {
	if o.Profile != Shared && o.Profile != Public {
		return fmt.Errorf("%w: %q changes nothing", ErrProfile, o.Profile)
	}
	if len(o.Key) < 16 {
		return fmt.Errorf("%w: the key is too short", ErrProfile)
	}
	return nil
}

func (o Options) least() int { return max(o.Least, o.Profile.Least()) }
