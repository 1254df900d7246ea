package report

import (
	"slices"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// FormerVersion is a version of a questionnaire that was replaced while people
// answered.
type FormerVersion struct {
	Version string `json:"version"`
	Hash    string `json:"hash"`
	// Comparable: both versions score alike, and answers to both are used. Answers to
	// a version that is not are left out.
	Comparable bool `json:"comparable"`
	// Changes says what was changed, in English.
	Changes string `json:"changes"`
}

// FormerVersions are the versions that one has replaced in a study, the earliest
// first.
func FormerVersions(design survey.StudyDesign, id survey.InstrumentID) []FormerVersion {
	var all []FormerVersion
	for _, old := range former(design, id) {
		v := design.Instruments[old]
		c := instrument.Compare(v.Definition, design.Instruments[id].Definition)
		all = append(all, FormerVersion{Version: v.Definition.Version, Hash: v.Hash, Comparable: c.Comparable, Changes: c.Summary()})
	}
	return all
}

// ComparableVersions are those of them that score like it.
func ComparableVersions(design survey.StudyDesign, id survey.InstrumentID) []survey.InstrumentID {
	return slices.DeleteFunc(former(design, id), func(old survey.InstrumentID) bool {
		return !survey.Comparable(design.Instruments[old].Definition, design.Instruments[id].Definition)
	})
}

func former(design survey.StudyDesign, id survey.InstrumentID) []survey.InstrumentID {
	var all []survey.InstrumentID
	for _, f := range design.Former {
		if design.Standing(f.WaveID, f.InstrumentID) == id && design.Instruments[f.InstrumentID].Definition != nil &&
			design.Instruments[id].Definition != nil && !slices.Contains(all, f.InstrumentID) {
			all = append(all, f.InstrumentID)
		}
	}
	return all
}
