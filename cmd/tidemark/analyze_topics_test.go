package main

import (
	"fmt"
	"math"
	"strings"
)

// facets are the parts of the long scale, by their items.
func facets() map[string]string {
	return map[string]string{
		"self_kindness": "5,12,19,23,26", "self_judgment": "1,8,11,16,21", "common_humanity": "3,7,10,15",
		"isolation": "4,13,18,25", "mindfulness": "9,14,17,22", "over_identification": "2,6,20,24",
	}
}

const uncompassionate = "1,2,4,6,8,11,13,16,18,20,21,24,25"

// columns writes item numbers as columns.
func columns(prefix, numbers string) string {
	return prefix + strings.ReplaceAll(numbers, ",", ","+prefix)
}

func (c *comparison) selfCompassion() {
	args := []string{c.file("scs26_italian_n1120.csv"), "--id", "row", "--min", "1", "--max", "5", "--group", "sample"}
	for name, items := range facets() {
		args = append(args, "--items", name+"="+columns("scs_", items))
	}
	r := whole(c.t, "", append(args, "--items", "total=scs_1..scs_26", "--reverse", "total="+uncompassionate,
		"--items", "six="+"self_kindness,common_humanity,mindfulness,self_judgment,isolation,over_identification",
		"--reverse", "six=self_judgment,isolation,over_identification", "--outcome", "repo=repo_scs_total_sum",
		"--min", "repo=26", "--max", "repo=130")...)
	c.check(r, "scs26/item_mean_total", r.row("scales", "scale", "total", "group", ""), scored()...)
	c.check(r, "scs26/mean_of_six_facet_means", r.row("scales", "scale", "six", "group", ""), scored()...)
	for name := range facets() {
		c.check(r, "scs26/facets_unreversed/"+name, r.row("scales", "scale", name, "group", ""), scored()...)
	}
	for _, sample := range []string{"rescue_workers", "community_sample", "student_sample"} {
		c.check(r, "scs26/by_sample/"+sample, r.row("scales", "scale", "total", "group", sample), scored()...)
	}
	same := r.row("correlations", "a", "total", "b", "repo")
	if got := r.number(same, "r"); math.Abs(got-1) > 1e-12 {
		c.t.Errorf("the total correlates %v with that of the originators", got)
	}
	if strings.Contains(strings.Join(r.kinds, " "), "turned") {
		c.t.Errorf("warned of a right key: %v", r.kinds)
	}
	for _, said := range []string{"mean of 26 items", "mean of 6 scales"} {
		if !strings.Contains(r.notes, said) {
			c.t.Errorf("the notes do not say %q", said)
		}
	}
	raw := whole(c.t, "", c.file("scs26_italian_n1120.csv"), "--id", "row", "--items", "raw=scs_1..scs_26", "--min", "1", "--max", "5")
	c.check(raw, "scs26", raw.row("scales", "scale", "raw"), "alpha_if_nothing_reversed", "alpha")
	if !warned(raw, "not_turned") {
		c.t.Errorf("no warning that nothing is reversed: %v", raw.kinds)
	}
}

func (c *comparison) shortForm() {
	var items []string
	for i := range 12 {
		items = append(items, fmt.Sprintf("scs_%g", c.want[fmt.Sprintf("scs_sf_from_26/item_map/%d", i)]))
	}
	c.note("scs_sf_from_26/item_map")
	var wrong []string
	for i := range 6 {
		wrong = append(wrong, fmt.Sprintf("%g", c.want[fmt.Sprintf("scs_sf_from_26/wrong_web_key/reversed/%d", i)]))
	}
	c.note("scs_sf_from_26/wrong_web_key/reversed")
	list := strings.Join(items, ",")
	r := whole(c.t, "", c.file("scs26_italian_n1120.csv"), "--id", "row", "--min", "1", "--max", "5",
		"--items", "long=scs_1..scs_26", "--reverse", "long="+uncompassionate, "--items", "short="+list, "--reverse", "short=1,4,8,9,11,12",
		"--items", "wrong="+list, "--reverse", "wrong="+strings.Join(wrong, ","))
	c.check(r, "scs_sf_from_26/total", r.row("scales", "scale", "short"), scored()...)
	c.check(r, "scs_sf_from_26", r.row("correlations", "a", "long", "b", "short"), "r_with_scs26", "r")
	c.check(r, "scs_sf_from_26/wrong_web_key", r.row("scales", "scale", "wrong"), "alpha", "alpha")
	c.check(r, "scs_sf_from_26/wrong_web_key", r.row("correlations", "a", "long", "b", "wrong"), "r_with_scs26", "r")
	if !warned(r, "not_turned") && !warned(r, "low_alpha") && !warned(r, "turned_twice") {
		c.t.Errorf("no warning of the wrong key: %v", r.kinds)
	}
}

