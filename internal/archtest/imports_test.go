package archtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rule says what a package may import besides the standard library. A path
// ending in "/..." stands for itself and everything beneath it.
type rule struct {
	pkg     string
	imports []string
}

// pure are the packages that know the domain's definitions and nothing that is
// stored.
var pure = []string{
	"tidemark/survey/reminding",
	"tidemark/survey/instrument", "tidemark/survey/instrument/catalogue", "tidemark/survey/schedule", "tidemark/survey/course", "tidemark/survey/plan",
	"tidemark/survey/consent", "tidemark/survey/instrument/drafting", "tidemark/survey/shortcode", "tidemark/survey/peoplelist", "tidemark/survey/disclosure", "tidemark/survey/allocation",
	"tidemark/survey/selfcode",
	"tidemark/survey/datafile", "tidemark/survey/pastwaves",
}

// everything is for the program and the tools around it, which put the parts
// together.
var everything = []string{"..."}

// numbers are what a package of statistics may stand on.
var numbers = []string{"gonum.org/v1/gonum/...", "tidemark/analysis/..."}

// rules is the map. The arrows point inwards: pages → use cases → definitions.
var rules = []rule{
	// Numbers that do not know what they mean.
	{"tidemark/analysis", numbers},
	{"tidemark/analysis/design", numbers},
	{"tidemark/analysis/dist", numbers},
	{"tidemark/analysis/factor", numbers},
	{"tidemark/analysis/missing", numbers},
	{"tidemark/analysis/mixed", numbers},
	{"tidemark/analysis/power", numbers},
	{"tidemark/analysis/internal/parallel", nil},
	{"tidemark/analysis/internal/root", nil},
	{"tidemark/analysis/internal/spd", nil},

	// Definitions, readable without a database.
	{"tidemark/survey/internal/definition", []string{"github.com/goccy/go-yaml/..."}},
	{"tidemark/survey/internal/readability", nil},
	{"tidemark/survey/instrument", []string{"tidemark/survey/internal/definition", "github.com/expr-lang/expr/..."}},
	{"tidemark/survey/instrument/exchange", []string{
		"tidemark/survey/instrument", "github.com/expr-lang/expr/...", "github.com/xuri/excelize/v2",
	}},
	{"tidemark/survey/instrument/drafting", []string{"tidemark/survey/instrument"}},
	{"tidemark/survey/instrument/catalogue", []string{"tidemark/survey/instrument", "tidemark/survey/internal/definition"}},
	{"tidemark/survey/schedule", nil},
	{"tidemark/survey/reminding", []string{"tidemark/survey/schedule"}},
	{"tidemark/survey/course", []string{"tidemark/survey/internal/definition"}},
	{"tidemark/survey/plan", []string{"tidemark/survey/internal/definition"}},
	{"tidemark/survey/consent", nil},
	{"tidemark/survey/shortcode", nil},
	{"tidemark/survey/disclosure", nil},
	{"tidemark/survey/peoplelist", nil},
	{"tidemark/survey/datafile", []string{"tidemark/survey/peoplelist", "golang.org/x/text/..."}},
	{"tidemark/survey/pastwaves", []string{"tidemark/survey/instrument", "tidemark/survey/datafile"}},
	{"tidemark/survey/selfcode", nil},
	{"tidemark/survey/allocation", nil},
	{"tidemark/survey/vault", nil},
	{"tidemark/survey/client", nil},
	{"tidemark/survey/calendar", []string{"tidemark/survey/schedule"}},

	// The domain and its use cases.
	{"tidemark/survey", pure},

	// What use cases stand on. Only the store knows SQL and GORM.
	{"tidemark/migrations", []string{"github.com/pressly/goose/v3/..."}},
	{"tidemark/survey/store", append([]string{
		"tidemark/survey", "tidemark/migrations", "tidemark/survey/vault",
		"gorm.io/gorm/...", "gorm.io/driver/postgres", "github.com/jackc/pgx/v5/...", "modernc.org/sqlite/...",
	}, pure...)},
	{"tidemark/survey/backup", []string{
		"tidemark/survey", "tidemark/survey/store", "tidemark/migrations", "filippo.io/age/...",
	}},
	{"tidemark/survey/oidc", []string{"tidemark/survey", "github.com/coreos/go-oidc/v3/oidc", "golang.org/x/oauth2"}},
	{"tidemark/survey/passkey", []string{"tidemark/survey", "github.com/go-webauthn/webauthn/..."}},
	{"tidemark/mail", []string{"tidemark/survey", "github.com/wneessen/go-mail/..."}},
	{"tidemark/survey/auth", []string{"tidemark/survey", "golang.org/x/crypto/...", "github.com/pquerna/otp/..."}},

	// What is made of a study's data.
	{"tidemark/survey/report", append([]string{
		"tidemark/survey", "tidemark/analysis", "tidemark/survey/report/figure",
	}, pure...)},
	{"tidemark/survey/report/paper", append([]string{
		"tidemark/survey", "tidemark/analysis/...", "tidemark/survey/report", "tidemark/survey/report/figure",
	}, pure...)},
	{"tidemark/survey/report/document", []string{
		"tidemark/survey/report", "tidemark/survey/report/paper", "tidemark/survey/report/prose", "tidemark/survey/report/figure",
	}},
	{"tidemark/survey/report/filedata", append([]string{
		"tidemark/survey", "tidemark/analysis", "tidemark/survey/report", "tidemark/survey/report/paper", "tidemark/survey/report/sheet",
	}, pure...)},
	{"tidemark/survey/report/prose", append([]string{
		"tidemark/survey", "tidemark/analysis/...", "tidemark/survey/report", "tidemark/survey/report/paper",
	}, pure...)},
	{"tidemark/survey/report/figure", nil},
	{"tidemark/survey/report/figure/figuretest", []string{"tidemark/survey/report/figure"}},
	{"tidemark/survey/report/figure/render", []string{
		"tidemark/survey/report/figure",
		"codeberg.org/go-fonts/liberation/...", "codeberg.org/go-pdf/fpdf", "golang.org/x/image/...",
	}},
	{"tidemark/survey/report/sheet", nil},
	{"tidemark/survey/report/keyed", []string{
		"tidemark/analysis", "tidemark/survey/instrument", "tidemark/survey/instrument/catalogue", "tidemark/survey/report/sheet",
	}},
	{"tidemark/survey/export", append([]string{"tidemark/survey", "tidemark/survey/export/...", "tidemark/survey/instrument/exchange"}, pure...)},
	{"tidemark/survey/export/deidentify", append([]string{"tidemark/survey"}, pure...)},
	{"tidemark/survey/export/dataset", nil},
	{"tidemark/survey/export/dataset/datasettest", []string{"tidemark/survey/export/dataset"}},
	{"tidemark/survey/export/spss", []string{"tidemark/survey/export/dataset"}},
	{"tidemark/survey/export/jamovi", []string{"tidemark/survey/export/dataset"}},
	{"tidemark/survey/export/stata", []string{"tidemark/survey/export/dataset"}},
	{"tidemark/survey/export/excel", []string{"tidemark/survey/export/dataset", "github.com/xuri/excelize/v2"}},
	{"tidemark/survey/export/parquet", []string{"tidemark/survey/export/dataset"}},
	{"tidemark/survey/export/fhir", nil},
	{"tidemark/survey/export/odm", nil},
	{"tidemark/survey/export/ddi", nil},
	{"tidemark/survey/export/jsonlines", []string{"tidemark/survey/export/dataset"}},
	{"tidemark/survey/rehearsal", append([]string{"tidemark/survey"}, pure...)},

	// Pages. Only they know Gin; they know no database.
	{"tidemark/web/locale", []string{"tidemark/survey/schedule", "golang.org/x/text/..."}},
	{"tidemark/web/redcap", append([]string{
		"tidemark/survey", "tidemark/survey/export", "tidemark/survey/instrument/exchange", "github.com/gin-gonic/gin",
	}, pure...)},
	{"tidemark/web/rest", append([]string{
		"tidemark/survey", "tidemark/survey/client", "tidemark/survey/export", "tidemark/survey/export/dataset", "github.com/gin-gonic/gin",
	}, pure...)},
	{"tidemark/web", append([]string{
		"tidemark/web/locale", "tidemark/survey", "tidemark/survey/report/...", "tidemark/survey/calendar", "tidemark/survey/export", "tidemark/survey/export/deidentify", "tidemark/analysis",
		"tidemark/survey/instrument/exchange", "tidemark/web/rest", "tidemark/web/redcap",
		"github.com/gin-gonic/gin", "rsc.io/qr/...",
	}, pure...)},

	// What a server tells of itself to whoever looks after it.
	{"tidemark/operate", []string{"tidemark/survey", "github.com/VictoriaMetrics/metrics", "golang.org/x/crypto/..."}},

	// The program.
	{"tidemark/cmd/tidemark", everything},

	// Tools for whoever works on it; nothing above imports them but tests.
	{"tidemark/survey/storetest", everything},
	{"tidemark/internal/pgserver", nil},
	{"tidemark/internal/chromium", nil},
	{"tidemark/internal/readers", nil},
	{"tidemark/internal/sbom", nil},
	{"tidemark/internal/schemamake", nil},
	{"tidemark/internal/checks", []string{"tidemark/internal/pgserver", "tidemark/internal/chromium", "tidemark/internal/readers"}},
	{"tidemark/internal/archtest", nil},
	{"tidemark/internal/program", nil},
	{"tidemark/internal/trials", nil},
	{"tidemark/internal/trustreport", []string{"tidemark/internal/trials"}},
	{"tidemark/internal/load", everything},
	{"tidemark/internal/visitor", nil},
	{"tidemark/internal/postoffice", []string{"github.com/emersion/go-smtp"}},
	{"tidemark/internal/risky", []string{"tidemark/survey", "tidemark/survey/instrument", "tidemark/survey/schedule"}},
	{"tidemark/internal/kinds", []string{"tidemark/survey", "tidemark/survey/instrument", "tidemark/survey/schedule"}},
	{"tidemark/internal/stage", everything},
	{"tidemark/internal/served", everything},
	{"tidemark/internal/faults", everything},
	{"tidemark/internal/bench", everything},
	{"tidemark/internal/benchanalysis", everything},
	{"tidemark/internal/browser", []string{"tidemark/internal/chromium", "github.com/chromedp/..."}},
	{"tidemark/internal/screenshots", everything},
}

