package survey

import "strconv"

// setbacksTexts is what a study of a course of so many meetings says in other languages
// than its own, and its welcome in all of them.
func setbacksTexts(meetings int) []StudyText {
	var texts []StudyText
	for _, in := range []struct {
		language, title, welcome             string
		before, week, after, threeMonthsLate string
	}{
		{
			language: "en",
			welcome: "It is good that you are here. This study asks how people treat themselves when something goes wrong, and whether a course can help. " +
				"There are no right or wrong answers.",
		},
		{
			"de", "Aus Rückschlägen lernen",
			"Schön, dass du da bist. In dieser Studie geht es darum, wie Menschen mit sich umgehen, wenn etwas schiefgeht, und ob ein Kurs dabei helfen kann. " +
				"Es gibt keine richtigen oder falschen Antworten.",
			"Vor dem Kurs", "Woche", "Nach dem Kurs", "Drei Monate später",
		},
		{
			"es", "Aprender de los tropiezos",
			"Qué bien que estés aquí. Este estudio pregunta cómo nos tratamos cuando algo sale mal y si un curso puede ayudar. " +
				"No hay respuestas correctas ni incorrectas.",
			"Antes del curso", "Semana", "Después del curso", "Tres meses después",
		},
	} {
		add := func(key, body string) {
			texts = append(texts, StudyText{Language: in.language, Key: key, Body: body})
		}
		add(TextWelcome, in.welcome)
		if in.title == "" {
			continue
		}
		add(TextTitle, in.title)
		add(WaveText("pre"), in.before)
		for w := 1; w <= meetings; w++ {
			add(WaveText(weekKey(w)), in.week+" "+strconv.Itoa(w))
		}
		add(WaveText("post"), in.after)
		add(WaveText("followup_3m"), in.threeMonthsLate)
	}
	return texts
}
