"""How a fresh worktree is made ready: what the project's manifests say must be installed, and how.

Each ecosystem has one rule, and a project of several follows several. Nothing but Python with pip, or the
ecosystem's own package manager, is taken for granted.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from tickety.core import manifests, record, requirements, scripts, tree, verification


@record.record(frozen=True, slots=True)
class Setup:
    """Commands to run once in a fresh worktree, in this order; none when nothing has to be set up.

    ``copy`` and ``share`` name what is copied or linked from the user's checkout: a project says so itself, it is
    never found. ``inputs`` are the files whose content decides whether the set-up must be run again.
    """

    commands: tuple[tuple[str, ...], ...]
    copy: tuple[str, ...]
    share: tuple[str, ...]
    inputs: tuple[str, ...]
    source: str


def find(files: tree.Tree, verification_argv: tuple[str, ...], absent: AbstractSet[str] = frozenset()) -> Setup:
    """What these files need before ``verification_argv`` can run.

    ``absent`` are programs that this machine does not have: without uv, a project of uv's is set up by pip.
    """
    facts = _facts(files, verification_argv)
    python = _uv(facts) if "uv.lock" in files.paths and "uv" not in absent else _pip(facts)
    return _together(tuple(setup for setup in (python, _node(facts), _cargo(facts)) if setup))


@record.record(frozen=True, slots=True)
class _Facts:
    files: tree.Tree
    project: manifests.Project
    needed: tuple[requirements.Requirements, ...]
    tools: tuple[str, ...]


def _facts(files: tree.Tree, argv: tuple[str, ...]) -> _Facts:
    project = manifests.read(files)
    return _Facts(files, project, requirements.find(files, project), tuple(_tools(files, project, argv)))


def _tools(files: tree.Tree, project: manifests.Project, argv: tuple[str, ...]) -> Iterator[str]:
    """What the verification itself is run with, and the plugins that pytest's settings take for granted."""
    makefile = next((path for path in scripts.MAKEFILES if path in files.paths), "")
    words = " ".join(argv) if argv[:1] != ("make",) else files.text(makefile) or ""
    yield from (tool for tool in ("tox", "pytest") if re.search(rf"\b{tool}\b", words))
    if re.search(r"\bpytest\b", words):
        settings = " ".join(str(manifests.at(project, *keys) or "") for keys in _PYTEST_SETTINGS)
        yield from (plugin for sign, plugin in _PYTEST_PLUGINS if sign in settings)


def _together(setups: tuple[Setup, ...]) -> Setup:
    return Setup(
        commands=tuple(command for setup in setups for command in setup.commands),
        copy=(),
        share=(),
        inputs=tuple(path for setup in setups for path in setup.inputs),
        source="; ".join(setup.source for setup in setups),
    )


def _uv(facts: _Facts) -> Setup:
    kinds = {needed.kind for needed in facts.needed if needed.place.startswith("pyproject.toml")}
    # Groups and extras that the project declares to exclude each other cannot be installed all at once.
    has_conflicts = manifests.at(facts.project, "pyproject.toml", "tool", "uv", "conflicts") is not None
    wanted = (("--all-groups", "group"), ("--all-extras", "extra"))
    everything = tuple(option for option, kind in wanted if kind in kinds and not has_conflicts)
    missing = _unnamed(facts.tools, facts.needed)
    more = (("uv", "pip", "install", "-q", *missing),) if missing else ()
    return _setup(facts, (("uv", "sync", "--frozen", *everything), *more), ("uv.lock", *_PYTHON_MANIFESTS), "uv.lock")


def _unnamed(tools: tuple[str, ...], needed: tuple[requirements.Requirements, ...]) -> tuple[str, ...]:
    return tuple(tool for tool in tools if not any(requirements.names(each.lines, tool) for each in needed))


def _setup(facts: _Facts, commands: tuple[tuple[str, ...], ...], inputs: tuple[str, ...], source: str) -> Setup:
    return Setup(commands, (), (), _present(facts, inputs), source)


def _present(facts: _Facts, paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path for path in dict.fromkeys(paths) if path in facts.files.paths)


