package trials

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

// commit is what was tested; with "+" when the tree had changes besides.
func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short=10", "HEAD").Output() //nolint:noctx // ends by itself
	if err != nil {
		return "unknown"
	}
	id := strings.TrimSpace(string(out))
	if err := exec.Command("git", "diff", "--quiet", "HEAD").Run(); err != nil { //nolint:noctx // ends by itself
		id += "+"
	}
	return id
}

// machine says on what kind of computer this runs, and no name of it.
func machine() string {
	text := fmt.Sprintf("%s/%s, %d cores", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	if info, err := os.ReadFile("/proc/meminfo"); err == nil {
		if fields := strings.Fields(string(info)); len(fields) > 1 {
			if kB, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
				text += fmt.Sprintf(", %d GB memory", (kB+1<<19)>>20)
			}
		}
	}
	return text
}

// Busy is how many tasks have wanted a processor over the last minute, of which the
// trial's own are some; "" where the system does not tell.
func Busy() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
