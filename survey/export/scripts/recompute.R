# Computes the main figures of the report of {{.Title}} again, with R itself and the
# recommended package nlme. Run it in the folder with manifest.json:
#
#   Rscript scripts/recompute.R
#
# Every group is analysed by its complete pairs: change = {{.Post}} - {{.Pre}}.

source(file.path("scripts", "read.R"))
wide <- read_wide()
wide <- wide[is.na(wide$declined_at), ]

outcomes <- list(
{{- range $i, $o := .Outcomes}}{{if $i}},{{end}}
  list(scale = {{quote $o.Scale}}, pre = {{quote $o.Pre}}, post = {{quote $o.Post}},
    items = c({{range $k, $v := $o.Items}}{{if $k}}, {{end}}{{quote $v}}{{end}}), reversed = c({{range $k, $v := $o.Reversed}}{{if $k}}, {{end}}{{quote $v}}{{end}}), ends = {{$o.Ends}})
{{- end}}
)

# Cronbach's alpha of the people who answered every item, reversed items turned.
alpha <- function(o) {
  if (length(o$items) < 2) return(NA)
  x <- wide[o$items]
  x[o$reversed] <- o$ends - x[o$reversed]
  x <- x[stats::complete.cases(x), ]
  if (nrow(x) < 2) return(NA)
  k <- ncol(x)
  v <- stats::cov(x)
  k / (k - 1) * (1 - sum(diag(v)) / sum(v))
}

paired <- function(o, arm) {
  x <- wide[wide$arm == arm, c("participant", o$pre, o$post)]
  x <- x[stats::complete.cases(x), ]
  change <- x[[o$post]] - x[[o$pre]]
  row <- data.frame(scale = o$scale, arm = arm, pairs = nrow(x), change = NA_real_, low = NA_real_, high = NA_real_,
    t = NA_real_, df = NA_real_, p = NA_real_, dz = NA_real_, gav = NA_real_, alpha_pre = alpha(o))
  if (nrow(x) < 2 || stats::sd(change) == 0) return(row)
  test <- stats::t.test(x[[o$post]], x[[o$pre]], paired = TRUE)
  row$change <- mean(change)
  row$low <- test$conf.int[1]
  row$high <- test$conf.int[2]
  row$t <- unname(test$statistic)
  row$df <- unname(test$parameter)
  row$p <- test$p.value
  row$dz <- mean(change) / stats::sd(change)
  # Over the root mean square of both SDs, times Hedges' correction.
  df <- nrow(x) - 1
  j <- exp(lgamma(df / 2) - log(sqrt(df / 2)) - lgamma((df - 1) / 2))
  if (df > 1) row$gav <- j * mean(change) / sqrt((stats::var(x[[o$pre]]) + stats::var(x[[o$post]])) / 2)
  row
}

figures <- do.call(rbind, unlist(lapply(outcomes, function(o) lapply(unique(sort(wide$arm)), function(a) paired(o, a))), recursive = FALSE))
print(figures, digits = 6, row.names = FALSE)

# Everybody who answered at least once, by a mixed model with a random intercept:
# does the change differ between the groups?
mixed <- function(o) {
  x <- data.frame(participant = rep(wide$participant, 2), arm = rep(wide$arm, 2), time = rep(0:1, each = nrow(wide)), score = c(wide[[o$pre]], wide[[o$post]]))
  x <- x[!is.na(x$score), ]
  form <- if (length(unique(x$arm)) > 1) score ~ arm * time else score ~ time
  tryCatch(nlme::lme(form, random = ~ 1 | participant, data = x, method = "REML"), error = function(e) conditionMessage(e))
}

for (o in outcomes) {
  cat("\nMixed model of ", o$scale, "\n", sep = "")
  m <- mixed(o)
  if (inherits(m, "lme")) print(round(summary(m)$tTable, 6)) else cat("not estimable:", m, "\n")
}