def _pip(facts: _Facts) -> Setup | None:
    chosen = _chosen(facts.needed)
    lists = tuple(needed.name for needed in chosen if needed.kind == "file")
    calls = tuple(_pip_calls(facts, chosen))
    if not calls:
        return None
    environments = ((_PYTHON, *verification.TOX[1:], "--notest"),) if "tox" in facts.tools else ()
    commands = (("python3", "-m", "venv", ".venv"), *((*_PIP_INSTALL, *call) for call in calls), *environments)
    says_so = _present(facts, (*_PYTHON_MANIFESTS, *lists))
    source = f"pip: {', '.join(says_so) or 'what the tests are run with'}"
    return _setup(facts, commands, (*says_so, *_extension_sources(facts)), source)


def _chosen(needed: tuple[requirements.Requirements, ...]) -> tuple[requirements.Requirements, ...]:
    """What running the tests takes: of the extras, or groups, of one place those for tests, else those for work."""
    tests = {_row(each) for each in needed if each.kind in _SETS and each.name.lower() in _FOR_TESTS}
    return tuple(each for each in needed if _is_chosen(each, has_tests=_row(each) in tests))


def _row(needed: requirements.Requirements) -> str:
    """The place that holds all the extras, or all the groups, of a kind."""
    return needed.place.rpartition(needed.name)[0] if needed.name else needed.place


def _is_chosen(needed: requirements.Requirements, *, has_tests: bool) -> bool:
    if needed.kind == "file":
        return needed.name in _BASE_LISTS or not _FOR_WORK.isdisjoint(re.split(r"[-_./]", needed.name.lower()))
    return needed.kind == "package" or needed.name.lower() in (_FOR_TESTS if has_tests else _FOR_WORK)


def _pip_calls(facts: _Facts, chosen: tuple[requirements.Requirements, ...]) -> Iterator[tuple[str, ...]]:
    lists = [needed for needed in chosen if needed.kind == "file"]
    # A list with hashes makes pip want a hash of everything else in the same call.
    hashed = [needed for needed in lists if any("--hash" in line for line in needed.lines)]
    yield from (("-r", needed.name) for needed in hashed)
    plain = tuple(word for needed in lists if needed not in hashed for word in ("-r", needed.name))
    together = (*plain, *_itself(facts, chosen), *_listed(chosen, "group"), *_unnamed(facts.tools, chosen))
    if together:
        yield together


def _itself(facts: _Facts, chosen: tuple[requirements.Requirements, ...]) -> tuple[str, ...]:
    """The project as pip installs it in place, or only what it needs where it is no package."""
    if not (chosen or facts.tools or _must_be_installed(facts)):
        return ()
    if not _is_package(facts):
        return (*_listed(chosen, "package"), *_listed(chosen, "extra"))
    extras = [needed.name for needed in chosen if needed.kind == "extra" and _EXTRA.fullmatch(needed.name)]
    return ("-e", f".[{','.join(dict.fromkeys(extras))}]" if extras else ".")


def _must_be_installed(facts: _Facts) -> bool:
    has_unknown_needs = (
        "dependencies" in manifests.strings(manifests.at(facts.project, "pyproject.toml", "project", "dynamic"))
        or manifests.table(facts.project, "setup.py").get("install_requires", ()) is None
    )
    return _is_package(facts) and (has_unknown_needs or _is_src_layout(facts) or _has_extension(facts))


def _is_package(facts: _Facts) -> bool:
    """Whether pip can install the project; an application often only lists what it needs."""
    if any(manifests.at(facts.project, *keys) is False for keys in _NO_PACKAGE):
        return False
    says_so = any(manifests.at(facts.project, *keys) is not None for keys in _PACKAGE)
    named = manifests.at(facts.project, "pyproject.toml", "project", "name") is not None
    return says_so or "setup.py" in facts.files.paths or (named and _is_src_layout(facts))


def _is_src_layout(facts: _Facts) -> bool:
    return any(path.startswith("src/") and path.endswith(".py") for path in facts.files.paths)


def _has_extension(facts: _Facts) -> bool:
    backend = str(manifests.at(facts.project, "pyproject.toml", "build-system", "build-backend"))
    return (
        backend.startswith(_COMPILING_BACKENDS)
        or not _EXTENSION_ARGUMENTS.isdisjoint(facts.project["setup.py"])
        or manifests.at(facts.project, "pyproject.toml", "tool", "setuptools", "ext-modules") is not None
    )


def _extension_sources(facts: _Facts) -> tuple[str, ...]:
    """The sources that pip compiles: when one changes, it must be compiled again."""
    if not (_is_package(facts) and _has_extension(facts)):
        return ()
    own = (path for path in facts.files.paths if path.endswith(_COMPILED) and tree.is_own(path))
    return tuple(sorted(own))