const students = "phq9_gad7_pss10_students_n223.csv"

func (c *comparison) depression() {
	r := whole(c.t, "", c.file(students), "--id", "row", "--items", "phq=phq1..phq9", "--items", "two=phq1,phq2", "--sum", "phq,two", "--min", "0", "--max", "3",
		"--bands", "phq=0..4,5..9,10..14,15..19,20..27,10..27", "--bands", "two=3..6")
	c.check(r, "phq9/total", r.row("scales", "scale", "phq"), scored()...)
	c.check(r, "phq9/phq2", r.row("scales", "scale", "two"), scored()...)
	for i, from := range []string{"0", "5", "10", "15", "20"} {
		to := []string{"4", "9", "14", "19", "27"}[i]
		c.check(r, "phq9/bands_0_4_9_14_19_27", r.row("bands", "scale", "phq", "from", from, "to", to), fmt.Sprint(i), "n")
	}
	c.check(r, "phq9", r.row("bands", "scale", "phq", "from", "10", "to", "27"), "ge10", "n")
	c.check(r, "phq9", r.row("bands", "scale", "two"), "phq2_ge3", "n")
	answers, _ := r.row("items", "scale", "phq", "item", "phq9")["answers"].([]any)
	for i, a := range answers {
		cell, _ := a.(map[string]any)
		c.check(r, "phq9/item9_counts_0123", cell, fmt.Sprint(i), "N")
	}
}

func (c *comparison) anxiety() {
	r := whole(c.t, "", c.file(students), "--id", "row", "--items", "gad=gad1..gad7", "--sum", "gad", "--min", "0", "--max", "3", "--bands", "0..4,5..9,10..14,15..21")
	c.check(r, "gad7/total", r.row("scales", "scale", "gad"), scored()...)
	for i, from := range []string{"0", "5", "10", "15"} {
		c.check(r, "gad7/bands_0_4_9_14_21", r.row("bands", "scale", "gad", "from", from), fmt.Sprint(i), "n")
	}
}

func (c *comparison) stress() {
	r := whole(c.t, "", c.file(students), "--id", "row", "--items", "phq=phq1..phq9", "--items", "gad=gad1..gad7", "--items", "pss=pss1..pss10",
		"--items", "four=pss2,pss4,pss5,pss10", "--sum", "phq,gad,pss,four", "--min", "0", "--max", "3", "--min", "pss=0", "--max", "pss=4", "--min", "four=0", "--max", "four=4",
		"--reverse", "pss=4,5,7,8", "--reverse", "four=pss4,pss5")
	c.check(r, "pss10/total", r.row("scales", "scale", "pss"), scored()...)
	c.check(r, "pss10/pss4", r.row("scales", "scale", "four"), scored()...)
	c.check(r, "pss10", r.row("correlations", "a", "phq", "b", "gad"), "r_phq_gad", "r")
	c.check(r, "pss10", r.row("correlations", "a", "phq", "b", "pss"), "r_phq_pss", "r")
	raw := whole(c.t, "", c.file(students), "--id", "row", "--items", "raw=pss1..pss10", "--sum", "raw", "--min", "0", "--max", "4")
	c.check(raw, "pss10", raw.row("scales", "scale", "raw"), "alpha_if_nothing_reversed", "alpha")
}

func (c *comparison) course() {
	args := []string{c.file("nadler2020_prepost_n102.csv"), "--id", "row", "--group", "group", "--control", "waitlist", "--higher-better"}
	names := []string{"PSS", "PANAS_P", "PANAS_N", "BRS_TOT", "FFMQ_Describe", "FFMQ_Nonreact", "FFMQ_Nonjudg", "FFMQ_Observe", "FFMQ_ActIntention"}
	for _, n := range names {
		args = append(args, "--outcome", n+"="+n+"_T1,"+n+"_T2")
	}
	r := whole(c.t, "", args...)
	for _, n := range names {
		for _, group := range []string{"intervention", "waitlist"} {
			c.check(r, "nadler2020/"+group+"/"+n, r.row("effects", "scale", n, "group", group), paired()...)
		}
		c.check(r, "nadler2020/between_change/"+n, r.row("contrasts", "scale", n), "welch_t", "welch.t", "welch_df", "welch.df", "welch_p", "welch.p",
			"pooled_t", "student.t", "pooled_p", "student.p", "d_ppc2_morris", "d_ppc2", "ancova_group_b", "ancova", "ancova_group_t", "ancova_t", "ancova_group_p", "ancova_p")
	}
	if !warned(r, "narrow_scores") {
		c.t.Errorf("no warning of means over items worded both ways: %v", r.kinds)
	}
}

