package instrument

// A Vector is a worked example: answers, and the scores they must give.
type Vector struct {
	Name    string  `json:"name"`
	Answers Numbers `json:"answers,omitempty"`
	// Expected has an entry for every scale of the definition.
	Expected map[string]Expected `json:"expected"`
}

// Expected is the score of one scale in a Vector: a value, or null with the
// reason why there is none.
type Expected struct {
	Value  *float64 `json:"value"`
	Reason string   `json:"reason,omitempty"`
}
