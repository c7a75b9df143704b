import os
from pathlib import Path

import pytest

from tests.agents import workshop
from tickety.agents.builtin import mechanic
from tickety.core import receipt, report

REPORT = "def render_table(rows):\n    return len(rows)\n\n\ndef summary():\n    return 'all'\n"
TEST = "\n\nclass T(unittest.TestCase):\n    def test_it(self):\n"
PACKAGE = {"src/demo/__init__.py": "", "src/demo/report.py": REPORT}


def mended(shop: workshop.Workshop, *commands: tuple[str, ...], words: str = "It is broken") -> report.Report:
    """What comes of a bug that the commands reproduce."""
    evidence = [shop.evidence(command, receipt.Purpose.REPRODUCTION) for command in commands]
    return workshop.work(mechanic.Mechanic(shop.workspaces), shop.assignment(words, *evidence))


def verified(
    shop: workshop.Workshop, *commands: tuple[str, ...], words: str, kind: str = "bug", error_message: str = ""
) -> report.Report:
    """What comes of a ticket whose words are all that tells which of the red commands' faults is meant."""
    evidence = [shop.evidence(command) for command in commands]
    told = shop.assignment(words, *evidence, kind=kind, error_message=error_message)
    return workshop.work(mechanic.Mechanic(shop.workspaces), told)


def test_a_misspelt_import_is_mended_where_it_stands_and_where_it_is_used(tmp_path: Path) -> None:
    start = "import sys\nfrom demo.report import render_tables  # the table\n\n\n"
    cli = f"{start}def main():\n    return render_tables([])\n\n\nmain()\n"
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, "src/demo/cli.py": cli})
    said = mended(shop, workshop.importing("demo.cli"))
    assert said.status is report.Status.PASSED
    assert shop.text("src/demo/cli.py") == cli.replace("render_tables", "render_table")
    assert shop.changed() == ["src/demo/cli.py"]
    assert "`render_tables` is not in `demo.report`" in said.summary
    assert said.outputs["proven"] is True


def test_a_name_that_the_file_binds_again_is_imported_under_its_old_name(tmp_path: Path) -> None:
    start = "from demo.report import render_tables\n\n"
    cli = f"{start}def main(render_tables=render_tables):\n    return render_tables([])\n\nmain()\n"
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, "src/demo/cli.py": cli})
    assert mended(shop, workshop.importing("demo.cli")).status is report.Status.PASSED
    assert shop.text("src/demo/cli.py").startswith("from demo.report import render_table as render_tables\n")
    assert shop.text("src/demo/cli.py").endswith(cli.partition("\n")[2])


def test_a_file_that_uses_the_right_name_gets_just_that(tmp_path: Path) -> None:
    cli = "from demo.report import render_tables\n\n\ndef f(render_table=0): pass\n\n\nprint(render_table([]))\n"
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, "src/demo/cli.py": cli})
    assert mended(shop, workshop.importing("demo.cli")).status is report.Status.PASSED
    assert shop.text("src/demo/cli.py") == cli.replace("render_tables", "render_table")


def test_every_importer_of_a_renamed_name_follows(tmp_path: Path) -> None:
    importers = {
        f"src/demo/{name}.py": "from .report import (\n    render_tables,\n    summary,\n)\nX = render_tables([])\n"
        for name in "abc"
    }
    attribute = {"src/demo/d.py": "from demo import report as r\n\nX = r.render_tables([])\n"}
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, **importers, **attribute})
    said = mended(shop, workshop.importing("demo.a, demo.b, demo.c, demo.d"))
    assert said.status is report.Status.PASSED
    assert shop.changed() == ["src/demo/a.py", "src/demo/b.py", "src/demo/c.py", "src/demo/d.py"]
    assert shop.text("src/demo/b.py").startswith("from .report import (\n    render_table,\n    summary,\n)")


def test_a_name_that_moved_is_imported_from_its_new_module(tmp_path: Path) -> None:
    files = {
        **PACKAGE,
        "src/demo/view/__init__.py": "",
        "src/demo/view/page.py": "def paginate(rows):\n    return rows\n",
        "src/demo/cli.py": "from .report import paginate, summary\n\nprint(paginate([]), summary())\n",
        "src/demo/web.py": "if True:\n    from demo.report import paginate as pages\n\nprint(pages([]))\n",
    }
    shop = workshop.open_workshop(tmp_path, files)
    assert mended(shop, workshop.importing("demo.cli, demo.web")).status is report.Status.PASSED
    expected = "from .report import summary\nfrom .view.page import paginate\n\nprint(paginate([]), summary())\n"
    assert shop.text("src/demo/cli.py") == expected
    assert (
        shop.text("src/demo/web.py")
        == "if True:\n    from demo.view.page import paginate as pages\n\nprint(pages([]))\n"
    )


