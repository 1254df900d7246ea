package instrument

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// DifferenceKind says what of a questionnaire a difference is in.
type DifferenceKind string

const (
	// DifferentWording: what people read.
	DifferentWording DifferenceKind = "wording"
	// DifferentOptions: the answers that are offered.
	DifferentOptions DifferenceKind = "options"
	// DifferentItems: which questions are asked, in which order, on which pages and
	// when.
	DifferentItems DifferenceKind = "items"
	// DifferentKey: how answers become scores.
	DifferentKey DifferenceKind = "key"
	// DifferentTranslation: the languages that it can be shown in.
	DifferentTranslation DifferenceKind = "translation"
	// DifferentFacts: what researchers read of it, such as terms and norms.
	DifferentFacts DifferenceKind = "facts"
)

// A Difference is one change from one version to another.
type Difference struct {
	Kind DifferenceKind
	// Place in the definition, such as "items sc_04".
	Place string
	// Text says what changed, in English.
	Text string
}

// A Comparison says how two versions of a questionnaire differ.
type Comparison struct {
	Differences []Difference
	// Comparable: scores from both can be compared, because the key is unchanged.
	Comparable bool
	// Scales are the keys of the scales that both have with the same key; all of
	// them when Comparable.
	Scales []string
	// Correction: nothing differs but wording, translations and facts.
	Correction bool
}

// Compare says what changed from one version to another, and whether scores from
// both can be compared.
func Compare(before, after *Definition) Comparison {
	c := &comparing{old: before, new: after}
	c.head()
	c.items()
	c.options()
	c.scales()
	c.translations()
	out := Comparison{Differences: c.found}
	for _, scale := range before.Scales {
		hash := before.ScaleHash(scale.Key)
		if hash == after.ScaleHash(scale.Key) && !c.swapped(scale.Items) {
			out.Scales = append(out.Scales, scale.Key)
		}
	}
	out.Comparable = before.Key == after.Key && before.ScoringHash() == after.ScoringHash() && len(out.Scales) == len(before.Scales)
	out.Correction = out.Comparable && !slices.ContainsFunc(c.found, func(d Difference) bool {
		return d.Kind == DifferentItems || d.Kind == DifferentKey || d.Kind == DifferentOptions
	})
	return out
}

// Summary is the comparison in a sentence or two, in English.
func (c Comparison) Summary() string {
	var kinds []string
	for _, kind := range []DifferenceKind{DifferentWording, DifferentOptions, DifferentItems, DifferentKey, DifferentTranslation, DifferentFacts} {
		if slices.ContainsFunc(c.Differences, func(d Difference) bool { return d.Kind == kind }) {
			kinds = append(kinds, string(kind))
		}
	}
	changed := "Nothing changed."
	if len(kinds) > 0 {
		changed = "Changed: " + strings.Join(kinds, ", ") + "."
	}
	switch {
	case c.Correction && len(kinds) > 0:
		return changed + " This is a correction; scores from both versions can be compared."
	case c.Comparable:
		return changed + " Scores from both versions can be compared, because the key is unchanged."
	case len(c.Scales) > 0:
		return changed + " Scores can be compared for these scales only: " + strings.Join(c.Scales, ", ") + "."
	default:
		return changed + " Scores from the two versions cannot be compared."
	}
}

// NextVersion is the version that a changed definition should have: the first
// number goes up when scores cannot be compared, the second when items, options or
// languages changed, the third for a correction. It is the version itself when
// nothing changed.
func (c Comparison) NextVersion(version string) string {
	parts := versionParts(version)
	kinds := func(wanted ...DifferenceKind) bool {
		return slices.ContainsFunc(c.Differences, func(d Difference) bool { return slices.Contains(wanted, d.Kind) })
	}
	switch {
	case len(c.Differences) == 0:
		return version
	case !c.Comparable:
		parts = [3]int{parts[0] + 1, 0, 0}
	case kinds(DifferentOptions, DifferentItems, DifferentTranslation):
		parts = [3]int{parts[0], parts[1] + 1, 0}
	default:
		parts[2]++
	}
	return fmt.Sprintf("%d.%d.%d", parts[0], parts[1], parts[2])
}

// CompareVersions orders two versions by their numbers: negative when a comes
// before b.
func CompareVersions(a, b string) int {
	x, y := versionParts(a), versionParts(b)
	return slices.Compare(x[:], y[:])
}

func versionParts(version string) (parts [3]int) {
	for i, part := range strings.SplitN(version, ".", 3) {
		parts[i], _ = strconv.Atoi(part) // Parse takes numbers alone
	}
	return parts
}
