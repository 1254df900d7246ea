# Ways to do each row's work in R, the usual one first. The program that started
# this script sends one request a line, fields parted by tabs, and gets one line:
#
#   version                  R and its library for matrices
#   ways  ROW                names of the ways
#   do    ROW  WAY  TIMES    seconds and processor seconds for each of so many
#                            times, then the values to be checked, NaN where this
#                            way has none
folder <- commandArgs(TRUE)[1]
has <- function(...) all(vapply(c(...), requireNamespace, NA, quietly = TRUE))

# Data are read once, before anything is timed.
kept <- new.env()
input <- function(name) {
  if (is.null(kept[[name]])) kept[[name]] <- read.csv(file.path(folder, paste0(name, ".csv")))
  kept[[name]]
}
asMatrix <- function(name) {
  key <- paste("matrix", name)
  if (is.null(kept[[key]])) kept[[key]] <- as.matrix(input(name))
  kept[[key]]
}

# Interval of a noncentrality: where the observed t is the 97.5 and the 2.5 % point.
ncpInterval <- function(t, df) vapply(c(.975, .025), function(p)
  suppressWarnings(uniroot(function(ncp) pt(t, df, ncp) - p, t + c(-5, 5), tol = 1e-10)$root), 0)

bareT <- function(d) {
  n <- length(d); m <- mean(d); se <- sqrt(var(d) / n)
  list(t = m / se, df = n - 1, p = 2 * pt(-abs(m / se), n - 1), ci = m + qt(c(.025, .975), n - 1) * se)
}

# Alpha, alpha if deleted and item-rest r of a covariance matrix.
ofCovariances <- function(C) {
  k <- ncol(C); all <- sum(C); own <- diag(C); row <- colSums(C); rest <- all - 2 * row + own
  list(alpha = k / (k - 1) * (1 - sum(own) / all),
       without = (k - 1) / (k - 2) * (1 - (sum(own) - own) / rest),
       r = (row - own) / sqrt(own * rest))
}
byBLAS <- function(X) { X <- X - rep(colMeans(X), each = nrow(X)); crossprod(X) / (nrow(X) - 1) }
bareAlpha <- function(X, covariances) {
  C <- covariances(X); k <- ncol(C); n <- nrow(X); a <- ofCovariances(C)
  R <- cov2cor(C); standardised <- k / (k - 1) * (1 - k / sum(R))
  S <- sum(C); tr <- sum(diag(C))
  q <- 2 * k^2 / ((k - 1)^2 * S^3) * (S * (sum(C * C) + tr^2) - 2 * tr * sum(C %*% C))
  total <- rowMeans(X)
  frequencies <- apply(X, 2, tabulate, nbins = 5)
  moments <- rbind(colMeans(X), sqrt(diag(C)))
  c(a$alpha, a$without[1], a$r[1], sqrt(q / n))
}

# Signed ranks without zeros, corrected for ties and continuity.
bareSignedRank <- function(d, ranks) {
  d <- d[d != 0]; n <- length(d); a <- abs(d); r <- ranks(a); v <- sum(r[d > 0])
  ties <- rle(sort.int(r, method = "radix"))$lengths
  z <- v - n * (n + 1) / 4
  p <- 2 * pnorm(-abs(z - sign(z) / 2) / sqrt(n * (n + 1) * (2 * n + 1) / 24 - sum(ties^3 - ties) / 48))
  v
}