def test_a_module_that_moved_is_found_by_all_its_importers(tmp_path: Path) -> None:
    files = {
        "src/demo/__init__.py": "",
        "src/demo/view/__init__.py": "",
        "src/demo/view/report.py": REPORT,
        "src/demo/a.py": "import demo.report\n\nprint(demo.report.summary())\n",
        "src/demo/b.py": "import demo.report as r\n\nprint(r.summary())\n",
        "src/demo/c.py": "from demo.report import summary\n\nprint(summary())\n",
        "src/demo/d.py": "from .report import (  # here\n    render_table,\n    summary,\n)\n\nprint(summary())\n",
        "src/demo/e.py": "from demo import report\n\nprint(report.summary())\n",
    }
    shop = workshop.open_workshop(tmp_path, files)
    said = mended(shop, workshop.importing("demo.a, demo.b, demo.c, demo.d, demo.e"))
    assert said.status is report.Status.PASSED, said.summary
    assert shop.text("src/demo/a.py") == "import demo.view.report\n\nprint(demo.view.report.summary())\n"
    assert shop.text("src/demo/b.py") == "import demo.view.report as r\n\nprint(r.summary())\n"
    assert shop.text("src/demo/c.py") == "from demo.view.report import summary\n\nprint(summary())\n"
    assert shop.text("src/demo/d.py").startswith("from .view.report import (  # here\n    render_table,\n")
    assert shop.text("src/demo/e.py") == "from demo.view import report\n\nprint(report.summary())\n"


def test_a_module_is_never_made_to_import_itself(tmp_path: Path) -> None:
    files = {
        "src/demo/__init__.py": "",
        "src/demo/floats.py": "from demo._native.floats import add\n\ndef add_all(): pass\n",
    }
    shop = workshop.open_workshop(tmp_path, files)
    assert mended(shop, workshop.importing("demo.floats")).status is report.Status.NEEDS_HUMAN
    assert shop.changed() == []


def test_a_misspelt_module_and_a_package_that_is_gone_are_found(tmp_path: Path) -> None:
    files = {
        **PACKAGE,
        "src/demo/a.py": "import dmeo.report as r\n\nprint(r.summary())\n",
        "src/demo/b.py": "from demo.views.report import summary\n\nprint(summary())\n",
        "src/demo/c.py": "from .reports import summary\n\nprint(summary())\n",
    }
    shop = workshop.open_workshop(tmp_path, files)
    said = mended(shop, *(workshop.importing(f"demo.{name}") for name in "abc"))
    assert said.status is report.Status.PASSED, said.summary
    assert shop.text("src/demo/a.py").startswith("import demo.report as r\n")
    assert shop.text("src/demo/b.py").startswith("from demo.report import summary\n")
    assert shop.text("src/demo/c.py").startswith("from .report import summary\n")
    assert len(said.outputs["mends"]) == 3


def test_a_package_that_offers_a_misspelt_name_is_mended(tmp_path: Path) -> None:
    files = {
        "src/demo/__init__.py": 'from .report import summery\n\n__all__ = ["summary"]\n',
        "src/demo/report.py": REPORT,
        "src/demo/cli.py": "from demo import summary\n\nprint(summary())\n",
    }
    shop = workshop.open_workshop(tmp_path, files)
    assert mended(shop, workshop.importing("demo.cli")).status is report.Status.PASSED
    assert shop.text("src/demo/__init__.py") == 'from .report import summary\n\n__all__ = ["summary"]\n'


def test_a_name_near_one_that_a_package_offers_is_mended(tmp_path: Path) -> None:
    files = {
        "src/demo/__init__.py": 'from .report import summary\n\n__all__ = ["summary"]\n',
        "src/demo/report.py": REPORT,
        "src/demo/cli.py": "from demo import summaries\n\nprint(summaries())\n",
    }
    shop = workshop.open_workshop(tmp_path, files)
    assert mended(shop, workshop.importing("demo.cli")).status is report.Status.PASSED
    assert shop.text("src/demo/cli.py") == "from demo import summary\n\nprint(summary())\n"


