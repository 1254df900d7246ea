# Targets for people. What each does is one command; the rest is in Go.

.PHONY: help run test lint bench bench-analysis load soak trust-report screenshots build vulncheck sbom reproduce release

# What suites of faults and load find is kept here for the trust report.
RESULTS = TIDEMARK_RESULTS=$(CURDIR)/docs/trust-results

help: ## list the targets
	@sed -n 's/^\([a-z-]*\): *## */\1	/p' Makefile | expand -t 16

run: ## show a study with simulated people
	go run ./cmd/tidemark demo

test: ## run every check, on both databases and in a browser
	go run ./internal/checks

lint: ## run the linters (the first time takes minutes)
	go tool -modfile=tools/go.mod golangci-lint run

bench: ## measure speed, memory and size on both databases
	go run ./internal/bench

bench-analysis: ## time the statistics, beside R where it is installed
	go run ./internal/benchanalysis

load: ## let 5,000 people answer within 5 minutes, on both databases
	$(RESULTS) go run ./internal/load

soak: ## bring every fault about as often as the table says, for hours, and attack a thousand groups
	go test ./survey/disclosure -count 1 -cohorts 1000
	go test ./web -count 1 -run HostileTexts -hostile 500 -timeout 1h
	go test ./cmd/tidemark -count 1 -tags soak -run LinksLeadTo -timeout 1h
	TIDEMARK_SOAK=1000 $(RESULTS) go run ./internal/checks -require -count 1 -timeout 12h ./internal/faults ./survey/backup

trust-report: ## write docs/trust-report.md from what the suites have found
	go run ./internal/trustreport

screenshots: ## make the pictures under docs/screenshots
	go run ./internal/screenshots

# The program has a bound of 60 MB. nomsgpack leaves out a format of Gin that no page
# is sent in; what is called seldom, or waits for templates and databases anyway, is
# compiled without inlining.
OUT ?= dist/tidemark
SELDOM := github.com/xuri/... github.com/go-webauthn/... \
	github.com/google/go-tpm/... github.com/fxamacker/... github.com/alecthomas/kong codeberg.org/go-pdf/fpdf \
	github.com/goccy/... github.com/wneessen/... \
	github.com/tinylib/... github.com/golang-jwt/... github.com/go-jose/... github.com/coreos/... golang.org/x/oauth2/... github.com/pressly/... filippo.io/... golang.org/x/text/... gorm.io/... \
	tidemark/cmd/... tidemark/web tidemark/survey/report/... tidemark/survey/rehearsal \
	filippo.io/... github.com/VictoriaMetrics/... github.com/valyala/... golang.org/x/net/... google.golang.org/protobuf/... \
	github.com/coreos/... github.com/go-jose/... golang.org/x/oauth2/... \
	tidemark/operate tidemark/survey/instrument/catalogue tidemark/survey/instrument/drafting tidemark/survey/instrument/exchange

build: ## make the static binary dist/tidemark
	CGO_ENABLED=0 go build -tags nomsgpack -trimpath -ldflags "-s -w" $(SELDOM:%=-gcflags=%=-l) -o $(OUT) ./cmd/tidemark

vulncheck: ## ask the Go vulnerability database (vuln.go.dev) about what is called
	go tool -modfile=tools/go.mod govulncheck -tags nomsgpack ./cmd/tidemark

sbom: ## write what dist/tidemark is made of, as CycloneDX JSON
	go run ./internal/sbom $(OUT) > $(OUT).cdx.json

reproduce: ## build twice, in two folders, and compare
	@one=$$(mktemp -d) && two=$$(mktemp -d)/another/folder && \
	git clone -q . $$one/tidemark && git clone -q . $$two && \
	$(MAKE) -s -C $$one/tidemark build && $(MAKE) -s -C $$two build && \
	sha256sum $$one/tidemark/dist/tidemark $$two/dist/tidemark && \
	cmp $$one/tidemark/dist/tidemark $$two/dist/tidemark && echo "the same" && rm -rf $$one $$two

release: build sbom ## gather the binary, what it is made of, and checksums in dist
	cd $(dir $(OUT)) && sha256sum $(notdir $(OUT)) $(notdir $(OUT)).cdx.json > SHA256SUMS && cat SHA256SUMS
