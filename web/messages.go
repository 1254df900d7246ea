package web

import "tidemark/web/locale"

// messages are the texts for staff behind the keys that use cases and the error
// table give. Keys ending in ".title" are headings. What participants can see is
// in package locale.
var messages = map[string]string{
	"error.prefix":        "Error: ",
	"error.duplicate":     "There is something with this name already. Choose another. Nothing was changed.",
	"error.removed.title": "The content is gone",
	"error.removed":       "The data of this snapshot were removed. Why is written on its page.",
	"error.broken.title":  "This snapshot cannot be used",
	"error.broken":        "Its content is no longer what was frozen, so nothing is computed from it. Tell the administrator of this installation.",

	"text.too_long":                   "This text is too long.",
	"text.unreadable":                 "This text has characters that cannot be read. Type it again.",
	"consent.missing":                 "Nothing stands here yet.",
	"consent.missing.who":             "Say who runs the study.",
	"consent.missing.purpose":         "Say what the study is for.",
	"consent.missing.asked":           "Say what people are asked, and how long it takes.",
	"consent.missing.voluntary":       "Say that nobody has to take part.",
	"consent.missing.withdrawal":      "Say how to stop, and until when answers can be removed.",
	"consent.missing.risks":           "Say what may be hard.",
	"consent.missing.confidentiality": "Say who sees answers, and what the limits are.",
	"consent.missing.storage":         "Say where data are kept, and for how long.",
	"consent.missing.sharing":         "Say whether anonymised data are shared.",
	"consent.missing.contact":         "Say whom to ask, and where to complain.",
	"consent.missing.ethics":          "Name the ethics board and its approval; or say: none needed, because …",
	"consent.missing.support":         "Say where help is to be found, also afterwards.",
	"consent.missing.safety":          "Say who reads answers, and when: in the safety declaration, or here.",
	"consent.unfinished":              "Fill in what stands in [brackets].",
	"consent.no_heading":              "Give this part a heading.",
	"consent.no_reason":               "Say why no approval is needed: “none needed, because …”.",
	"consent.choice_unknown":          "The text in the study’s language does not ask this.",
	"consent.minimum_age":             "Write an age from 0 to 99; 0 asks for none.",
	"consent.not_final":               "Tick the box to say that the text is final.",

	"time_zone.unknown":           "Write a time zone as Europe/Madrid or America/New_York.",
	"study.unknown_template":      "Choose one of the templates.",
	"safety.no_shape":             "Say whether the study is linked and monitored, or anonymous.",
	"safety.shape_fixed":          "People have agreed to the study as it is: this cannot change once it is open.",
	"safety.no_responder":         "Name who reads such answers first: somebody whose account is open and has a role in this study.",
	"safety.no_deputy":            "Name a deputy, who is told when the responder does not act: somebody whose account is open and has a role in this study.",
	"safety.not_staff":            "Name somebody whose account is open and has a role in this study.",
	"safety.same_person":          "The deputy stands in for the responder: name two different people.",
	"safety.no_hours":             "Say when somebody reads, as “Monday to Friday, 9 to 17”.",
	"safety.no_window":            "Say within how many hours such an answer is read, 1 to 168.",
	"safety.bad_window":           "Give a whole number of hours, 1 to 168.",
	"safety.no_wording":           "Write what people are told about who reads their answers and when.",
	"safety.no_resources":         "Name at least one place that people can turn to, with its country.",
	"safety.too_many":             "Name at most 60 places.",
	"safety.bad_country":          "Choose a country.",
	"safety.no_name":              "Give the name of the place.",
	"safety.no_way":               "Give a telephone number, a way to write, or an address on the web.",
	"safety.bad_phone":            "A telephone number has digits in it.",
	"safety.bad_language":         "Give a language as a code, as en, de or es.",
	"safety.bad_web":              "Give an address on the web, as https://example.org.",
	"study.bad_key":               "Use lower-case letters, digits and hyphens.",
	"study.trend_too_small":       "A group trend needs at least 5 people.",
	"study.not_open":              "The study is not open yet. An administrator opens it.",
	"run.name_missing":            "Give the course run a name, as “Spring evening group”.",
	"run.bad_time":                "Write the time as 18:30.",
	"run.bad_date":                "Write the date as 2026-03-02.",
	"run.unknown_course":          "Choose one of the courses.",
	"run.unknown_arm":             "Choose one of the groups.",
	"run.unknown_meeting":         "The course has no such meeting.",
	"people.none":                 "Write at least one name or address.",
	"people.too_many":             "Add at most 5,000 people at a time.",
	"people.twice":                "This address stands here twice.",
	"people.already":              "This address is in the course run already.",
	"people.bad_email":            "This is not an e-mail address.",
	"planning.effect":             "The effect must be above 0 and at most 3.",
	"planning.r":                  "The correlation must be above −1 and below 1.",
	"planning.attrition":          "The share of people lost must be from 0 to 0.95.",
	"planning.alpha":              "The significance level must be from 0.0001 to 0.2.",
	"planning.power":              "The power must be from 0.5 to 0.999.",
	"planning.ratio":              "The ratio of the arms must be from 0.1 to 10.",
	"plan.bad_schema":             "This is not a plan this program can read.",
	"plan.no_primary":             "Choose at least one primary outcome.",
	"plan.too_many_primary":       "Choose at most 5 primary outcomes.",
	"plan.too_many":               "That is more than a plan can hold.",
	"plan.unknown_scale":          "Choose one of the study’s scales.",
	"plan.unknown_wave":           "Choose one of the surveys.",
	"plan.unknown_arm":            "Choose one of the groups.",
	"plan.unknown_choice":         "Choose from what is offered.",
	"plan.outcome_twice":          "This outcome is in the plan already.",
	"plan.bad_contrast":           "Choose two different groups.",
	"plan.same_wave":              "Choose two different surveys.",
	"plan.waves_reversed":         "The later survey must come after the earlier one.",
	"plan.scale_not_asked":        "This survey does not ask that scale.",
	"plan.arm_not_asked":          "One of the groups is not asked in both surveys.",
	"plan.no_population":          "Choose whose data are analysed.",
	"plan.bad_sessions":           "Write a number of meetings the course has.",
	"plan.no_estimator":           "Choose an estimator.",
	"plan.ancova_needs_arms":      "ANCOVA compares two groups. Choose another estimator, or outcomes between groups.",
	"plan.bad_alpha":              "Write a level between 0 and 0.5, as 0.05.",
	"plan.likelihood_needs_model": "Maximum likelihood needs the mixed model as the estimator.",
	"plan.imputation_not_listed":  "Tick multiple imputation among the estimators.",
	"plan.bad_imputations":        "Write a number from 2 to 1000.",
	"plan.bad_seed":               "Write a whole number that is not negative.",
	"plan.bad_deltas":             "Write different numbers between −10 and 10, as 0.2, 0.5.",
	"plan.bad_number":             "Write a number.",
	"plan.threshold_twice":        "This scale has its thresholds already.",
	"plan.bad_mcid":               "Write a number of points above 0 that the scale can change by.",
	"plan.bad_reliability":        "Write a reliability between 0 and 1, as 0.89.",
	"plan.reliability_unused":     "A value is only for a published reliability.",
	"plan.bad_sd":                 "Write a standard deviation above 0.",
	"plan.norm_incomplete":        "A norm needs mean and standard deviation.",
	"plan.reason_missing":         "Say why the locked plan is changed.",
	"plan.unreadable":             "This is not a plan file.",
	"plan.not_confirmed":          "Tick the box to say that the plan is final.",
	"snapshot.name_missing":       "Give the snapshot a name, as “Primary analysis”.",
	"snapshot.reason_missing":     "Say why the data are removed.",
	"user.bad_email":              "Write an e-mail address, as ana@example.org.",
	"user.bad_role":               "Choose a role, and the study it is for.",
	"user.not_yourself":           "You cannot close your own account.",
	"user.password_short":         "Use at least 15 characters. A sentence you can remember is good.",
	"user.password_differs":       "The two are not the same. Type the new password twice.",
	"user.password_long":          "Use at most 256 characters.",
	"sign_in.wrong":               "E-mail address and password do not match an account. Check both and try again.",
	"sign_in.link_dead.title":     "This link does not work",
	"sign_in.link_dead":           "A sign-in link works once and for a few days. Ask an administrator for a new one.",
}

// messageText is the text of a key for staff; a key without a text is shown as it
// is, so that nothing is silently empty.
func messageText(key string) string {
	if text, ok := messages[key]; ok {
		return text
	}
	return key
}

// message is the text of a key in a language, or what staff are told.
func message(l *locale.Language, key string) string {
	if l.Knows(key) {
		return l.Say(key)
	}
	return messageText(key)
}
