# Reads {{.Title}}{{if .Simulated}} (simulated people){{end}} into R. Base R is enough.
#
#   source("scripts/read.R")        # from the folder with manifest.json
#   wide <- read_wide()
#   str(in_words(wide)$arm)

read_table <- function(name, folder = ".") {
  x <- read.csv(file.path(folder, "data", paste0("table-", name, "_data.csv")),
    encoding = "UTF-8", na.strings = "", check.names = FALSE, stringsAsFactors = FALSE)
  # A text that a spreadsheet would have computed begins with an apostrophe.
  texts <- vapply(x, is.character, TRUE)
  x[texts] <- lapply(x[texts], function(v) sub("^'([=+@\t\r-])", "\\1", v))
  x
}

moment <- function(v) as.POSIXct(v, format = "%Y-%m-%dT%H:%M:%OSZ", tz = "UTC")

read_long <- function(folder = ".") {
  x <- read_table("long", folder)
  x$answered_at <- moment(x$answered_at)
  x$submitted_at <- moment(x$submitted_at)
  x
}

read_scores <- function(folder = ".") read_table("scores", folder)

# What the values of the wide table mean.
wide_values <- list(
{{- $first := true}}
{{- range .Wide}}{{if .Labels}}{{if not $first}},{{end}}{{$first = false}}
  {{.Name}} = c({{range $i, $l := .Labels}}{{if $i}}, {{end}}{{quote $l.Text}} = {{$l.Value}}{{end}})
{{- else if .Categories}}{{if not $first}},{{end}}{{$first = false}}
  {{.Name}} = c({{range $i, $c := .Categories}}{{if $i}}, {{end}}{{quote $c.Text}} = {{quote $c.Value}}{{end}})
{{- end}}{{end}}
)

wide_labels <- c(
{{- range $i, $v := .Wide}}{{if $i}},{{end}}
  {{$v.Name}} = {{quote $v.Label}}
{{- end}}
)

read_wide <- function(folder = ".") {
  x <- read_table("wide", folder)
{{- range .Wide}}
{{- if eq .Kind "day"}}
  x${{.Name}} <- as.Date(x${{.Name}})
{{- else if eq .Kind "instant"}}
  x${{.Name}} <- moment(x${{.Name}})
{{- end}}
{{- end}}
  for (name in names(x)) {
    attr(x[[name]], "label") <- wide_labels[[name]]
    attr(x[[name]], "labels") <- wide_values[[name]]
  }
  x
}

# The same with factors in place of values that have labels. R forgets the labels of
# a column when rows are taken out; this does not need them.
in_words <- function(x) {
  for (name in intersect(names(x), names(wide_values))) {
    values <- wide_values[[name]]
    x[[name]] <- factor(x[[name]], levels = values, labels = names(values))
    attr(x[[name]], "label") <- wide_labels[[name]]
  }
  x
}
