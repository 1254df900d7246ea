package course

import (
	"fmt"
	"strconv"
	"strings"
)

// Key names the practice of a meeting within its course, as "week_03".
func (m Meeting) Key() string { return fmt.Sprintf("week_%02d", m.Number) }

// NumberOf is the number of the meeting whose practice has the key; 0 when no
// meeting can have it.
func NumberOf(key string) int {
	digits, ok := strings.CutPrefix(key, "week_")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 1 || (Meeting{Number: n}).Key() != key {
		return 0
	}
	return n
}
