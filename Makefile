# What people do with a clone of gowatchd. Every target may be repeated, and is quick when nothing is to be done.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The distribution's Python has the libraries that come from apt; another one may stand earlier on PATH.
PYTHON := /usr/bin/python3
ROOT ?= build/demo
SUITE ?= trixie
GATE ?=
PYTEST_ARGS ?=
SECONDS ?= 60
COUNT ?= 5000
VERSION ?=
KEY ?=
REPOSITORY ?= build/repository
SEED ?= 0
RACES ?= 100000
KILLS ?= 1000
STOPS ?= 1
MINUTES ?= 60
# Tests wait more than they count: one worker more than processors. A container and a desktop need memory: six at most.
WORKERS ?= $(shell n=$$(nproc); if [ "$$n" -lt 6 ]; then echo "$$((n + 1))"; else echo 6; fi)

RUN_PACKAGES := python3 python3-venv python3-setuptools python3-wheel \
	python3-gi python3-jeepney python3-pydantic python3-pydbus python3-sdnotify python3-watchdog
RELEASE_PACKAGES := apt-utils gpg gpg-agent
TEST_PACKAGES := $(RELEASE_PACKAGES) appstream ca-certificates dbus-daemon desktop-file-utils dunst e2fsprogs emacs-nox \
	fonts-wqy-microhei gettext git graphviz groff imagemagick libfaketime libglib2.0-bin librsvg2-common man-db mandoc nano \
	neovim procps python3-dbus python3-pip \
	shared-mime-info tmux util-linux vim xdg-utils xdotool xfce4-notifyd xvfb acl attr btrfs-progs fish strace xfsprogs zsh \
	ed jed joe kakoune mc mg micro ne vis \
	bindfs debian-archive-keyring mmdebstrap systemd-container systemd-journal-remote
PACKAGING_PACKAGES := build-essential git lintian
GATE_PACKAGES := diffoscope-minimal disorderfs piuparts python3-hypothesis python3-pytest

.PHONY: help setup run test lint deb package-check system-test release release-test compat bench differential soak fuzz screenshots generated translations setup-test demo

help: ## show this help
	@echo "gowatchd keeps Go workspaces valid and formatted while you work."
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 22

setup: .venv/programs gowatchd/locale ## install apt packages and the programs into .venv/bin
	@echo "gowatchd, gowatchctl and gofumpt-work are in .venv/bin"

run: .venv/programs gowatchd/locale demo ## run the daemon in the foreground (ROOT=DIR, a demo workspace by default)
	@echo "Watching $(ROOT); Ctrl-C ends it. Change a go.work or go.mod there and look again."
	@.venv/bin/gowatchd --root "$(ROOT)"

# A file of tests is one worker's, which boots or fetches once what they share; tests/conftest.py has their order.
test: setup-test deb ## run every test that this machine can run (PYTEST_ARGS="-k name" WORKERS=0)
	@rm -f .pytest_cache/v/cache/lastfailed
	@.venv/bin/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS); \
		status=$$?; echo $$status >build/test-status; exit $$status

lint: setup-test ## ruff, mypy
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy

deb: ## build the Debian package into build/
	@scripts/install-packages $(PACKAGING_PACKAGES)
	@scripts/build-deb

package-check: setup-test deb ## hold the package against Debian's judges (GATE="lintian or rebuild" SUITE=trixie)
	@scripts/install-packages $(GATE_PACKAGES)
	@GATES=1 SUITE=$(SUITE) .venv/bin/pytest -n $(WORKERS) --dist loadfile -m gate -k "$(GATE)" tests/system $(PYTEST_ARGS)

system-test: setup-test deb ## boot a Debian and drive the installed package (SUITE=bookworm, trixie or sid)
	@SUITE=$(SUITE) .venv/bin/pytest -m booted $(PYTEST_ARGS)

bench: setup-test ## measure gowatchd beside its peers
	@set -e; for bench in benchmarks/bench_*.py; do .venv/bin/python "$$bench"; done

differential: setup-test ## hold our errors against go on thousands of workspaces (COUNT=5000 SEED=0)
	@DIFFERENTIAL=$(COUNT) DIFFERENTIAL_SEED=$(SEED) .venv/bin/pytest -q tests/differential

soak: setup-test ## race, kill, stop, and work in a booted Debian (RACES=100000 KILLS=1000 STOPS=1 MINUTES=60 SUITE= SEED=0)
	@.venv/bin/python scripts/soak --races $(RACES) --kills $(KILLS) --stops $(STOPS) \
		--minutes $(MINUTES) --suite $(SUITE) --seed $(SEED)

fuzz: setup-test build/fuzz-venv/programs ## feed odd bytes to the language and the formatter (SECONDS=60)
	@build/fuzz-venv/bin/python fuzz/fuzz_modfile.py -max_total_time=$(SECONDS) -dict=fuzz/modfile.dict

release: ## build and tag a version, and an apt repository that KEY signs (VERSION=1.2.3 KEY=FINGERPRINT)
	@scripts/install-packages $(PACKAGING_PACKAGES) $(RELEASE_PACKAGES)
	@scripts/release "$(VERSION)" --key "$(KEY)" --repository "$(REPOSITORY)"

release-test: setup-test deb ## make a release in a clone, and upgrade a Debian to it with apt (SUITE=trixie)
	@SUITE=$(SUITE) .venv/bin/pytest -q -m release tests/system/test_release.py $(PYTEST_ARGS)

compat: setup-test ## test with each watchdog and pydantic, and with what five distributions have
	@scripts/compat

screenshots: setup-test ## make the pictures of README.md anew, in docs/images
	@scripts/install-packages xterm fonts-dejavu-core
	@.venv/bin/python scripts/make-screenshots

generated: .venv/programs ## bring what is made of the code up to date: pages, schemas, completions, po/*.po
	@set -e; for made in rules-page troubleshooting-page config-schema completions; do \
		PYTHON=.venv/bin/python scripts/make-$$made; \
	done
	@$(MAKE) translations

translations: ## bring po/*.po up to date with what the programs say
	@scripts/install-packages gettext $(RUN_PACKAGES)
	@PYTHON=$(PYTHON) scripts/update-translations

# The pieces that the targets above are made of.

build/fuzz-venv/programs:
	@echo "installing atheris into build/fuzz-venv"
	@$(PYTHON) -m venv build/fuzz-venv
	@build/fuzz-venv/bin/pip install -q --disable-pip-version-check --only-binary=:all: atheris pytest
	@touch $@

# A stamp: the programs are links into the checkout, so only what pyproject.toml says can outdate them.
.venv/programs: pyproject.toml
	@scripts/install-packages $(RUN_PACKAGES)
	@echo "making .venv with gowatchd, gowatchctl and gofumpt-work"
	@$(PYTHON) -m venv --system-site-packages .venv
	@.venv/bin/python -m pip install -q --disable-pip-version-check \
		--no-index --no-build-isolation --no-deps --editable .
	@touch $@

gowatchd/locale: $(wildcard po/*.po) scripts/compile-translations
	@$(PYTHON) scripts/compile-translations
	@touch $@

.venv/tools: .venv/programs requirements-dev.txt
	@echo "installing the development tools into .venv"
	@.venv/bin/python -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@

setup-test: .venv/tools gowatchd/locale
	@scripts/fetch-toolchains & fetching=$$!; \
		scripts/install-packages $(TEST_PACKAGES) && scripts/fetch-sarif-schema && wait $$fetching

demo:
	@[ "$(ROOT)" != build/demo ] || scripts/make-demo build/demo