def test_a_name_that_others_take_from_a_package_stays_known_there(tmp_path: Path) -> None:
    files = {
        "src/demo/__init__.py": "from .report import table\n",
        "src/demo/report.py": REPORT.replace("render_table", "as_table"),
        "src/demo/cli.py": "from demo import table\n\nprint(table([]))\n",
    }
    shop = workshop.open_workshop(tmp_path, files)
    assert mended(shop, workshop.importing("demo.cli")).status is report.Status.PASSED
    assert shop.text("src/demo/__init__.py") == "from .report import as_table as table\n"
    assert shop.changed() == ["src/demo/__init__.py"]


def test_attributes_of_modules_and_of_classes_are_mended_one_fault_after_the_other(tmp_path: Path) -> None:
    shelf = (
        "class Shelf:\n    def __init__(self):\n        self.books = []\n\n"
        "    def count(self):\n        return len(self.boks)\n"
    )
    cli = "from demo import report, shelf\n\nprint(report.summaries())\nprint(shelf.Shelf().counts(), 'counts')\n"
    files = {
        **PACKAGE,
        "src/demo/shelf.py": shelf,
        "src/demo/cli.py": cli,
    }
    shop = workshop.open_workshop(tmp_path, files)
    said = mended(shop, workshop.importing("demo.cli"))
    assert said.status is report.Status.PASSED, said.summary
    assert shop.text("src/demo/shelf.py") == shelf.replace("boks", "books")
    assert shop.text("src/demo/cli.py").endswith("print(report.summary())\nprint(shelf.Shelf().count(), 'counts')\n")
    assert len(said.outputs["mends"]) == 3


def test_encoding_and_line_ends_are_kept(tmp_path: Path) -> None:
    words = (
        "# -*- coding: latin-1 -*-\r\n"
        "GREETING = 'Grüße'; from demo.report import summaries; SIGN = 'é'\r\n\r\nprint(summaries())  # ä\r\n"
    )
    bom = "﻿from demo.report import summaries\nÜBER = f'ü{summaries()}ü'\n"
    shop = workshop.open_workshop(
        tmp_path, {**PACKAGE, "src/demo/a.py": words.encode("latin-1"), "src/demo/b.py": bom.encode()}
    )
    assert mended(shop, workshop.importing("demo.a, demo.b")).status is report.Status.PASSED
    assert (shop.place / "src/demo/a.py").read_bytes() == words.replace("summaries", "summary").encode("latin-1")
    assert (shop.place / "src/demo/b.py").read_bytes() == bom.replace("summaries", "summary").encode()


def test_a_candidate_of_the_same_length_is_not_hidden_by_compiled_files(tmp_path: Path) -> None:
    names = "def load_b(): raise RuntimeError('not me')\n\n\ndef load_c(): return 1\n"
    files = {
        "src/demo/__init__.py": "",
        "src/demo/store.py": names,
        "src/demo/cli.py": "from demo.store import load_a\n\nload_a()\n",
    }
    shop = workshop.open_workshop(tmp_path, files)
    assert mended(shop, workshop.importing("demo.cli")).status is report.Status.PASSED
    assert shop.text("src/demo/cli.py") == "from demo.store import load_c\n\nload_c()\n"


def test_two_equally_good_candidates_are_left_to_a_person(tmp_path: Path) -> None:
    names = "def load_b(): pass\n\n\ndef load_c(): pass\n"
    cli = "from demo.store import load_a\n"
    shop = workshop.open_workshop(
        tmp_path, {"src/demo/__init__.py": "", "src/demo/store.py": names, "src/demo/cli.py": cli}
    )
    said = mended(shop, workshop.importing("demo.cli"))
    assert said.status is report.Status.NEEDS_HUMAN
    assert "demo.store.load_b" in (said.question or "")
    assert "demo.store.load_c" in (said.question or "")
    assert "tickety retry BUG-2026-001" in (said.question or "")
    assert shop.text("src/demo/cli.py") == cli
    assert shop.changed() == []


def test_a_candidate_that_does_not_help_is_taken_back_byte_for_byte(tmp_path: Path) -> None:
    cli = b"from demo.report import render_html\r\n\nprint(render_html([]))"
    report_py = "if False:\n    render_htm = 1\n"
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, "src/demo/report.py": report_py, "src/demo/cli.py": cli})
    said = mended(shop, workshop.importing("demo.cli"))
    assert said.status is report.Status.NEEDS_HUMAN
    assert (shop.place / "src/demo/cli.py").read_bytes() == cli


