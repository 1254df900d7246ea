package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// scoredData is a folder of answers with the totals that others worked out from
// them, expected.json. Real ones may not be published and are not part of the
// project; where none is named, the same check runs on small ones of our own.
func scoredData(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("TIDEMARK_ANALYZE_DATA"); dir != "" {
		return dir
	}
	return filepath.Join("testdata", "score")
}

// scoreFile scores a file, and gives the scores by column and what was found out.
func scoreFile(t *testing.T, args ...string) (map[string][]string, scoring) {
	t.Helper()
	summary := filepath.Join(t.TempDir(), "summary.json")
	r := must(t, "", append([]string{"instrument", "score", "--summary", summary}, args...)...)
	var told scoring
	data, err := os.ReadFile(summary)
	if err == nil {
		err = json.Unmarshal(data, &told)
	}
	if err != nil {
		t.Fatal(err)
	}
	return columnsOf(t, r.stdout), told
}

func columnsOf(t *testing.T, text string) map[string][]string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string][]string{}
	for i, name := range records[0] {
		for _, record := range records[1:] {
			columns[name] = append(columns[name], record[i])
		}
	}
	return columns
}

func (s scoring) scale(t *testing.T, key string) scoredScale {
	t.Helper()
	for _, scale := range s.Scales {
		if scale.Key == key {
			return scale
		}
	}
	t.Fatalf("%s was not scored", key)
	return scoredScale{}
}

func TestFilesAreScoredAsOthersScoredThem(t *testing.T) {
	t.Parallel()
	dir := scoredData(t)
	text, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var topics map[string]any
	if err := json.Unmarshal(text, &topics); err != nil {
		t.Fatal(err)
	}
	c := &comparison{t: t, dir: dir, want: figures{}, seen: map[string]bool{}}
	c.want.flatten("", topics)
	hold := func(told scoring, key, path string) {
		t.Helper()
		scale := told.scale(t, key)
		c.same(path+"/n", float64(scale.Scored), c.want[path+"/n"])
		c.same(path+"/mean", *scale.Mean, c.want[path+"/mean"])
		c.same(path+"/sd", *scale.SD, c.want[path+"/sd"])
		if alpha, given := c.want[path+"/alpha"]; given {
			c.same(path+"/alpha", *scale.Alpha, alpha)
		}
	}

	long := c.file("scs26_italian_n1120.csv")
	totals := []string{"repo_sk", "repo_sj", "repo_ch", "repo_is", "repo_mi", "repo_oi", "repo_scs_total_sum"}
	scores, told := scoreFile(t, "scs-26", long, "--keep", strings.Join(totals, ","))
	hold(told, "scs_mean26", "scs26/item_mean_total")
	hold(told, "scs_total", "scs26/mean_of_six_facet_means")
	rows := 0
	for key, facet := range map[string]struct {
		name, theirs string
		items        float64
	}{
		"scs_kindness": {"self_kindness", "repo_sk", 5}, "scs_judgment": {"self_judgment", "repo_sj", 5},
		"scs_humanity": {"common_humanity", "repo_ch", 4}, "scs_isolation": {"isolation", "repo_is", 4},
		"scs_mindful": {"mindfulness", "repo_mi", 4}, "scs_overident": {"over_identification", "repo_oi", 4},
		"scs_sum26": {"", "repo_scs_total_sum", 1},
	} {
		if facet.name != "" {
			hold(told, key, "scs26/facets_unreversed/"+facet.name)
		}
		for row, ours := range scores[key] {
			c.same(key+" in row "+strconv.Itoa(row+1), floatOf(t, ours)*facet.items, floatOf(t, scores[facet.theirs][row]))
			rows++
		}
	}
	t.Logf("%d totals of the file came out, in %d rows", rows, len(scores["scs_total"]))
	if rows == 0 {
		t.Error("the file has no totals of its own")
	}

	_, told = scoreFile(t, "scs-sf-12", long, "--from", "scs-26")
	hold(told, "scssf_total", "scs_sf_from_26/total")
	students := c.file("phq9_gad7_pss10_students_n223.csv")
	for _, one := range []struct{ id, from, key, path string }{
		{"phq-9", "", "phq9_total", "phq9/total"}, {"phq-2", "phq-9", "phq2_total", "phq9/phq2"},
		{"gad-7", "", "gad7_total", "gad7/total"}, {"pss-10", "", "pss10_total", "pss10/total"}, {"pss-4", "pss-10", "pss4_total", "pss10/pss4"},
	} {
		args := []string{one.id, students}
		if one.from != "" {
			args = append(args, "--from", one.from)
		}
		_, told = scoreFile(t, args...)
		hold(told, one.key, one.path)
		if len(told.LookAt) > 0 {
			t.Errorf("%s: suspected: %+v", one.id, told.LookAt)
		}
	}
	c.wellBeing()
	t.Logf("%d figures were compared", len(c.seen))
}

// wellBeing scores WHO-5 as far as the files allow: they have the sums of people's five
// answers, and not the answers. A sum is taken apart into answers that add up to it, from
// which the key has to come back to it, for those who answered at both times.
func (c *comparison) wellBeing() {
	c.t.Helper()
	text, err := os.ReadFile(c.file("claus2020_n43_4waves.csv"))
	do(c.t, err)
	file, sums := columnsOf(c.t, string(text)), map[string]map[string]int{"1": {}, "4": {}}
	for row, wave := range file["time"] {
		if sum, err := strconv.Atoi(file["who"][row]); err == nil && sums[wave] != nil {
			sums[wave][file["id"][row]] = sum
		}
	}
	for wave, when := range map[string]string{"1": "pre", "4": "post"} {
		answers, asked := "id,w1,w2,w3,w4,w5\n", []int{}
		for id, sum := range sums[wave] {
			_, before := sums["1"][id]
			if _, after := sums["4"][id]; !before || !after {
				continue
			}
			asked = append(asked, sum)
			answers += id
			for i := range 5 {
				answers += "," + strconv.Itoa((sum+i)/5) // five of them come to the sum
			}
			answers += "\n"
		}
		scores, told := scoreFile(c.t, "who-5", csvFile(c.t, answers), "--items", "w1..w5")
		raw, path := told.scale(c.t, "who5_raw"), "claus2020/who5raw_t1_t4"
		c.same(path+"/n", float64(raw.Scored), c.want[path+"/n"])
		c.same(path+"/"+when+"_mean", *raw.Mean, c.want[path+"/"+when+"_mean"])
		c.same(path+"/"+when+"_sd", *raw.SD, c.want[path+"/"+when+"_sd"])
		for row, sum := range asked {
			c.same("WHO-5 of 0 to 100 in row "+strconv.Itoa(row+1), floatOf(c.t, scores["who5_total"][row]), float64(4*sum))
		}
	}
}

func floatOf(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
