package document

// words are what the document itself says in one language.
type words struct {
	Lang                                       string
	Report, Answer                             string
	Contents, Figure, Table, Numbers           string
	Methods, Results, References               string
	Simulated, Data, Program                   string
	flow, outcomes, change                     string
	people, items, model, baseline, missing    string
	unwanted, reliability, power, dose, pooled string
}

func wordsOf(language string) words {
	if language == "de" {
		return words{
			Lang: "de", Report: "Bericht", Answer: "Die Antwort",
			Contents: "Inhalt", Figure: "Abbildung", Table: "Tabelle", Numbers: "Die Zahlen der Abbildung",
			Methods: "Für den Methodenteil", Results: "Für den Ergebnisteil", References: "Literatur zu den Verfahren",
			Simulated: "Probelauf: Diese Personen sind simuliert.", Data: "Prüfsumme der Daten", Program: "Programm",
			flow: "Wer teilnahm", outcomes: "Alle Zielgrößen", change: "Veränderung",
			people: "Einzelne Personen", items: "Frage für Frage", model: "Prüfung des Modells", baseline: "Vor dem Kurs", missing: "Fehlende Antworten",
			unwanted: "Unerwünschte Wirkungen", reliability: "Messgenauigkeit", power: "Was diese Studie finden konnte",
			dose: "Menge und Veränderung", pooled: "Über die Kursdurchgänge",
		}
	}
	return words{
		Lang: "en", Report: "Report", Answer: "The answer",
		Contents: "Contents", Figure: "Figure", Table: "Table", Numbers: "The figure’s numbers",
		Methods: "For your method section", Results: "For your results section", References: "References of the methods",
		Simulated: "Rehearsal: these people are simulated.", Data: "Digest of the data", Program: "Program",
		flow: "Who took part", outcomes: "All outcomes", change: "Change",
		people: "Person by person", items: "Question by question", model: "How well the model holds", baseline: "Before the course", missing: "Missing answers",
		unwanted: "Unwanted effects", reliability: "How exactly it was measured", power: "What this study could find",
		dose: "Amount and change", pooled: "Over the course runs",
	}
}
