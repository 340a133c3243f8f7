# The two commands of the README are `make run` and `make test`. Both set up
# what they need first; `make help` lists the rest.
GO      ?= go
NICE    ?=
BIN     := bin/waggle
PKGS    := ./...
FUZZ    ?= 10s
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

.PHONY: help run tidy-check build test unit check bench models setup setup-test vet lint race fuzz vuln clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: build ## set up, build and start the gateway with the demo shop
	./$(BIN) serve

build: setup ## build bin/waggle
	@mkdir -p bin
	$(GO) build -ldflags "-X main.version=$(VERSION)" -o $(BIN) ./cmd/waggle

test: setup-test build ## all tests, those with real peers included
	WAGGLE_BINARY=$(CURDIR)/$(BIN) $(GO) test $(PKGS)

unit: setup ## tests without the end-to-end ones
	$(GO) test $$($(GO) list $(PKGS) | grep -v /e2e)

check: setup-test build vet lint race fuzz tidy-check vuln ## what continuous integration asks for, and more

vet:
	$(GO) vet $(PKGS)

lint: ## golangci-lint, if it is installed
	@if command -v golangci-lint >/dev/null; then golangci-lint run; \
	else echo "lint: golangci-lint is not installed, gofmt only"; test -z "$$(gofmt -l $$(git ls-files '*.go'))"; fi

race: ## tests under the race detector; e2e runs the binary, not the code
	$(GO) test -race $$($(GO) list $(PKGS) | grep -v /e2e)

fuzz: ## every fuzz target for FUZZ (10s)
	scripts/fuzz.sh $(FUZZ)

tidy-check:
	$(GO) mod verify >/dev/null
	$(GO) mod tidy -e -diff

vuln:
	@if command -v govulncheck >/dev/null; then govulncheck $(PKGS); else echo "vuln: govulncheck is not installed, skipped"; fi

bench: build ## speed and capacity, as the README quotes them
	scripts/bench.sh

models: build ## what the binary ships, verified
	./$(BIN) models verify

setup: ## install what building and running needs
	@scripts/setup.sh

setup-test: ## also install the peers that the tests call
	@scripts/setup.sh --test

clean: ## remove what was built, keep lib/ and data/
	rm -rf bin
