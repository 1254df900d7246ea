* Reads {{.Title}}{{if .Simulated}} (simulated people){{end}} from CSV and labels it.
* The file spss/wide.sav holds the same, with why a value is missing.
* Set the working directory to the folder with manifest.json before.

GET DATA /TYPE=TXT /FILE='data/table-wide_data.csv' /ENCODING='UTF-8' /DELIMITERS=',' /QUALIFIER='"' /ARRANGEMENT=DELIMITED /FIRSTCASE=2
  /VARIABLES=
{{- range .Wide}}
    {{.Name}} {{spss .}}
{{- end}} .

VARIABLE LABELS
{{- range .Wide}}
  {{.Name}} {{single .Label 250}}
{{- end}} .
{{range .Wide}}{{if .Labels}}
VALUE LABELS {{.Name}}{{range .Labels}} {{.Value}} {{single .Text 115}}{{end}} .
{{- else if .Categories}}
VALUE LABELS {{.Name}}{{range .Categories}} {{single .Value 250}} {{single .Text 115}}{{end}} .
{{- end}}{{end}}

VARIABLE LEVEL
{{- range .Wide}}
  {{.Name}} ({{level .}})
{{- end}} .
EXECUTE.
