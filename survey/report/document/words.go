package document

// words are what the document itself says in one language.
type words struct {
	lang                                        string
	report, answer, flow, outcomes, change      string
	people, items, model, baseline, missing     string
	unwanted, reliability, power, dose, pooled  string
	methods, results, references, made, numbers string
	simulated                                   string
}

func wordsOf(language string) words {
	if language == "de" {
		return words{
			lang: "de", report: "Bericht", answer: "Die Antwort", flow: "Wer teilnahm", outcomes: "Alle Zielgrößen", change: "Veränderung",
			people: "Einzelne Personen", items: "Frage für Frage", model: "Prüfung des Modells", baseline: "Vor dem Kurs", missing: "Fehlende Antworten",
			unwanted: "Unerwünschte Wirkungen", reliability: "Messgenauigkeit", power: "Was diese Studie finden konnte",
			dose: "Menge und Veränderung", pooled: "Über die Kursdurchgänge",
			methods: "Für den Methodenteil", results: "Für den Ergebnisteil", references: "Literatur zu den Verfahren",
			made: "Erstellt", numbers: "Die Zahlen der Abbildung",
			simulated: "Probelauf: Diese Personen sind simuliert.",
		}
	}
	return words{
		lang: "en", report: "Report", answer: "The answer", flow: "Who took part", outcomes: "All outcomes", change: "Change",
		people: "Person by person", items: "Question by question", model: "How well the model holds", baseline: "Before the course", missing: "Missing answers",
		unwanted: "Unwanted effects", reliability: "How exactly it was measured", power: "What this study could find",
		dose: "Amount and change", pooled: "Over the course runs",
		methods: "For your method section", results: "For your results section", references: "References of the methods",
		made: "Made", numbers: "The figure’s numbers",
		simulated: "Rehearsal: these people are simulated.",
	}
}
