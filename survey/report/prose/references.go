package prose

import (
	"slices"
	"strings"

	"tidemark/survey/report"
)

// Key names a work in the text.
type Key string

// Reference is a work on a method, in the form of the APA's 7th edition.
type Reference struct {
	Key Key
	// Names stand in citations: one, two, or the first of more.
	Names []string
	More  bool // more than two: "et al."
	Year  string
	// Entry is the line of the list, with *…* around what is italic.
	Entry string
}

// References are the works that texts can cite, in the order of the list.
func References() []Reference {
	one := func(key Key, name, year, entry string) Reference {
		return Reference{key, []string{name}, false, year, entry}
	}
	two := func(key Key, a, b, year, entry string) Reference {
		return Reference{key, []string{a, b}, false, year, entry}
	}
	all := func(key Key, first, year, entry string) Reference {
		return Reference{key, []string{first}, true, year, entry}
	}
	return []Reference{
		one("altman1998", "Altman", "1998", "Altman, D. G. (1998). Confidence intervals for the number needed to treat. *BMJ*, *317*(7168), 1309–1312. https://doi.org/10.1136/bmj.317.7168.1309"),
		one("austin2009", "Austin", "2009", "Austin, P. C. (2009). Balance diagnostics for comparing the distribution of baseline covariates between treatment groups in propensity-score matched samples. *Statistics in Medicine*, *28*(25), 3083–3107. https://doi.org/10.1002/sim.3697"),
		two("barnard1999", "Barnard", "Rubin", "1999", "Barnard, J., & Rubin, D. B. (1999). Small-sample degrees of freedom with multiple imputation. *Biometrika*, *86*(4), 948–955. https://doi.org/10.1093/biomet/86.4.948"),
		two("benjamini1995", "Benjamini", "Hochberg", "1995", "Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate: A practical and powerful approach to multiple testing. *Journal of the Royal Statistical Society: Series B (Methodological)*, *57*(1), 289–300. https://doi.org/10.1111/j.2517-6161.1995.tb02031.x"),
		one("chen2007", "Chen", "2007", "Chen, F. F. (2007). Sensitivity of goodness of fit indexes to lack of measurement invariance. *Structural Equation Modeling*, *14*(3), 464–504. https://doi.org/10.1080/10705510701301834"),
		one("cochran1954", "Cochran", "1954", "Cochran, W. G. (1954). The combination of estimates from different experiments. *Biometrics*, *10*(1), 101–129. https://doi.org/10.2307/3001666"),
		one("cronbach1951", "Cronbach", "1951", "Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. *Psychometrika*, *16*(3), 297–334. https://doi.org/10.1007/BF02310555"),
		one("feldt1965", "Feldt", "1965", "Feldt, L. S. (1965). The approximate sampling distribution of Kuder-Richardson reliability coefficient twenty. *Psychometrika*, *30*(3), 357–370. https://doi.org/10.1007/BF02289499"),
		two("hartung2001", "Hartung", "Knapp", "2001", "Hartung, J., & Knapp, G. (2001). On tests of the overall treatment effect in meta-analysis with normally distributed responses. *Statistics in Medicine*, *20*(12), 1771–1782. https://doi.org/10.1002/sim.791"),
		one("hedges1981", "Hedges", "1981", "Hedges, L. V. (1981). Distribution theory for Glass’s estimator of effect size and related estimators. *Journal of Educational Statistics*, *6*(2), 107–128. https://doi.org/10.3102/10769986006002107"),
		two("higgins2002", "Higgins", "Thompson", "2002", "Higgins, J. P. T., & Thompson, S. G. (2002). Quantifying heterogeneity in a meta-analysis. *Statistics in Medicine*, *21*(11), 1539–1558. https://doi.org/10.1002/sim.1186"),
		two("hodges1963", "Hodges", "Lehmann", "1963", "Hodges, J. L., Jr., & Lehmann, E. L. (1963). Estimates of location based on rank tests. *The Annals of Mathematical Statistics*, *34*(2), 598–611. https://doi.org/10.1214/aoms/1177704172"),
		two("hoenig2001", "Hoenig", "Heisey", "2001", "Hoenig, J. M., & Heisey, D. M. (2001). The abuse of power: The pervasive fallacy of power calculations for data analysis. *The American Statistician*, *55*(1), 19–24. https://doi.org/10.1198/000313001300339897"),
		one("holm1979", "Holm", "1979", "Holm, S. (1979). A simple sequentially rejective multiple test procedure. *Scandinavian Journal of Statistics*, *6*(2), 65–70."),
		two("jacobson1991", "Jacobson", "Truax", "1991", "Jacobson, N. S., & Truax, P. (1991). Clinical significance: A statistical approach to defining meaningful change in psychotherapy research. *Journal of Consulting and Clinical Psychology*, *59*(1), 12–19. https://doi.org/10.1037/0022-006X.59.1.12"),
		two("kenward1997", "Kenward", "Roger", "1997", "Kenward, M. G., & Roger, J. H. (1997). Small sample inference for fixed effects from restricted maximum likelihood. *Biometrics*, *53*(3), 983–997. https://doi.org/10.2307/2533558"),
		all("kuznetsova2017", "Kuznetsova", "2017", "Kuznetsova, A., Brockhoff, P. B., & Christensen, R. H. B. (2017). lmerTest package: Tests in linear mixed effects models. *Journal of Statistical Software*, *82*(13), 1–26. https://doi.org/10.18637/jss.v082.i13"),
		one("little1988", "Little", "1988", "Little, R. J. A. (1988). A test of missing completely at random for multivariate data with missing values. *Journal of the American Statistical Association*, *83*(404), 1198–1202. https://doi.org/10.1080/01621459.1988.10478722"),
		two("little2019", "Little", "Rubin", "2019", "Little, R. J. A., & Rubin, D. B. (2019). *Statistical analysis with missing data* (3rd ed.). Wiley. https://doi.org/10.1002/9781119482260"),
		two("mackinnon1985", "MacKinnon", "White", "1985", "MacKinnon, J. G., & White, H. (1985). Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties. *Journal of Econometrics*, *29*(3), 305–325. https://doi.org/10.1016/0304-4076(85)90158-7"),
		all("mallinckrodt2008", "Mallinckrodt", "2008", "Mallinckrodt, C. H., Lane, P. W., Schnell, D., Peng, Y., & Mancuso, J. P. (2008). Recommendations for the primary analysis of continuous endpoints in longitudinal clinical trials. *Drug Information Journal*, *42*(4), 303–319. https://doi.org/10.1177/009286150804200402"),
		two("mann1947", "Mann", "Whitney", "1947", "Mann, H. B., & Whitney, D. R. (1947). On a test of whether one of two random variables is stochastically larger than the other. *The Annals of Mathematical Statistics*, *18*(1), 50–60. https://doi.org/10.1214/aoms/1177730491"),
		one("mcdonald1999", "McDonald", "1999", "McDonald, R. P. (1999). *Test theory: A unified treatment*. Lawrence Erlbaum Associates."),
		one("newcombe1998", "Newcombe", "1998", "Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: Comparison of eleven methods. *Statistics in Medicine*, *17*(8), 873–890. https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I"),
		two("phipson2010", "Phipson", "Smyth", "2010", "Phipson, B., & Smyth, G. K. (2010). Permutation *p*-values should never be zero: Calculating exact *p*-values when permutations are randomly drawn. *Statistical Applications in Genetics and Molecular Biology*, *9*(1), Article 39. https://doi.org/10.2202/1544-6115.1585"),
		one("rubin1987", "Rubin", "1987", "Rubin, D. B. (1987). *Multiple imputation for nonresponse in surveys*. Wiley."),
		all("schulz2010", "Schulz", "2010", "Schulz, K. F., Altman, D. G., & Moher, D. (2010). CONSORT 2010 statement: Updated guidelines for reporting parallel group randomised trials. *BMJ*, *340*, Article c332. https://doi.org/10.1136/bmj.c332"),
		one("shieh2020", "Shieh", "2020", "Shieh, G. (2020). Power analysis and sample size planning in ANCOVA designs. *Psychometrika*, *85*(1), 101–120. https://doi.org/10.1007/s11336-019-09692-3"),
		one("vanbuuren2018", "van Buuren", "2018", "van Buuren, S. (2018). *Flexible imputation of missing data* (2nd ed.). CRC Press. https://doi.org/10.1201/9780429492259"),
		two("vickers2001", "Vickers", "Altman", "2001", "Vickers, A. J., & Altman, D. G. (2001). Analysing controlled trials with baseline and follow up measurements. *BMJ*, *323*(7321), 1123–1124. https://doi.org/10.1136/bmj.323.7321.1123"),
		one("welch1947", "Welch", "1947", "Welch, B. L. (1947). The generalization of “Student’s” problem when several different population variances are involved. *Biometrika*, *34*(1–2), 28–35. https://doi.org/10.1093/biomet/34.1-2.28"),
		all("white2011", "White", "2011", "White, I. R., Royston, P., & Wood, A. M. (2011). Multiple imputation using chained equations: Issues and guidance for practice. *Statistics in Medicine*, *30*(4), 377–399. https://doi.org/10.1002/sim.4067"),
		one("wilcoxon1945", "Wilcoxon", "1945", "Wilcoxon, F. (1945). Individual comparisons by ranking methods. *Biometrics Bulletin*, *1*(6), 80–83. https://doi.org/10.2307/3001968"),
		one("wilson1927", "Wilson", "1927", "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. *Journal of the American Statistical Association*, *22*(158), 209–212. https://doi.org/10.1080/01621459.1927.10502953"),
	}
}

