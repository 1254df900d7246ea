* Reads {{.Title}}{{if .Simulated}} (simulated people){{end}} from CSV and labels it.
* The file stata/wide.dta holds the same, with why a value is missing.
* Change to the folder with manifest.json before.

version 14
import delimited using "data/table-wide_data.csv", varnames(1) case(preserve) encoding("utf-8") bindquote(strict) clear
{{range .Wide}}
capture label variable {{.Short}} {{compound .Label 80}}
{{- if .Labels}}
{{- $v := .}}
label define l_{{.Index}}{{range .Labels}}{{if whole .Value}} {{.Value}} {{compound .Text 300}}{{end}}{{end}}, modify
capture label values {{$v.Short}} l_{{.Index}}
{{- end}}
{{- end}}
