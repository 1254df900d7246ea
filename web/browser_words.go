package web

import "strings"

const unknownBrowser = "A browser that does not say what it is"

// browserWords says in plain words what a browser says of itself ("User-Agent"): enough
// for somebody to tell their own browsers apart, and nothing of versions. Whoever is
// called by several names is meant by the first that fits.
func browserWords(agent string) string {
	browser := firstOf(agent, [][2]string{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"},
		{"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"},
	})
	system := firstOf(agent, [][2]string{
		{"iPhone", "an iPhone"}, {"iPad", "an iPad"}, {"Android", "an Android device"}, {"Windows", "Windows"},
		{"Mac OS X", "a Mac"}, {"CrOS", "a Chromebook"}, {"Linux", "Linux"},
	})
	switch {
	case browser != "" && system != "":
		return browser + " on " + system
	case browser != "":
		return browser
	case system != "":
		return "A browser on " + system
	}
	return ""
}

// firstOf is the word for the first sign that is in a text.
func firstOf(text string, words [][2]string) string {
	for _, w := range words {
		if strings.Contains(text, w[0]) {
			return w[1]
		}
	}
	return ""
}
