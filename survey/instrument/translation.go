package instrument

// A Translation is the texts of a definition in another language. What it leaves
// out is shown in the definition's own.
type Translation struct {
	Title   string `json:"title,omitempty"`
	Heading string `json:"heading,omitempty"`
	Intro   string `json:"intro,omitempty"`
	// Source says who translated, and whether the translation is validated.
	Source  string                     `json:"source,omitempty"`
	Pages   []PageTranslation          `json:"pages,omitempty"` // in the order of the layout
	Items   map[string]ItemTranslation `json:"items,omitempty"`
	Options []string                   `json:"options,omitempty"` // labels, in the order of the options
	Sets    map[string][]string        `json:"sets,omitempty"`
	Scales  map[string]ScaleWords      `json:"scales,omitempty"`
}

// A PageTranslation is the texts of a page.
type PageTranslation struct {
	Heading string `json:"heading,omitempty"`
	Intro   string `json:"intro,omitempty"`
}

// An ItemTranslation is the texts of an item.
type ItemTranslation struct {
	Text      string   `json:"text,omitempty"`
	Note      string   `json:"note,omitempty"`
	Options   []string `json:"options,omitempty"` // labels of its own options, in order
	Unit      string   `json:"unit,omitempty"`
	LowLabel  string   `json:"low_label,omitempty"`
	HighLabel string   `json:"high_label,omitempty"`
}

// ScaleWords are the names of a scale.
type ScaleWords struct {
	Name  string   `json:"name,omitempty"`
	Label string   `json:"label,omitempty"`
	Bands []string `json:"bands,omitempty"` // labels, in order
}
