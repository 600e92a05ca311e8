"""Programs of the Go world, and what they read of their environment."""

from __future__ import annotations

# They run `go` themselves, by PATH (golang.org/x/tools/internal/gocommand and the like).
RUN_GO = frozenset(
    {
        "air",
        "benchstat",
        "deadcode",
        "dlv",
        "dlv-dap",
        "errcheck",
        "gci",
        "go-callvis",
        "goimports",
        "golangci-lint",
        "gopls",
        "goreleaser",
        "gotestsum",
        "govulncheck",
        "ginkgo",
        "ko",
        "mage",
        "mockgen",
        "modd",
        "reflex",
        "revive",
        "staticcheck",
        "stringer",
        "wgo",
        "wire",
    }
)

# What `go help environment` lists that a person sets for all their work, not for one build. XDG_* decide
# where `go env -w` wrote (os.UserConfigDir) and where the build cache is (os.UserCacheDir).
SETTINGS = (
    "CGO_ENABLED",
    "GOBIN",
    "GOCACHE",
    "GOENV",
    "GOEXPERIMENT",
    "GOFLAGS",
    "GOINSECURE",
    "GOMODCACHE",
    "GONOPROXY",
    "GONOSUMDB",
    "GOPATH",
    "GOPRIVATE",
    "GOPROXY",
    "GOSUMDB",
    "GOTOOLCHAIN",
    "GOVCS",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
)

GO = "go"


def is_go_program(program: str) -> bool:
    """Say whether ``program`` (a name or a path) is go or runs it."""
    name = program.rpartition("/")[2]
    return name in {GO, "gofmt"} or name in RUN_GO
