import json
import tempfile
import unittest
from pathlib import Path

from notes.store import NotesError, Store


class StoreTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "notes.json"
        self.store = Store(self.path)

    def test_a_file_that_does_not_exist_has_no_notes(self):
        self.assertEqual(self.store.all(), [])

    def test_a_note_is_kept_with_the_next_number(self):
        self.store.add("Water the plants", tag="home")
        self.store.add("Answer Ada")
        self.assertEqual([(note.number, note.text) for note in self.store.all()], [(1, "Water the plants"), (2, "Answer Ada")])

    def test_a_note_without_text_is_refused(self):
        with self.assertRaisesRegex(NotesError, "needs some text"):
            self.store.add("   ")
        self.assertFalse(self.path.exists())

    def test_finishing_a_note_twice_changes_nothing(self):
        self.store.add("Answer Ada")
        self.assertEqual(self.store.finish(1), self.store.finish(1))
        self.assertTrue(self.store.all()[0].done)

    def test_an_unknown_number_is_named(self):
        with self.assertRaisesRegex(NotesError, "no note 7"):
            self.store.finish(7)

    def test_search_looks_at_text_and_tag_in_any_case(self):
        self.store.add("Water the plants", tag="home")
        self.store.add("Buy WATERcolours")
        self.store.add("Answer Ada")
        self.assertEqual([note.number for note in self.store.search("water")], [1, 2])
        self.assertEqual([note.number for note in self.store.search("HOME")], [1])

    def test_letters_of_every_script_survive(self):
        self.store.add("Grüße an 花子")
        self.assertEqual(json.loads(self.path.read_text(encoding="utf-8"))[0]["text"], "Grüße an 花子")

    def test_a_broken_file_is_named_and_left_alone(self):
        self.path.write_text("not json", encoding="utf-8")
        with self.assertRaisesRegex(NotesError, "is no file of notes"):
            self.store.add("Answer Ada")
        self.assertEqual(self.path.read_text(encoding="utf-8"), "not json")


if __name__ == "__main__":
    unittest.main()
