package drafting

import "errors"

// ErrGone: the item, page, set, scale or language to be changed is not there (any
// more).
var ErrGone = errors.New("this part of the draft is not there")

// A Refusal is a change that cannot be made: the field at fault, and the key of a
// message.
type Refusal struct{ Field, Message string } //nolint:errname // what it is, not that it is an error

// Error is the key of the message.
func (r *Refusal) Error() string { return r.Field + ": " + r.Message }

func refuse(field, message string) error { return &Refusal{field, message} }

// Message keys of refusals.
const (
	MessageCode       = "draft.code"        // not a code
	MessageCodeTaken  = "draft.code_taken"  // of another item, scale or set
	MessageFull       = "draft.full"        // there is no room for more
	MessageOptions    = "draft.options"     // a line is not "1 = Never"
	MessageNumber     = "draft.number"      // not a number
	MessageLast       = "draft.last_page"   // the last page stays
	MessageSeveral    = "draft.choose_some" // nothing was chosen
	MessageBlockTwice = "draft.block_twice" // an item or a scale of the block is there already
	MessageSetTaken   = "draft.set_taken"   // another list of answers has this name
	MessageLanguage   = "draft.language"    // not a language tag, or given already
	MessageLines      = "draft.lines"       // a line of a table cannot be read
	MessageIsBlock    = "draft.whole_block" // items of a published questionnaire are taken together
)
