"""Trees of files for the tests of rules, and strategies that make hostile ones."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from hypothesis import strategies as st


class Files:
    """A ``tree.Tree`` in memory: path to text, or None for a file that is no text."""

    def __init__(self, texts: Mapping[str, str | None]) -> None:
        self._texts = dict(texts)

    @property
    def paths(self) -> AbstractSet[str]:
        return self._texts.keys()

    def text(self, path: str) -> str | None:
        return self._texts.get(path)


MANIFESTS = (
    "Cargo.toml",
    "Makefile",
    "bin/run",
    "package.json",
    "package-lock.json",
    "pyproject.toml",
    "pytest.ini",
    "requirements.txt",
    "setup.cfg",
    "setup.py",
    "src/notes/__main__.py",
    "tests/test_notes.py",
    "tox.ini",
    "uv.lock",
)

_FRAGMENTS = (
    "[project]\n",
    "[project.scripts]\n",
    "[dependency-groups]\n",
    "[tool.tox]\n",
    "[tool.poetry.group.dev.dependencies]\n",
    "[build-system]\n",
    "[[bin]]\n",
    "[options.entry_points]\nconsole_scripts =\n",
    "[options.extras_require]\n",
    "[testenv]\ndeps =\n",
    "name = 'x'\n",
    "name = 1\n",
    "dependencies = [1, 'pytest', {a = 1}]\n",
    "test = ['pytest', {include-group = 'test'}]\n",
    "notes = 'notes.cli:main'\n",
    "notes = {callable = 'x'}\n",
    "    notes = notes:main\n",
    '{"scripts": {"test": "x"}, "bin": {"x": 1}, "dependencies": 1}',
    '{"scripts": [], "bin": "./x.js", "name": "@a/b"}',
    "setup(entry_points={'console_scripts': ['a = b:c']}, extras_require={'test': 1}, ext_modules=x)\n",
    "setup(entry_points='[console_scripts]\\na = b:c', install_requires=lines)\n",
    "test: all\n\ttrue\n",
    "import pytest\n",
    "#!/usr/bin/env python3\n",
    "-r ../x\n--index-url=x\npytest @ file:///x\n",
    "[" * 2000,
    "a." * 500 + "a = 1\n",
    "\0\ufeff\u2028",
)


def hostile() -> st.SearchStrategy[Files]:
    """Projects whose manifests hold anything at all, much of it nearly right."""
    texts = st.lists(st.one_of(st.sampled_from(_FRAGMENTS), st.text(max_size=20)), max_size=6).map("".join)
    chosen = st.dictionaries(st.sampled_from(MANIFESTS), st.one_of(st.none(), texts), max_size=8)
    strange = st.dictionaries(st.text(min_size=1, max_size=12), texts, max_size=2)
    return st.builds(lambda one, other: Files({**one, **other}), chosen, strange)
