package prose

import (
	"tidemark/analysis"
	"tidemark/survey/report"
)

// unknown completes a number that is not there: hidden, or not estimable.
func (v german) unknown(r analysis.Reason) string {
	if r == report.ReasonTooFewPeople {
		return "nicht gezeigt: " + v.reason(r)
	}
	return "nicht schätzbar: " + v.reason(r)
}

// is says so of one thing, or of several, as the end of a sentence.
func (v german) is(r analysis.Reason, n int) string {
	if r == report.ReasonTooFewPeople {
		return plural(n, "wird ", "werden ") + v.unknown(r)
	}
	return plural(n, "ist ", "sind ") + v.unknown(r)
}

// reason gives a reason as a German phrase; empty for one that is not known.
func (v german) reason(r analysis.Reason) string {
	switch r {
	case report.ReasonTooFewPeople:
		return "so wenige Personen, dass ihre Antworten zu erraten wären"
	case report.ReasonNoReliability:
		return "keine Reliabilität ist angegeben"
	case report.ReasonNotAsked:
		return "die Gruppe wird nicht zu beiden Zeitpunkten befragt"
	case report.ReasonOneItem:
		return "die Skala hat ein einziges Item"
	default: // a reason of package analysis
	}
	for _, known := range []func(analysis.Reason) string{v.reasonOfData, v.reasonOfItems, v.reasonOfModel} {
		if s := known(r); s != "" {
			return s
		}
	}
	return ""
}

func (german) reasonOfData(r analysis.Reason) string {
	switch r {
	case analysis.ReasonNoData:
		return "keine Daten"
	case analysis.ReasonTooFew2:
		return "weniger als 2 Werte"
	case analysis.ReasonTooFew3:
		return "weniger als 3 Werte"
	case analysis.ReasonTooFew4:
		return "weniger als 4 Werte"
	case analysis.ReasonDF2:
		return "weniger als 2 Freiheitsgrade"
	case analysis.ReasonZeroVariance:
		return "die Werte unterscheiden sich nicht"
	case analysis.ReasonAllZero:
		return "kein Paar hat sich verändert"
	case analysis.ReasonEmptyGroup:
		return "eine Gruppe hat keine Werte"
	case analysis.ReasonGroupTooFew2:
		return "eine Gruppe hat weniger als 2 Werte"
	case analysis.ReasonColumnsTooFew2:
		return "weniger als 2 Spalten"
	case analysis.ReasonColumnsTooFew3:
		return "weniger als 3 Spalten"
	case analysis.ReasonNoErrorVariance:
		return "wiederholte Werte stimmen genau überein"
	case analysis.ReasonUnbounded:
		return "es gibt keinen endlichen Wert"
	case analysis.ReasonZeroCell:
		return "eine Zelle, durch die geteilt wird, ist leer"
	case analysis.ReasonEmptyMargin:
		return "das Ereignis trat bei niemandem oder bei allen ein"
	case analysis.ReasonZeroDifference:
		return "die Anteile sind gleich"
	case analysis.ReasonNoDiscordant:
		return "niemand wechselte von einer Antwort zur anderen"
	case analysis.ReasonTies:
		return "es gibt gleiche Werte"
	case analysis.ReasonNoNorms:
		return "keine Normwerte sind angegeben"
	case analysis.ReasonTooManyForExact:
		return "zu viele Paare für die exakte Verteilung"
	case analysis.ReasonTooMany:
		return "mehr Werte, als das Verfahren zulässt"
	case analysis.ReasonInfiniteInput:
		return "die Daten enthalten einen unendlichen Wert"
	case analysis.ReasonOutOfRange:
		return "das Ergebnis übersteigt die Rechengenauigkeit"
	case analysis.ReasonInvalidOption:
		return "eine Angabe ist ungültig"
	case analysis.ReasonPerfectCorrelation:
		return "die Korrelation ist genau 1 oder −1"
	default:
		return ""
	}
}

func (german) reasonOfItems(r analysis.Reason) string {
	switch r {
	case analysis.ReasonTooFewAnswers:
		return "zu wenige Items wurden beantwortet"
	case analysis.ReasonItemsTooFew2:
		return "weniger als 2 Items unterscheiden sich"
	case analysis.ReasonItemsTooFew3:
		return "weniger als 3 Items unterscheiden sich"
	case analysis.ReasonSingular:
		return "die Items sind linear abhängig"
	case analysis.ReasonNoPairs:
		return "einige Items wurden nie gemeinsam beantwortet"
	case analysis.ReasonContradictory:
		return "Kovarianzen verschiedener Personen widersprechen einander"
	case analysis.ReasonPerfect:
		return "die Reliabilität ist genau 1"
	case analysis.ReasonNegativeRDD:
		return "die Reliabilität der Differenz ist nicht positiv"
	case analysis.ReasonNothingMissing:
		return "nichts fehlt"
	case analysis.ReasonNoDonors:
		return "zu wenige beobachtete Werte, um daraus zu imputieren"
	default:
		return ""
	}
}

func (german) reasonOfModel(r analysis.Reason) string {
	switch r {
	case analysis.ReasonNotIdentified:
		return "das Modell hat mehr Parameter, als die Daten unterscheiden können"
	case analysis.ReasonNoResamples:
		return "keine Stichprobenwiederholungen wurden verlangt"
	case analysis.ReasonOneSided:
		return "alle Stichprobenwiederholungen liegen auf einer Seite der Schätzung"
	case analysis.ReasonSaturated:
		return "das Modell hat keine Freiheitsgrade"
	case analysis.ReasonFixed:
		return "das Modell legt diesen Wert fest"
	case analysis.ReasonImproper:
		return "die beste Lösung hat eine negative Varianz"
	case analysis.ReasonGroupsTooFew2:
		return "weniger als 2 Personen oder Gruppen"
	case analysis.ReasonPerfectFit:
		return "das Modell passt fehlerlos auf die Daten"
	case analysis.ReasonSingularCovariance:
		return "die Kovarianzmatrix der Zeitpunkte ist singulär"
	case analysis.ReasonNeedsREML:
		return "es gibt ihn nur für Restricted Maximum Likelihood"
	case analysis.ReasonNotApplicable:
		return "für dieses Modell nicht definiert"
	case analysis.ReasonDuplicateVisit:
		return "eine Person hat zwei Werte zum selben Zeitpunkt"
	case analysis.ReasonAliased:
		return "eine Linearkombination anderer Größen"
	case analysis.ReasonPeopleTooFew:
		return "zu wenige Personen für das Modell"
	case analysis.ReasonCovariateConstant:
		return "die Kovariate unterscheidet sich nicht"
	case analysis.ReasonLeverage:
		return "eine einzelne Zeile bestimmt einen Koeffizienten allein"
	case analysis.ReasonPowerUnreachable:
		return "keine Zahl von Personen erreicht die Teststärke"
	case analysis.ReasonNotConverged:
		return "die Lösung konvergierte nicht"
	default:
		return ""
	}
}
