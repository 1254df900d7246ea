package prose

import (
	"tidemark/analysis"
	"tidemark/survey/report"
)

func (english) reason(r analysis.Reason) string { return report.Explain(r) }

// unknown completes a number that is not there: hidden, or not estimable.
func (v english) unknown(r analysis.Reason) string { return report.Say(r) }
