args <- commandArgs(TRUE)
x <- if (args[1] == "sav") haven::read_sav(args[2], user_na = TRUE) else haven::read_dta(args[2])
text <- function(v) if (is.null(v)) "" else as.character(v)
column <- function(name) {
  v <- x[[name]]
  labels <- attr(v, "labels")
  tags <- if (is.double(v) && !inherits(v, c("Date", "POSIXct"))) haven::na_tag(v) else rep(NA, length(v))
  values <- if (inherits(v, "Date")) format(v, "%Y-%m-%d")
    else if (inherits(v, "POSIXct")) sprintf("%.0f", as.numeric(v) * 1000)
    else if (is.double(v)) sprintf("%.17g", unclass(v)) # jsonlite has 15 digits
    else unclass(v)
  list(
    name = name, label = text(attr(v, "label", exact = TRUE)),
    values = lapply(seq_along(v), function(i) if (is.na(values[i]) || values[i] == "NA") NULL else as.vector(values[i])),
    tags = ifelse(is.na(tags), "", tags),
    missing = as.numeric(attr(v, "na_values")),
    labels = lapply(seq_along(labels), function(i) list(
      value = if (is.na(labels[i])) NULL else as.vector(labels[i]),
      tag = if (is.double(labels)) { g <- haven::na_tag(labels[i]); if (is.na(g)) "" else g } else "",
      text = names(labels)[i]
    ))
  )
}
out <- list(label = text(attr(x, "label", exact = TRUE)), notes = as.character(attr(x, "notes")), columns = lapply(names(x), column))
cat(jsonlite::toJSON(out, auto_unbox = FALSE, null = "null", digits = NA))