func TestPackagesImportWhatTheMapAllows(t *testing.T) {
	t.Parallel()
	for _, v := range violations(packages(t), rules) {
		t.Error(v)
	}
}

func TestWhatTheMapForbidsIsFound(t *testing.T) {
	t.Parallel()
	got := violations([]pkg{
		{"tidemark/analysis", []string{"math", "gonum.org/v1/gonum/mat", "tidemark/survey"}},
		{"tidemark/web", []string{"net/http", "github.com/gin-gonic/gin", "gorm.io/gorm", "tidemark/survey/store", "tidemark/survey/report/figure"}},
		{"tidemark/survey", []string{"tidemark/survey/internal/definition", "github.com/gin-gonic/gin"}},
		{"tidemark/cmd/tidemark", []string{"tidemark/web", "gorm.io/gorm"}},
		{"tidemark/helpers", []string{"fmt"}},
	}, rules)
	want := []string{
		"tidemark/analysis must not import tidemark/survey",
		"tidemark/web must not import gorm.io/gorm",
		"tidemark/web must not import tidemark/survey/store",
		"tidemark/survey must not import tidemark/survey/internal/definition",
		"tidemark/survey must not import github.com/gin-gonic/gin",
		"tidemark/helpers is not on the map",
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("violations (-got +want):\n%s", d)
	}
}

func violations(all []pkg, rules []rule) []string {
	var found []string
	for _, p := range all {
		i := slices.IndexFunc(rules, func(r rule) bool { return r.pkg == p.ImportPath })
		if i < 0 {
			found = append(found, p.ImportPath+" is not on the map")
			continue
		}
		for _, path := range p.Imports {
			if !standard(path) && !rules[i].allows(path) {
				found = append(found, fmt.Sprintf("%s must not import %s", p.ImportPath, path))
			}
		}
	}
	return found
}

// standard reports whether a path is of the standard library, whose first
// element has no dot.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return first != module && !strings.Contains(first, ".")
}

func (r rule) allows(path string) bool {
	return slices.ContainsFunc(r.imports, func(allowed string) bool {
		tree, isTree := strings.CutSuffix(allowed, "...")
		if !isTree {
			return path == allowed
		}
		return path+"/" == tree || strings.HasPrefix(path, tree)
	})
}