routes <- list(
  "1a" = list(
    "t.test" = function() { d <- input("pairs_1e6"); r <- t.test(d$post, d$pre, paired = TRUE); c(r$statistic, r$conf.int) },
    "mean and var" = function() { d <- input("pairs_1e6"); r <- bareT(d$post - d$pre); c(r$t, r$ci) }),
  "1b" = list(
    "t.test, pt, uniroot" = function() {
      d <- input("pairs_1e6"); r <- t.test(d$post, d$pre, paired = TRUE); n <- nrow(d)
      c(r$statistic, r$conf.int, r$statistic / sqrt(n), ncpInterval(r$statistic, n - 1) / sqrt(n)) },
    "mean and var, pt, uniroot" = function() {
      d <- input("pairs_1e6"); r <- bareT(d$post - d$pre); n <- nrow(d)
      c(r$t, r$ci, r$t / sqrt(n), ncpInterval(r$t, n - 1) / sqrt(n)) }),
  "2a" = list(
    "cov and formulas" = function() bareAlpha(asMatrix("items_1e5x26"), cov),
    "crossprod and formulas" = function() bareAlpha(asMatrix("items_1e5x26"), byBLAS)),
  "2b" = list(
    "cov" = function() { a <- ofCovariances(cov(asMatrix("items_1e5x26"))); c(a$alpha, a$without[1], a$r[1]) },
    "crossprod" = function() { a <- ofCovariances(byBLAS(asMatrix("items_1e5x26"))); c(a$alpha, a$without[1], a$r[1]) }),
  "3a" = list(
    "wilcox.test" = function() { d <- input("pairs_1e5_int"); suppressWarnings(wilcox.test(d$post, d$pre, paired = TRUE))$statistic },
    "rank" = function() { d <- input("pairs_1e5_int"); bareSignedRank(d$post - d$pre, rank) }),
  "3b" = list(
    "wilcox.test" = function() {
      d <- input("pairs_1e5_int"); r <- suppressWarnings(wilcox.test(d$post, d$pre, paired = TRUE, conf.int = TRUE))
      c(r$statistic, r$estimate, r$conf.int) }),
  "7" = list(
    "read.csv, aggregate" = function() {
      d <- read.csv(file.path(folder, "long_1e6.csv"))
      a <- aggregate(score ~ arm + wave, d, function(x) c(length(x), mean(x), sd(x)))
      first <- a$score[a$arm == "blended" & a$wave == 0, ]; c(nrow(a), first) }),
  "8" = list())

# BCa of a mean: sample and colMeans by themselves, and boot.
bareBCa <- function(n) { force(n); function() {
  x <- input(paste0("change_", n))$change; set.seed(1); B <- 10000; m <- mean(x)
  t <- sort(colMeans(matrix(x[sample.int(n, n * B, TRUE)], n)))
  l <- x - m; a <- sum(l^3) / (6 * sum(l^2)^1.5); w <- qnorm(mean(t < m))
  z <- w + qnorm(c(.025, .975)); quantile(t, pnorm(w + z / (1 - a * z)), type = 6, names = FALSE)
} }
bootBCa <- function(n, jackknife) { force(n); force(jackknife); function() {
  x <- input(paste0("change_", n))$change; set.seed(1); b <- boot::boot(x, function(x, i) mean(x[i]), 10000)
  r <- if (jackknife) boot::boot.ci(b, type = "bca", L = boot::empinf(b, type = "jack")) else boot::boot.ci(b, type = "bca")
  r$bca[4:5]
} }
for (n in c(200, 2000)) {
  rows <- if (n == 200) c("4a", "4b") else c("4c", "4d")
  routes[[rows[1]]] <- list("sample, colMeans" = bareBCa(n))
  routes[[rows[2]]] <- list()
  if (has("boot")) {
    routes[[rows[1]]][["boot, boot.ci(L)"]] <- bootBCa(n, TRUE)
    routes[[rows[2]]][["boot, boot.ci"]] <- bootBCa(n, FALSE)
  }
}

if (has("effectsize")) routes[["1b"]][["t.test, effectsize"]] <- function() {
  d <- input("pairs_1e6"); r <- t.test(d$post, d$pre, paired = TRUE)
  e <- suppressMessages(effectsize::cohens_d(d$post, d$pre, paired = TRUE))
  c(r$statistic, r$conf.int, e$Cohens_d, NaN, NaN) } # its interval does not contain its estimate

if (has("psych")) {
  routes[["2a"]] <- c(list("psych::alpha" = function() {
    a <- suppressWarnings(psych::alpha(input("items_1e5x26"), check.keys = FALSE))
    c(a$total$raw_alpha, a$alpha.drop$raw_alpha[1], a$item.stats$r.drop[1], a$total$ase) }), routes[["2a"]])
  routes[["8"]][["psych, t.test, wilcox.test, shapiro.test"]] <- function() {
    d <- asMatrix("small_120"); before <- d[, 1:12]; pre <- rowMeans(before); post <- rowMeans(d[, 13:24])
    a <- psych::alpha(before, check.keys = FALSE, warnings = FALSE)
    t <- t.test(post, pre, paired = TRUE); n <- length(pre); ncpInterval(t$statistic, n - 1) / sqrt(n)
    w <- suppressWarnings(wilcox.test(post, pre, paired = TRUE, conf.int = TRUE))
    c(a$total$raw_alpha, t$statistic, w$p.value, shapiro.test(post - pre)$p.value) }
}
routes[["8"]][["cov, t.test, wilcox.test, shapiro.test"]] <- function() {
  d <- asMatrix("small_120"); before <- d[, 1:12]; pre <- rowMeans(before); post <- rowMeans(d[, 13:24])
  a <- ofCovariances(cov(before))$alpha
  t <- t.test(post, pre, paired = TRUE); n <- length(pre); ncpInterval(t$statistic, n - 1) / sqrt(n)
  w <- suppressWarnings(wilcox.test(post, pre, paired = TRUE, conf.int = TRUE))
  c(a, t$statistic, w$p.value, shapiro.test(post - pre)$p.value) }