def _listed(chosen: tuple[requirements.Requirements, ...], kind: str) -> tuple[str, ...]:
    """Requirements as pip's arguments: only plain ones (PEP 508), so that none can be an option or a path."""
    lines = (line for needed in chosen if needed.kind == kind for line in needed.lines)
    return tuple(dict.fromkeys(line for line in lines if len(line) < _LINE_AT_MOST and _PLAIN.fullmatch(line)))


def _node(facts: _Facts) -> Setup | None:
    if "package.json" not in facts.files.paths:
        return None
    for lock, command in _NODE_LOCKS:
        if lock in facts.files.paths:
            return _setup(facts, (command,), ("package.json", lock, ".npmrc"), lock)
    if any(manifests.table(facts.project, "package.json", key) for key in _NODE_NEEDS):
        return _setup(facts, (_NPM_INSTALL,), ("package.json", ".npmrc"), "package.json")
    return None


def _cargo(facts: _Facts) -> Setup | None:
    if "Cargo.toml" not in facts.files.paths:
        return None
    members = sorted(path for path in facts.files.paths if path.endswith("/Cargo.toml") and tree.is_own(path))
    has_lock = "Cargo.lock" in facts.files.paths
    command = ("cargo", "fetch", "--locked") if has_lock else ("cargo", "fetch")
    return _setup(facts, (command,), ("Cargo.toml", "Cargo.lock", *members), "Cargo.lock" if has_lock else "Cargo.toml")


_PYTHON = ".venv/bin/python"
_PIP_INSTALL = (_PYTHON, "-m", "pip", "install", "-q")
_PYTHON_MANIFESTS = ("pyproject.toml", "setup.cfg", "setup.py", "tox.ini")

_SETS = ("extra", "group")
_FOR_TESTS = frozenset({"test", "tests", "testing", "hatch-test"})
_FOR_WORK = _FOR_TESTS | {"dev", "develop", "development", "default"}
_BASE_LISTS = ("requirements.txt", "requirements/base.txt", "requirements/requirements.txt")

_PACKAGE = (
    ("pyproject.toml", "build-system"),
    ("pyproject.toml", "tool", "poetry", "name"),
    ("pyproject.toml", "project", "scripts"),
    ("setup.cfg", "metadata", "name"),
)
_NO_PACKAGE = (
    ("pyproject.toml", "tool", "uv", "package"),
    ("pyproject.toml", "tool", "poetry", "package-mode"),
)
_COMPILING_BACKENDS = ("mesonpy", "scikit_build_core", "maturin", "setuptools_rust")
_EXTENSION_ARGUMENTS = frozenset({"ext_modules", "cffi_modules", "rust_extensions"})
_COMPILED = (".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".pyx", ".pxd", ".rs", "meson.build", "CMakeLists.txt")

_PYTEST_SETTINGS = (
    ("pyproject.toml", "tool", "pytest"),
    ("setup.cfg", "tool:pytest"),
    ("tox.ini", "pytest"),
    ("pytest.ini", "pytest"),
)
_PYTEST_PLUGINS = (
    # what in the settings needs it, and its name
    ("--cov", "pytest-cov"),
    ("asyncio_mode", "pytest-asyncio"),
    ("--timeout", "pytest-timeout"),
    ("--numprocesses", "pytest-xdist"),
    ("--dist", "pytest-xdist"),
    ("--benchmark-", "pytest-benchmark"),
    ("DJANGO_SETTINGS_MODULE", "pytest-django"),
)
_EXTRA = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?", re.ASCII)
_PLAIN = re.compile(
    r"[A-Za-z0-9][\w.-]*[ ]?(?:\[[\w ,.-]*\])?[ ]?(?:\(?[<>=!~][\w<>=!~., *+-]*\)?|@ ?[a-z+]+://[^\s;]+)?\s?(?:;.*)?"
)
_LINE_AT_MOST = 300  # characters

_NPM_INSTALL = ("npm", "install", "--no-package-lock", "--no-audit", "--no-fund")
_NODE_NEEDS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_NODE_LOCKS = (
    ("pnpm-lock.yaml", ("pnpm", "install", "--frozen-lockfile")),
    ("yarn.lock", ("yarn", "install", "--frozen-lockfile")),
    ("package-lock.json", ("npm", "ci", "--no-audit", "--no-fund")),
    ("npm-shrinkwrap.json", ("npm", "ci", "--no-audit", "--no-fund")),
)