def test_tests_are_the_measure_and_never_changed(tmp_path: Path) -> None:
    test = f"import unittest\nfrom demo.report import render_html\n{TEST}        render_html([])\n"
    files = {
        **PACKAGE,
        "src/demo/report.py": "def render_htm(rows): pass\n",
        "tests/__init__.py": "",
        "tests/test_report.py": test,
    }
    shop = workshop.open_workshop(tmp_path, files)
    said = mended(shop, (workshop.PYTHON, "-m", "unittest", "tests.test_report"))
    assert said.status is report.Status.NEEDS_HUMAN
    assert "tests/test_report.py" in said.summary
    assert shop.changed() == []


def test_a_fault_in_a_test_is_outside(tmp_path: Path) -> None:
    test = f"import unittest\nfrom demo import report\n{TEST}        self.assertEqually(report.summary(), 'all')\n"
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, "tests/__init__.py": "", "tests/test_report.py": test})
    said = mended(shop, (workshop.PYTHON, "-m", "unittest", "tests.test_report"))
    assert said.status is report.Status.NEEDS_HUMAN
    assert "tests are not changed by rule" in said.summary
    assert shop.changed() == []


@pytest.mark.parametrize("module", ["tornado", "distutils2", "yaml"])
def test_a_package_that_is_not_installed_is_outside(tmp_path: Path, module: str) -> None:
    wrapper = {"src/demo/yaml.py": "def write(): pass\n", "src/demo/tornados.py": "def get(): pass\n"}
    cli = f"import {module}\n\n{module}.get('x')\n"
    manifest = '[project]\nname = "demo"\ndependencies = ["tornado>=6"]\n'
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, **wrapper, "pyproject.toml": manifest, "src/demo/cli.py": cli})
    said = mended(shop, workshop.importing("demo.cli"))
    assert said.status is report.Status.NEEDS_HUMAN
    assert f"`{module}` is not part of this project" in said.summary
    assert shop.changed() == []


def test_another_language_is_outside(tmp_path: Path) -> None:
    stack = (
        "TypeError: b.missing is not a function\n    at go (/x/a.js:2:19)\n    at Object.<anonymous> (/x/a.js:3:1)\n"
    )
    shop = workshop.open_workshop(tmp_path, {"a.js": "b.missing()\n", "say.py": f"import sys\nsys.exit({stack!r})\n"})
    said = mended(shop, (workshop.PYTHON, "say.py"))
    assert said.status is report.Status.NEEDS_HUMAN
    assert "it is JavaScript, and they know Python only" in said.summary
    assert "a.js:2" in said.summary


def test_a_wrong_answer_is_outside_and_the_question_names_the_ways_on(tmp_path: Path) -> None:
    shop = workshop.open_workshop(
        tmp_path, {**PACKAGE, "check.py": "from demo import report\nassert report.summary() == 'none'\n"}
    )
    said = mended(shop, (workshop.PYTHON, "check.py"))
    assert said.status is report.Status.NEEDS_HUMAN
    question = said.question or ""
    assert "Who mends this?" in question
    assert "[roster.Engineer] agent = {command = " in question
    assert "tickety/BUG-2026-001-it-is-broken-0192" in question
    assert question.endswith("tickety retry BUG-2026-001")


def test_a_circle_of_imports_is_outside(tmp_path: Path) -> None:
    files = {
        "src/demo/__init__.py": "",
        "src/demo/a.py": "from demo.b import second\n\ndef first(): pass\n",
        "src/demo/b.py": "from demo.a import first\n\ndef second(): pass\n",
    }
    shop = workshop.open_workshop(tmp_path, files)
    said = mended(shop, workshop.importing("demo.a"))
    assert said.status is report.Status.NEEDS_HUMAN
    assert "in a circle" in said.summary
    assert shop.changed() == []