func (c *comparison) inPatients() {
	r := whole(c.t, "", c.file("claus2020_n43_4waves.csv"), "--id", "id", "--group", "treatment", "--wave", "time", "--pre", "1", "--post", "4", "--score", "bdi,who",
		"--lower", "bdi", "--higher", "who", "--reliability", "bdi=0.801", "--norm-mean", "bdi=7.69", "--norm-sd", "bdi=7.52")
	c.check(r, "claus2020/bdi_t1_t4", r.row("effects", "scale", "bdi", "group", ""), paired()...)
	c.check(r, "claus2020/who5raw_t1_t4", r.row("effects", "scale", "who", "group", ""), paired()...)
	c.check(r, "claus2020/bdi_TAU", r.row("effects", "scale", "bdi", "group", "TAU"), paired()...)
	c.check(r, "claus2020/bdi_PA", r.row("effects", "scale", "bdi", "group", "PA"), paired()...)
	change := r.row("cut_offs", "scale", "bdi", "group", "")
	c.check(r, "claus2020/jacobson_truax_c", change, "n", "n", "sd_pre", "sd", "reliability", "reliability", "cutoff_a", "cut_off_a", "cutoff_b", "cut_off_b",
		"cutoff_c", "cut_off_c", "se_measurement", "sem", "s_diff", "s_diff", "min_reliable_change", "least_reliable_change",
		"recovered", "recovered", "improved_only", "improved_only", "unchanged", "unchanged", "deteriorated", "deteriorated")
	before := r.row("effects", "scale", "bdi", "group", "")
	c.check(r, "claus2020/jacobson_truax_c", before, "m_pre", "mean_pre")
	c.note("claus2020/jacobson_truax_c/m_functional", "claus2020/jacobson_truax_c/sd_functional") // went in
	c.check(r, "claus2020/package_readme_says", change, "n_used", "n", "recovered", "recovered", "improved", "improved_only", "unchanged", "unchanged", "deteriorated", "deteriorated")
	for figure, got := range map[string]float64{ // printed with two digits
		"cutoff": r.number(change, "cut_off_c"), "m_clinical": r.number(before, "mean_pre"), "sd_clinical": r.number(before, "sd_pre"),
	} {
		path := "claus2020/package_readme_says/" + figure
		if want := c.want[path]; math.Abs(got-want) > 0.005000001 {
			c.t.Errorf("%s: got %.4f, want %.2f", path, got, want)
		}
		c.note(path)
	}
}

// twoLists are data that stand with their figures: two columns of ten numbers.
func (c *comparison) twoLists() {
	topic, first, second := "lakens2013", "b", "a"
	if _, ok := c.want["student1908/n"]; ok {
		topic, first, second = "student1908", "drug1", "drug2"
	}
	wide, groups := "id,x_T1,x_T2\n", "id,x,g\n"
	for i := range int(c.want[topic+"/n"]) {
		x, y := c.want[fmt.Sprintf("%s/%s/%d", topic, first, i)], c.want[fmt.Sprintf("%s/%s/%d", topic, second, i)]
		wide += fmt.Sprintf("%d,%g,%g\n", i, x, y)
		groups += fmt.Sprintf("%d,%g,one\n%d,%g,two\n", i, x, i+100, y)
	}
	c.note(topic+"/"+first, topic+"/"+second)
	r := whole(c.t, wide, "-", "--id", "id", "--outcome", "x=x_T1,x_T2")
	c.check(r, topic, r.row("effects", "scale", "x"), paired()...)
	apart := whole(c.t, groups, "-", "--id", "id", "--outcome", "x=x", "--group", "g", "--control", "one")
	c.check(apart, topic, apart.row("differences", "scale", "x"), "between_t", "student.t", "between_p", "student.p", "d_s", "d", "g_s", "g_approx")
}
