package figure

// TextWidth is how wide the layouts take a text to be.
func TextWidth(s string, style TextStyle) float64 { return textWidth(s, style) }