if (has("lme4")) {
  randomIntercept <- function(m) {
    v <- as.data.frame(lme4::VarCorr(m))
    c(lme4::fixef(m)[4], v$sdcor[2], v$sdcor[1], logLik(m)) }
  lmer <- function(people, formula = y ~ week * arm + (1 | id)) function()
    randomIntercept(lme4::lmer(formula, input(paste0("weekly_", people))))
  routes[["5a"]] <- list("lme4::lmer" = lmer("2000"))
  routes[["5d"]] <- list("lme4::lmer" = lmer("20000"))
  routes[["5c"]] <- list("lme4::lmer" = function() {
    m <- suppressMessages(lme4::lmer(y ~ week * arm + (week | id), input("weekly_2000")))
    c(lme4::fixef(m)[4], logLik(m)) })
}
if (has("lmerTest")) routes[["5b"]] <- list("lmerTest::lmer, summary" = function() {
  m <- lmerTest::lmer(y ~ week * arm + (1 | id), input("weekly_2000"))
  c(randomIntercept(m), coef(summary(m))[4, "df"]) })
if (has("nlme")) routes[["6a"]] <- list("nlme::gls" = function() {
  d <- input("visits_200x6"); d$v <- factor(d$visit)
  m <- nlme::gls(y ~ v * arm, d, correlation = nlme::corSymm(form = ~ visit | id), weights = nlme::varIdent(form = ~ 1 | visit))
  t <- summary(m)$tTable[12, ]; c(t[1:2], logLik(m)) })
if (has("mmrm")) routes[["6a"]] <- c(routes[["6a"]], list("mmrm" = function() {
  d <- input("visits_200x6"); d$v <- factor(d$visit); d$id <- factor(d$id)
  m <- mmrm::mmrm(y ~ v * arm + us(v | id), d)
  t <- coef(summary(m))[12, ]; c(t[1:2], logLik(m)) }))

if (has("data.table")) {
  library(data.table)
  routes[["3a"]][["data.table::frank"]] <- function() { d <- input("pairs_1e5_int"); bareSignedRank(d$post - d$pre, frankv) }
  byTable <- function(threads) function() {
    setDTthreads(threads)
    d <- fread(file.path(folder, "long_1e6.csv"), showProgress = FALSE)
    a <- d[, .(n = .N, m = mean(score), s = sd(score)), keyby = .(arm, wave)]
    c(nrow(a), a$n[1], a$m[1], a$s[1]) }
  routes[["7"]] <- c(routes[["7"]], list("data.table, 1 thread" = byTable(1), "data.table, 2 threads" = byTable(2)))
}

timed <- function(f, times) {
  invisible(gc(FALSE))
  before <- proc.time(); began <- as.numeric(Sys.time())
  for (i in seq_len(times)) values <- f()
  took <- as.numeric(Sys.time()) - began; after <- proc.time()
  cpu <- sum((after - before)[1:2])
  c(took / times, cpu / times, unname(unlist(values)))
}

requests <- file("stdin", "r")
answer <- function(...) { cat(paste(c(...), collapse = "\t"), "\n", sep = ""); flush(stdout()) }
while (length(line <- readLines(requests, 1)) > 0) {
  request <- strsplit(line, "\t")[[1]]
  switch(request[1],
    version = answer(R.version.string, paste("matrices by", basename(extSoftVersion()[["BLAS"]]))),
    ways = answer(names(routes[[request[2]]])),
    do = answer(sprintf("%.17g", timed(routes[[request[2]]][[request[3]]], as.integer(request[4])))))
}
