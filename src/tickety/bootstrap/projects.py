"""The projects that a user keeps tickets in, each looked at without being changed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tickety import places
from tickety.bootstrap import memory as memories
from tickety.bootstrap import principal
from tickety.desk import memory
from tickety.stores import projects_file


def known(environ: Mapping[str, str]) -> tuple[projects_file.Project, ...]:
    """Every project whose store is there now."""
    return projects_file.ProjectsFile(places.projects(environ)).known()


@contextmanager
def opened(project: projects_file.Project, environ: Mapping[str, str]) -> Iterator[memory.Memory]:
    """The memory of a project, to be read; ``principal`` is who this user is there."""
    found = places.find(project.folder, {**environ, places.STORE: project.store})
    looking = memories.open_memory(found, principal.acting(found, _without_token(environ)))
    try:
        yield looking
    finally:
        looking.store.close()


def _without_token(environ: Mapping[str, str]) -> dict[str, str]:
    """A token is one project's."""
    return {name: value for name, value in environ.items() if name != "TICKETY_TOKEN"}