// Line is the entry of the list of references.
func (r Reference) Line() report.Sentence {
	var s report.Sentence
	for i, piece := range strings.Split(r.Entry, "*") {
		if piece != "" {
			s = append(s, report.Span{Text: piece, Style: []report.Style{report.Plain, report.Italic}[i%2]})
		}
	}
	return s
}

// authors are the names as they stand in a citation: "&" in brackets, a word in a
// sentence.
func (r Reference) authors(and string) string {
	if r.More {
		return r.Names[0] + " et al."
	}
	return strings.Join(r.Names, " "+and+" ")
}

// citations collects what a text cites.
type citations struct {
	and  string
	keys []Key
}

// cite writes one or more keys, parted by semicolons: "(Holm, 1979)" in brackets,
// "Holm (1979)" as part of the sentence. A key that is not in the list shows as
// it is, which a test forbids.
func (c *citations) cite(keys string, brackets bool) string {
	all := References()
	var parts []string
	for key := range strings.SplitSeq(keys, ";") {
		key = strings.TrimSpace(key)
		i := slices.IndexFunc(all, func(r Reference) bool { return string(r.Key) == key })
		if i < 0 {
			return "[" + keys + "]"
		}
		c.keys = append(c.keys, all[i].Key)
		if brackets {
			parts = append(parts, all[i].authors("&")+", "+all[i].Year)
			continue
		}
		parts = append(parts, all[i].authors(c.and)+" ("+all[i].Year+")")
	}
	slices.SortStableFunc(parts, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	if brackets {
		return "(" + strings.Join(parts, "; ") + ")"
	}
	return strings.Join(parts, ", ")
}

// sorted are the works cited, each once, in the order of the list.
func (c *citations) sorted() []Key {
	var out []Key
	for _, r := range References() {
		if slices.Contains(c.keys, r.Key) {
			out = append(out, r.Key)
		}
	}
	return out
}

func listed(keys []Key) []report.Sentence {
	var out []report.Sentence
	for _, r := range References() {
		if slices.Contains(keys, r.Key) {
			out = append(out, r.Line())
		}
	}
	return out
}
