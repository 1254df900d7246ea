package web

import (
	"slices"
	"strings"
)

// helpLine is somebody to turn to, as a page shows it.
type helpLine struct {
	Name    string
	Phone   string
	Message string // how to write there
	Web     string
	Hours   string // in the words of a study
	Always  bool   // day and night
	Free    bool
	// Language is spoken there, where it is not clear from the country.
	Language string
}

// Tel is a telephone number as a link dials it.
func (l helpLine) Tel() string { return dialled(l.Phone) }

// dialled keeps what a telephone dials; of several numbers, the first.
func dialled(phone string) string {
	if first, _, several := strings.Cut(phone, "/"); several && strings.ContainsAny(first, "0123456789") {
		phone = first
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' || r == '*' || r == '#' {
			return r
		}
		return -1
	}, phone)
}

// homeland is what is known of a country without any study.
type homeland struct {
	code      string
	emergency []string
	lines     []helpLine
	zones     []string // begin the names of its time zones
}

// homelands holds a few countries of which the numbers are well known. It is not
// a directory: studies name whom their people can turn to, and everybody is told
// how to find a line in any country.
var homelands = []homeland{
	{code: "AT", emergency: []string{"112", "144"}, zones: []string{"Europe/Vienna"}, lines: []helpLine{
		{Name: "TelefonSeelsorge", Phone: "142", Web: "https://www.telefonseelsorge.at", Always: true, Free: true},
	}},
	{code: "AU", emergency: []string{"000"}, zones: []string{"Australia/"}, lines: []helpLine{
		{Name: "Lifeline", Phone: "13 11 14", Web: "https://www.lifeline.org.au", Always: true},
	}},
	{code: "BE", emergency: []string{"112"}, zones: []string{"Europe/Brussels"}, lines: []helpLine{
		{Name: "Zelfmoordlijn", Phone: "1813", Web: "https://www.zelfmoord1813.be", Always: true, Free: true, Language: "nl"},
		{Name: "Centre de Prévention du Suicide", Phone: "0800 32 123", Web: "https://www.preventionsuicide.be", Always: true, Free: true, Language: "fr"},
	}},
	{code: "CA", emergency: []string{"911"}, zones: []string{
		"America/Toronto", "America/Vancouver", "America/Halifax", "America/Winnipeg", "America/Edmonton",
		"America/Regina", "America/St_Johns", "America/Montreal",
	}, lines: []helpLine{
		{Name: "9-8-8: Suicide Crisis Helpline", Phone: "988", Message: "988", Web: "https://988.ca", Always: true, Free: true},
	}},
	{code: "CH", emergency: []string{"112", "144"}, zones: []string{"Europe/Zurich"}, lines: []helpLine{
		{Name: "Die Dargebotene Hand, La Main Tendue, Telefono Amico", Phone: "143", Web: "https://www.143.ch", Always: true},
	}},
	{code: "DE", emergency: []string{"112"}, zones: []string{"Europe/Berlin", "Europe/Busingen"}, lines: []helpLine{
		{Name: "TelefonSeelsorge", Phone: "0800 111 0 111", Web: "https://www.telefonseelsorge.de", Always: true, Free: true},
		{Name: "TelefonSeelsorge", Phone: "0800 111 0 222", Always: true, Free: true},
	}},
	{code: "ES", emergency: []string{"112"}, zones: []string{"Europe/Madrid", "Atlantic/Canary", "Africa/Ceuta"}, lines: []helpLine{
		{Name: "Línea 024", Phone: "024", Always: true, Free: true},
	}},
	{code: "FR", emergency: []string{"112", "15"}, zones: []string{"Europe/Paris"}, lines: []helpLine{
		{Name: "3114, numéro national de prévention du suicide", Phone: "3114", Web: "https://3114.fr", Always: true, Free: true},
	}},
	{code: "GB", emergency: []string{"999", "112"}, zones: []string{"Europe/London", "Europe/Belfast"}, lines: []helpLine{
		{Name: "Samaritans", Phone: "116 123", Web: "https://www.samaritans.org", Always: true, Free: true},
	}},
	{code: "IE", emergency: []string{"112", "999"}, zones: []string{"Europe/Dublin"}, lines: []helpLine{
		{Name: "Samaritans", Phone: "116 123", Web: "https://www.samaritans.org", Always: true, Free: true},
	}},
	{code: "NL", emergency: []string{"112"}, zones: []string{"Europe/Amsterdam"}, lines: []helpLine{
		{Name: "113 Zelfmoordpreventie", Phone: "113 / 0800 0113", Web: "https://www.113.nl", Always: true, Free: true},
	}},
	{code: "NZ", emergency: []string{"111"}, zones: []string{"Pacific/Auckland", "Pacific/Chatham"}, lines: []helpLine{
		{Name: "1737", Phone: "1737", Message: "1737", Web: "https://1737.org.nz", Always: true, Free: true},
	}},
	{code: "US", emergency: []string{"911"}, zones: []string{
		"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix",
		"America/Detroit", "America/Boise", "America/Anchorage", "America/Indiana", "America/Kentucky", "Pacific/Honolulu", "US/",
	}, lines: []helpLine{
		{Name: "988 Suicide & Crisis Lifeline", Phone: "988", Message: "988", Web: "https://988lifeline.org", Always: true, Free: true},
	}},
}

// europeans are the countries of the European Union: 112 is answered in each.
var europeans = strings.Fields("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")

// homelandOf is what is known of a country; an empty one when nothing is.
func homelandOf(code string) homeland {
	for _, h := range homelands {
		if h.code == code {
			return h
		}
	}
	h := homeland{code: code}
	if slices.Contains(europeans, code) {
		h.emergency = []string{"112"}
	}
	return h
}

// countryIn is where a time zone is, if that is known.
func countryIn(zone string) string {
	for _, h := range homelands {
		if slices.ContainsFunc(h.zones, func(begin string) bool { return strings.HasPrefix(zone, begin) }) {
			return h.code
		}
	}
	return ""
}
