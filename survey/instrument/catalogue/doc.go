// Package catalogue knows published questionnaires by their facts: how many items
// they have, which of them are turned, how they are scored, what is known of their
// scores, and on what terms they may be used. It holds no wording: that is the
// authors', and each installation adds it once from its own copy.
//
// [All] lists the entries and [ByID] finds one. [Entry.Key] is a definition that
// scores files without any wording. [PasteWording] takes an author's sheet apart and
// tells every doubt; [Entry.Definition] makes a questionnaire of what was found.
// Entries that are not Ready are listed with the reason and cannot be scored.
//
// It is pure, and imports the instruments and the strict reader of definition files.
package catalogue
