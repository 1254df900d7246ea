package browser

import (
	"encoding/json"
	"fmt"
)

// TourImports walks through bringing answers in: a file with faults, what its columns
// are, what would be written, the result, taking it back, and typing paper in.
func TourImports(b *Browser, ways Ways, width int, look func(Stop) error) error {
	base, err := ways.base()
	if err != nil {
		return err
	}
	return walkThrough(b, ways, base, width, look, (*walk).imports)
}

func (w *walk) imports() error {
	const (
		button = "main form .btn"
		faulty = "Code;Datum;sc_01_post;sc_02_post;Notiz\nN-1;12.10.2026;7;selten\nN-2;30.02.2026;-99;Often;שלום 🙂\n"
		good   = "Code;Datum;sc_01_post;sc_02_post;Notiz\nN-1;12.10.2026;3;seldom;x\nN-2;13.10.2026;-99;Often;שלום 🙂\n"
	)
	return w.do(
		signIn(w.ways.Researcher),
		visit(study+"/data"), follow("a[href$='/imports']"), see("imports"),
		choose("earlier.csv", "no rows"), follow(button), see("import-unreadable"),
		choose("earlier.csv", faulty), follow(button), see("import-columns"),
		follow("form:has(#c0) .btn"), see("import-faults"),
		visit(study+"/imports"), choose("earlier.csv", good), follow(button),
		fill("#missing", "-99"), click("input[name=create]"), pick("#arm", "course"), pickLast("#run"), follow("form:has(#c0) .btn"), see("import-preview"),
		click("#agreed"), follow("form[action$='/apply'] .btn"), see("import-written"),
		follow("form[action$='/undo'] .btn"), see("import-undone"),
		visit(study+"/paper"), see("paper"), fill("#code", "nobody"), follow(button), see("paper-nobody"),
		pickFirstCode(), pick("#form", "followup_3m:resilience"), follow(button), see("paper-questions"),
		follow("main form[method=post] .btn"), see("paper-faults"),
	)
}

// choose puts a file into the field for one.
func choose(name, content string) step {
	return func(w *walk) error {
		text, err := json.Marshal([]string{content, name})
		if err != nil {
			return err
		}
		_, err = Evaluate[bool](w.Tab, fmt.Sprintf(`(([content, name]) => {
			const files = new DataTransfer();
			files.items.add(new File([content], name));
			document.querySelector("#file").files = files.files;
			return true;
		})(%s)`, text))
		return err
	}
}

// pick chooses from a list.
func pick(css, value string) step { return fill(css, value) }

// pickLast chooses the last of a list.
func pickLast(css string) step {
	return func(w *walk) error {
		_, err := Evaluate[bool](w.Tab, fmt.Sprintf("(s => { s.selectedIndex = s.length - 1; return true })(document.querySelector(%q))", css))
		return err
	}
}

// pickFirstCode types the first code that is suggested.
func pickFirstCode() step {
	return func(w *walk) error {
		_, err := Evaluate[bool](w.Tab, `document.querySelector("#code").value = document.querySelector("#codes option").value, true`)
		return err
	}
}