def test_what_was_red_for_another_reason_is_named_and_does_not_stand_in_the_way(tmp_path: Path) -> None:
    test = (
        "import unittest\n\nclass T(unittest.TestCase):\n    def test_cli(self):\n        import demo.cli\n\n"
        "    def test_other(self):\n        self.assertEqual(1, 2)\n"
    )
    files = {
        **PACKAGE,
        "src/demo/cli.py": "from demo.report import summaries\n",
        "tests/__init__.py": "",
        "tests/test_it.py": test,
    }
    shop = workshop.open_workshop(tmp_path, files)
    said = verified(shop, (workshop.PYTHON, "-m", "unittest", "tests.test_it"), words="It throws an ImportError")
    assert said.status is report.Status.PASSED
    assert "is no part of this: AssertionError: 1 != 2" in said.summary


def test_what_comes_to_light_behind_a_mend_and_is_outside_waits_for_a_person(tmp_path: Path) -> None:
    shop = workshop.open_workshop(
        tmp_path, {**PACKAGE, "src/demo/cli.py": "from demo.report import summaries\n\n1 / 0\n"}
    )
    said = mended(shop, workshop.importing("demo.cli"))
    assert said.status is report.Status.NEEDS_HUMAN
    assert "ZeroDivisionError" in (said.question or "")
    assert shop.changed() == ["src/demo/cli.py"]
    assert said.summary.startswith("Mended src/demo/cli.py")


def test_a_reproduction_that_passes_is_enough(tmp_path: Path) -> None:
    shop = workshop.open_workshop(
        tmp_path,
        {**PACKAGE, "src/demo/cli.py": "from demo.report import summaries\n", "check.py": "import demo.cli\n1 / 0\n"},
    )
    evidence = [
        shop.evidence(workshop.importing("demo.cli"), receipt.Purpose.REPRODUCTION),
        shop.evidence((workshop.PYTHON, "check.py")),
    ]
    said = workshop.work(mechanic.Mechanic(shop.workspaces), shop.assignment("It fails", *evidence))
    assert said.status is report.Status.PASSED
    assert "ZeroDivisionError" in said.summary


def test_without_a_red_command_the_words_are_enough_but_nothing_is_proved(tmp_path: Path) -> None:
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, "src/demo/cli.py": "from demo.report import summaries\n"})
    said = mended(
        shop, words="ImportError: cannot import name 'summaries' from 'demo.report' (/elsewhere/src/demo/report.py)"
    )
    assert said.status is report.Status.PASSED
    assert "could not be proved" in said.summary
    assert said.outputs["proven"] is False
    assert shop.text("src/demo/cli.py") == "from demo.report import summary\n"


TESTS = """\
import unittest


class T(unittest.TestCase):
    def test_table_is_printed(self):
        from demo import cli
        cli.main(["--table"])

    def test_sum_is_right(self):
        self.assertEqual(sum([1, 2]), 4)
"""
LAZY = "def main(words):\n    from demo.report import render_tables\n    return render_tables(words)\n"
RED = (workshop.PYTHON, "-m", "unittest", "tests.test_cli")


def a_suite_that_is_red(folder: Path) -> workshop.Workshop:
    files = {"src/demo/cli.py": LAZY, "tests/__init__.py": "", "tests/test_cli.py": TESTS}
    return workshop.open_workshop(folder, {**PACKAGE, **files})


@pytest.mark.parametrize(
    "words",
    [
        "The --table option throws an ImportError",
        "importerror when it starts",
        "render_tables cannot be found",
        "ImportError: cannot import name 'render_tables' from 'demo.report' (/elsewhere/src/demo/report.py)",
        "src/demo/cli.py is broken",
        "cli.py crashes",
        "test_table_is_printed fails",
        "Printing the table crashes",
        "demo --table crashes",
    ],
)
def test_a_fault_that_the_words_name_is_mended(tmp_path: Path, words: str) -> None:
    shop = a_suite_that_is_red(tmp_path)
    said = verified(shop, RED, words=words)
    assert said.status is report.Status.PASSED, said.summary
    assert shop.changed() == ["src/demo/cli.py"]
    assert "AssertionError" in said.summary


def test_the_message_of_the_error_counts_as_words(tmp_path: Path) -> None:
    shop = a_suite_that_is_red(tmp_path)
    message = "ImportError: cannot import name 'render_tables' from 'demo.report'"
    said = verified(shop, RED, words="It does not start", error_message=message)
    assert said.status is report.Status.PASSED


