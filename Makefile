# Targets for people. What each does is one command; the rest is in Go.

.PHONY: help run test lint bench bench-analysis soak screenshots build

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

soak: ## kill the server a thousand times under load
	TIDEMARK_SOAK=1000 go run ./internal/checks -require -count 1 -timeout 3h ./internal/faults

screenshots: ## make the pictures under docs/screenshots
	go run ./internal/screenshots

build: ## make the static binary dist/tidemark
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o dist/tidemark ./cmd/tidemark
