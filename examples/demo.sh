#!/usr/bin/env bash
# One sentence to a closed ticket, on a copy of examples/notes. Nothing outside a scratch folder is touched.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/tickety-demo.XXXXXX")
project=$scratch/notes
ticket=BUG-$(date -u +%Y)-001

export XDG_STATE_HOME=$scratch/state
# The environment's python3 is new enough for certain; the machine's own may not be.
PATH=${TICKETY_BIN:-$here/../.venv/bin}:$PATH
# The project's own `make test` must run as if a person had typed it, not as a part of `make demo`.
unset MAKEFLAGS MFLAGS MAKELEVEL TICKETY_BIN

main() {
    make_the_project
    cd "$project"
    say "A small project with a fault, in $project:"
    typed python3 -m notes --version 2>&1 | grep -v '^  ' || true
    say "One sentence, and Tickety does the rest:"
    typed tickety "The --version command is throwing an ImportError" --yes || true
    [ "$(field status)" = closed ] || fail "$ticket is not closed. What there is to see is in $scratch"
    say "The ticket, the change, and the command again, on the ticket's branch:"
    typed tickety show "$ticket"
    typed tickety diff "$ticket"
    see_it_work
    say "Everything is in $scratch: look around, then delete it."
}

# Two commits, as it happens in life: it worked, then somebody renamed a function and missed its caller.
make_the_project() {
    git init --quiet --initial-branch=main "$project"
    cp -R "$here/notes/." "$project"
    sed 's/version_line/version_text/' "$here/notes/notes/about.py" >"$project/notes/about.py"
    commit "Add notes 0.4.0"
    cp "$here/notes/notes/about.py" "$project/notes/about.py"
    commit "Call the version line what it is"
}

commit() {
    git -C "$project" add --all
    git -C "$project" -c user.name=Ada -c user.email=ada@example.org -c commit.gpgsign=false commit --quiet -m "$1"
}

see_it_work() {
    git worktree add --quiet --detach "$scratch/mended" "$(field branch)"
    cd "$scratch/mended"
    typed python3 -m notes --version
}

# One field of the ticket; empty when there is no ticket.
field() {
    tickety show "$ticket" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1" || true
}

# Shows a command as it is typed, then runs it, and says how it failed if it did.
typed() {
    local line=$1 word
    for word in "${@:2}"; do
        case $word in *" "*) line+=" \"$word\"" ;; *) line+=" $word" ;; esac
    done
    printf '\n$ %s\n' "$line"
    "$@" || {
        local code=$?
        printf '(exit code %s)\n' "$code"
        return "$code"
    }
}

say() { printf '\n%s\n' "$1"; }

fail() {
    say "$1" >&2
    exit 1
}

main