@pytest.mark.parametrize(
    "words",
    [
        "The program crashes on start with an error",
        "The summary loses its last line",
        "--table prints the columns in a wrong order",
        "cli.py prints the wrong total",
        "The --width option crashes",
        "A table with a comma crashes",
        "The sum raises a TypeError in cli.py",
        "ImportError: cannot import name 'summaries' from 'demo.report' (/elsewhere/src/demo/report.py)",
        "ModuleNotFoundError: No module named 'yaml'",
    ],
)
def test_a_fault_that_the_words_do_not_name_is_said_and_left(tmp_path: Path, words: str) -> None:
    shop = a_suite_that_is_red(tmp_path)
    said = verified(shop, RED, words=words)
    assert said.status is report.Status.NEEDS_HUMAN
    assert shop.changed() == []
    question = said.question or ""
    assert question.startswith("`ImportError: cannot import name 'render_tables' from 'demo.report'")
    assert "(src/demo/cli.py:2) is broken too, but the ticket does not speak of it" in question
    assert "tickety retry BUG-2026-001 --repro 'COMMAND'" in question
    assert question.endswith("tickety retry BUG-2026-001")


def test_a_plain_word_is_a_name_only_where_it_is_said_to_be_one(tmp_path: Path) -> None:
    files = {"src/demo/cli.py": "from demo.report import summaries as s\n"}
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, **files})
    command = workshop.importing("demo.cli")
    assert verified(shop, command, words="The summaries lose a line").status is report.Status.NEEDS_HUMAN
    assert verified(shop, command, words="There is no `summaries`").status is report.Status.PASSED


def test_a_red_reproduction_says_which_faults_are_meant(tmp_path: Path) -> None:
    other = {"src/demo/web.py": "from demo.report import summaries\n"}
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, **other, "src/demo/cli.py": LAZY, "run.py": "1 / 0\n"})
    evidence = [
        shop.evidence((workshop.PYTHON, "run.py"), receipt.Purpose.REPRODUCTION),
        shop.evidence(workshop.importing("demo.web")),
    ]
    told = shop.assignment("run.py throws, not the ImportError of `summaries`", *evidence)
    said = workshop.work(mechanic.Mechanic(shop.workspaces), told)
    assert said.status is report.Status.NEEDS_HUMAN
    assert (said.question or "").startswith("ZeroDivisionError: division by zero at run.py:1")
    assert shop.changed() == []


def test_where_the_reproduction_passes_the_kind_of_an_error_does_not_say_which(tmp_path: Path) -> None:
    shop = a_suite_that_is_red(tmp_path)
    green = shop.evidence(workshop.importing("demo.report"), receipt.Purpose.REPRODUCTION)
    told = shop.assignment("The report throws an ImportError", green, shop.evidence(RED))
    assert workshop.work(mechanic.Mechanic(shop.workspaces), told).status is report.Status.NEEDS_HUMAN
    assert shop.changed() == []


def test_what_is_left_of_the_tickets_own_faults_waits_for_a_person(tmp_path: Path) -> None:
    files = {"src/demo/a.py": "from demo.report import summaries\n", "src/demo/b.py": "import nowhere\n"}
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, **files})
    commands = [workshop.importing("demo.a"), workshop.importing("demo.b")]
    said = verified(shop, *commands, words="It throws an ImportError")
    assert said.status is report.Status.NEEDS_HUMAN
    assert "`nowhere` is not part of this project" in (said.question or "")


@pytest.mark.parametrize("kind", ["feature", "doc", "qa", "task", "epic"])
def test_work_of_another_type_is_outside_and_what_is_broken_is_named(tmp_path: Path, kind: str) -> None:
    shop = a_suite_that_is_red(tmp_path)
    said = verified(shop, RED, words="The ImportError of render_tables, as HTML", kind=kind)
    assert said.status is report.Status.NEEDS_HUMAN
    assert f"Work of type {kind} is outside of what rules can do" in (said.question or "")
    assert "(src/demo/cli.py:2) is broken too" in (said.question or "")
    assert shop.changed() == []


@pytest.mark.parametrize("kind", ["security", "performance"])
def test_what_must_be_safe_or_fast_is_mended_only_where_it_is_spoken_of(tmp_path: Path, kind: str) -> None:
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, "src/demo/cli.py": "from demo.report import render_tables\n"})
    shown = shop.evidence(workshop.importing("demo.cli"), receipt.Purpose.REPRODUCTION)
    worker = mechanic.Mechanic(shop.workspaces)
    said = workshop.work(worker, shop.assignment("It takes too long", shown, kind=kind))
    assert said.status is report.Status.NEEDS_HUMAN
    assert shop.changed() == []
    said = workshop.work(worker, shop.assignment("It is slow, then throws an ImportError", shown, kind=kind))
    assert said.status is report.Status.PASSED


