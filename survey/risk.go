package survey

import "tidemark/survey/instrument"

// asksOfRisk reports whether a questionnaire has a rule about risk.
func asksOfRisk(*instrument.Definition) bool { return false }

// flaggedItems are the items whose answers meet a rule of the questionnaire, in
// its order.
func flaggedItems(*instrument.Definition, instrument.Answers) []string { return nil }
