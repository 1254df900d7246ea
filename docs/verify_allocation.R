# Recomputes the verification file of a study's allocation, with nothing but R and
# jsonlite:
#
#   Rscript verify_allocation.R STUDY_allocation.json SHA256_PUBLISHED_AT_THE_OPENING
#
# It prints "equal" and the number of draws, or the first deviation. It knows simple
# allocation and permuted blocks; of minimisation it checks the seed and that no record
# was changed. Written from survey/allocation/doc.go.
library(jsonlite)

# SHA-256 (FIPS 180-4) on numbers below 2^32, which R holds exactly.
word <- function(x) x %% 4294967296
halves <- function(f) function(a, b) f(a %/% 65536, b %/% 65536) * 65536 + f(a %% 65536, b %% 65536)
both <- halves(bitwAnd)
odd <- halves(bitwXor)
turned <- function(x, n) x %/% 2^n + (x %% 2^n) * 2^(32 - n)
primes <- Filter(function(n) n == 2 || all(n %% 2:ceiling(sqrt(n)) != 0), 2:311)
# The first 32 bits of the fractional parts of roots; cube roots of doubles are exact enough.
begin <- floor((sqrt(primes[1:8]) %% 1) * 2^32)
rounds <- floor((primes[1:64]^(1 / 3) %% 1) * 2^32)

sha256 <- function(bytes) {
  n <- length(bytes)
  pad <- c(as.raw(128), raw((55 - n) %% 64), as.raw((n * 8) %/% 256^(7:0) %% 256))
  v <- as.numeric(c(bytes, pad))
  words <- colSums(matrix(v, 4) * 256^(3:0))
  h <- begin
  for (block in split(words, (seq_along(words) - 1) %/% 16)) {
    w <- block
    for (t in 17:64) {
      a <- w[t - 15]
      b <- w[t - 2]
      w[t] <- word(w[t - 16] + odd(odd(turned(a, 7), turned(a, 18)), a %/% 8) + w[t - 7] +
        odd(odd(turned(b, 17), turned(b, 19)), b %/% 1024))
    }
    s <- h
    for (t in 1:64) {
      e <- s[5]
      a <- s[1]
      one <- s[8] + odd(odd(turned(e, 6), turned(e, 11)), turned(e, 25)) +
        odd(both(e, s[6]), both(4294967295 - e, s[7])) + rounds[t] + w[t]
      two <- odd(odd(turned(a, 2), turned(a, 13)), turned(a, 22)) + odd(odd(both(a, s[2]), both(a, s[3])), both(s[2], s[3]))
      s <- c(word(one + two), s[1:3], word(s[4] + one), s[5:7])
    }
    h <- word(h + s)
  }
  as.raw(outer(256^(3:0), h, function(p, x) x %/% p %% 256))
}
hex <- function(bytes) paste(as.character(bytes), collapse = "")
digest <- function(lines) hex(sha256(charToRaw(enc2utf8(paste(lines, collapse = "\n")))))
hmac <- function(key, text) {
  key <- c(key, raw(64 - length(key)))
  sha256(c(xor(key, as.raw(0x5c)), sha256(c(xor(key, as.raw(0x36)), charToRaw(enc2utf8(text))))))
}

FORMAT <- "tidemark-allocation-1"
whole <- function(x) format(x, scientific = FALSE, trim = TRUE)

# A stream gives numbers below n, one after the other.
stream <- function(seed, purpose, stratum, number) {
  i <- -1
  function(n) repeat {
    i <<- i + 1
    v <- sum(as.numeric(hmac(seed, paste(FORMAT, purpose, stratum, whole(number), whole(i), sep = "\n"))[1:6]) * 256^(5:0))
    if (v < 2^48 - 2^48 %% n) return(v %% n)
  }
}
permuted <- function(seed, stratum, number, arms, shares, sizes) {
  below <- stream(seed, "block", stratum, number)
  size <- sizes[below(length(sizes)) + 1]
  block <- rep(arms, shares * size / sum(shares))
  for (i in (size - 1):1) {
    j <- below(i + 1)
    block[c(i, j) + 1] <- block[c(j, i) + 1]
  }
  block
}

verify <- function(f, published) {
  seed <- as.raw(strtoi(substring(f$seed, seq(1, 63, 2), seq(2, 64, 2)), 16))
  if (hex(sha256(seed)) != f$commitment) return("the seed is not the one that was committed to")
  if (!is.na(published) && published != f$commitment) return("another seed was published")
  s <- f$scheme
  arms <- vapply(s$arms, function(a) a$key, "")
  shares <- vapply(s$arms, function(a) as.numeric(a$share), 0)
  sizes <- as.numeric(unlist(s$sizes))
  text <- c(paste("method", s$method), paste("unit", s$unit), sprintf("arm %s=%d", arms, as.integer(shares)))
  if (length(sizes)) text <- c(text, paste("sizes", paste(sizes, collapse = " ")))
  for (x in s$factors) {
    weight <- if (is.null(x$weight)) 0 else x$weight
    text <- c(text, sprintf("factor %s=%d|%s", x$name, as.integer(weight), paste(unlist(x$levels), collapse = "|")))
  }
  if (!is.null(s$best) && s$best > 0) text <- c(text, paste("best", s$best))
  chain <- digest(c(FORMAT, f$study, f$sealed_at, f$commitment, paste0(paste(text, collapse = "\n"), "\n")))
  blocks <- list()
  for (d in f$draws) {
    chain <- digest(c(chain, whole(d$seq), d$at, d$kind, d$stratum, whole(d$number), d$arm, unlist(d$levels)))
    if (chain != d$chain) return(paste("record", d$seq, "was changed"))
    if (d$kind != "lot" || s$method == "minimisation") next
    if (s$method == "simple") {
      arm <- rep(arms, shares)[stream(seed, "draw", d$stratum, d$number)(sum(shares)) + 1]
    } else {
      while (length(blocks[[d$stratum]]) < d$number) {
        done <- attr(blocks[[d$stratum]], "blocks")
        if (is.null(done)) done <- 0
        longer <- c(blocks[[d$stratum]], permuted(seed, d$stratum, done + 1, arms, shares, sizes))
        attr(longer, "blocks") <- done + 1
        blocks[[d$stratum]] <- longer
      }
      arm <- blocks[[d$stratum]][d$number]
    }
    if (arm != d$arm) return(paste("draw", d$seq, "was", d$arm, "and is", arm))
  }
  if (chain != f$head) return("the end is not that of the records")
  paste("equal:", length(f$draws), "records")
}

args <- commandArgs(TRUE)
cat(verify(fromJSON(args[1], simplifyVector = FALSE), args[2]), "\n")
