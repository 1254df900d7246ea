package rehearsal

// Alpha is Cronbach's coefficient, for tests outside of the package.
func Alpha(rows [][]float64) float64 { return alpha(rows) }