def test_words_without_an_error_report_are_left_to_a_person(tmp_path: Path) -> None:
    shop = workshop.open_workshop(tmp_path, PACKAGE)
    said = mended(shop, words="The table looks odd")
    assert said.status is report.Status.NEEDS_HUMAN
    assert "hold no error report" in said.summary


def test_files_behind_links_are_never_written(tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text("from demo.report import summaries\n")
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, "src/demo/cli.py": "from demo.report import summaries\n"})
    (shop.place / "src/demo/cli.py").unlink()
    (shop.place / "src/demo/cli.py").symlink_to(outside)
    said = mended(shop, workshop.importing("demo.cli"))
    assert said.status is report.Status.NEEDS_HUMAN
    assert outside.read_text() == "from demo.report import summaries\n"


def test_hostile_files_break_nothing(tmp_path: Path) -> None:
    hostile: dict[str, str | bytes | None] = {
        "src/demo/deep.py": "render_tables = " + "(" * 5000,
        "src/demo/null.py": b"render_tables = '\x00'\n",
        "src/demo/cookie.py": b"# coding: nonsense\nrender_tables = 1\n",
        "src/demo/bytes.py": b"render_tables = '\xff\xfe'\n",
        "src/demo/nested.py": "render_tables = " + "-" * 20_000 + "1\n",
        "src/demo/cli.py": "from demo.report import render_tables\n",
    }
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, **hostile})
    assert mended(shop, workshop.importing("demo.cli")).status is report.Status.PASSED


BESIDE = Path(workshop.PYTHON).parent


def test_what_ruff_can_mend_is_mended_outside_the_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (BESIDE / "ruff").exists():
        pytest.skip("ruff is not installed beside this Python")
    monkeypatch.setitem(workshop.ENVIRONMENT, "PATH", f"{BESIDE}:{os.environ['PATH']}")
    files = {"ruff.toml": "", "app.py": "import os\n\nprint('x')\n", "tests/test_app.py": "import os\n"}
    shop = workshop.open_workshop(tmp_path, files)
    said = mended(shop, words="Please run the linter over it")
    assert shop.text("app.py") == "\nprint('x')\n"
    assert shop.text("tests/test_app.py") == "import os\n"
    assert said.status is report.Status.NEEDS_HUMAN
    assert "tests/test_app.py" in (said.question or "")
    (shop.place / "app.py").write_text("import os\n")
    (shop.place / "tests/test_app.py").write_text("")
    assert mended(shop, words="Please lint it").status is report.Status.PASSED


@pytest.mark.parametrize(
    ("words", "kind"), [("Please lint it", "task"), ("lint: remove unused imports", "task"), ("Lint is red", "bug")]
)
def test_lint_is_mended_also_where_the_suite_is_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, kind: str
) -> None:
    if not (BESIDE / "ruff").exists():
        pytest.skip("ruff is not installed beside this Python")
    monkeypatch.setitem(workshop.ENVIRONMENT, "PATH", f"{BESIDE}:{os.environ['PATH']}")
    files = {"ruff.toml": "", "app.py": "import os\n\nprint('x')\n", "src/demo/cli.py": f"{LAZY}\n\nmain([])\n"}
    shop = workshop.open_workshop(tmp_path, {**PACKAGE, **files})
    said = verified(shop, workshop.importing("demo.cli"), words=words, kind=kind)
    assert said.status is report.Status.PASSED, said.summary
    assert shop.changed() == ["app.py"]


def test_a_linter_that_throws_is_a_bug_and_no_lint(tmp_path: Path) -> None:
    shop = a_suite_that_is_red(tmp_path)
    assert verified(shop, RED, words="The lint command throws an ImportError").status is report.Status.PASSED
    assert shop.changed() == ["src/demo/cli.py"]


def test_without_ruff_lint_is_left_to_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(workshop.ENVIRONMENT, "PATH", str(tmp_path))
    shop = workshop.open_workshop(tmp_path, {"app.py": "import os\n"})
    said = mended(shop, words="Fix the ruff findings")
    assert said.status is report.Status.NEEDS_HUMAN
    assert "ruff is not installed" in said.summary
    assert shop.changed() == []
