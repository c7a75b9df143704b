"""The command line: `notes add | list | done | search | export`."""

import argparse
import csv
import io
import os
import sys
from pathlib import Path

from notes.store import NotesError, Store


def main(argv=None):
    """Run one command; returns the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        arguments.run(Store(arguments.file), arguments)
    except NotesError as error:
        print(f"notes: {error}", file=sys.stderr)
        return 1
    return 0


def add(store, arguments):
    print(_line(store.add(" ".join(arguments.text), arguments.tag)))


def show(store, arguments):
    for note in store.all():
        if (arguments.all or not note.done) and arguments.tag in (None, note.tag):
            print(_line(note))


def done(store, arguments):
    print(_line(store.finish(arguments.number)))


def search(store, arguments):
    for note in store.search(arguments.word):
        print(_line(note))


def export(store, arguments):
    print(_EXPORTS[arguments.format](store.all()), end="")


def _markdown(notes):
    return "".join(f"- [{'x' if note.done else ' '}] {note.text}\n" for note in notes)


def _csv(notes):
    rows = io.StringIO()
    table = csv.writer(rows, lineterminator="\n")
    table.writerow(["number", "text", "tag", "done"])
    table.writerows([note.number, note.text, note.tag or "", "yes" if note.done else "no"] for note in notes)
    return rows.getvalue()


_EXPORTS = {"markdown": _markdown, "csv": _csv}


def _line(note):
    tag = f"  #{note.tag}" if note.tag else ""
    return f"{note.number}  {note.text}{tag}{'  (done)' if note.done else ''}"


class ShowVersion(argparse.Action):
    """Print the version and leave."""

    def __call__(self, parser, namespace, values, option_string=None):
        # Only here: looking at the platform takes longer than most commands do.
        from notes.about import version_text

        print(version_text())
        parser.exit()


def _parser():
    parser = argparse.ArgumentParser(prog="notes", description="Short notes, kept in one JSON file.")
    parser.add_argument("--version", action=ShowVersion, nargs=0, help="print the version and leave")
    parser.add_argument("--file", type=Path, default=_default_file(), help="where the notes are (default: %(default)s)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("add", help="keep a new note")
    command.add_argument("text", nargs="+")
    command.add_argument("--tag")
    command.set_defaults(run=add)

    command = commands.add_parser("list", help="show what is not done")
    command.add_argument("--all", action="store_true", help="also what is done")
    command.add_argument("--tag", help="only notes with this tag")
    command.set_defaults(run=show)

    command = commands.add_parser("done", help="mark a note as done")
    command.add_argument("number", type=int)
    command.set_defaults(run=done)

    command = commands.add_parser("search", help="show the notes that contain a word")
    command.add_argument("word")
    command.set_defaults(run=search)

    command = commands.add_parser("export", help="print every note for another program")
    command.add_argument("--format", choices=sorted(_EXPORTS), default="markdown")
    command.set_defaults(run=export)
    return parser


def _default_file():
    return Path(os.environ.get("NOTES_FILE") or Path.home() / ".notes.json")
