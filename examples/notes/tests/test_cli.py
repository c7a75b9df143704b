import contextlib
import io
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from notes import __version__
from notes.cli import main


class CommandLineTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "notes.json"

    def notes(self, *words):
        """Run a command on this test's file; returns what it printed."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            self.assertEqual(main(["--file", str(self.path), *words]), 0)
        return printed.getvalue()

    def test_list_leaves_out_what_is_done(self):
        self.notes("add", "Water", "the", "plants", "--tag", "home")
        self.notes("add", "Answer Ada")
        self.assertEqual(self.notes("done", "2"), "2  Answer Ada  (done)\n")
        self.assertEqual(self.notes("list"), "1  Water the plants  #home\n")
        self.assertEqual(self.notes("list", "--all"), "1  Water the plants  #home\n2  Answer Ada  (done)\n")

    def test_list_shows_one_tag(self):
        self.notes("add", "Water the plants", "--tag", "home")
        self.notes("add", "Answer Ada")
        self.assertEqual(self.notes("list", "--tag", "home"), "1  Water the plants  #home\n")

    def test_export_as_markdown_is_a_list_of_tasks(self):
        self.notes("add", "Water the plants")
        self.notes("add", "Answer Ada")
        self.notes("done", "1")
        self.assertEqual(self.notes("export"), "- [x] Water the plants\n- [ ] Answer Ada\n")

    def test_export_as_csv_quotes_commas(self):
        self.notes("add", "Bread, butter", "--tag", "shop")
        self.assertEqual(self.notes("export", "--format", "csv"), 'number,text,tag,done\n1,"Bread, butter",shop,no\n')

    def test_a_mistake_is_one_sentence_and_exit_code_1(self):
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            self.assertEqual(main(["--file", str(self.path), "done", "7"]), 1)
        self.assertEqual(said.getvalue(), "notes: there is no note 7\n")


class VersionTest(unittest.TestCase):
    def test_version_is_printed(self):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), self.assertRaises(SystemExit) as left:
            main(["--version"])
        self.assertEqual(left.exception.code, 0)
        self.assertTrue(printed.getvalue().startswith(f"notes {__version__} (Python "))

    def test_version_needs_no_file_of_notes(self):
        ended = subprocess.run(
            [sys.executable, "-m", "notes", "--version"],
            env={**os.environ, "NOTES_FILE": "/nowhere/notes.json"},
            capture_output=True,
            text=True,
        )
        self.assertEqual(ended.stderr, "")
        self.assertEqual(ended.returncode, 0)


if __name__ == "__main__":
    unittest.main()
