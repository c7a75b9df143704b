"""``tickety search``."""

import click

from tickety.cli import options, printed, render, session
from tickety.desk import lookup


@click.command("search", cls=options.Terms, short_help="Find tickets by their words: titles, texts, reports, comments.")
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many at the most.")
@options.as_json
def command(words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find tickets, closed ones too, the best first: in titles, descriptions, reports and comments.

    \b
    Examples:
      tickety search import error
      tickety search '"import error" type:bug,security'
      tickety search 'priority:>=high updated:<7d -tag:ui login'
      tickety search is:overdue assignee:me sort:due

    \b
    A query is words and terms side by side; all of them must hold.
      import           the word, or one of the same stem: imports, imported
      "import error"   the phrase            impo*    words that begin so
      -import          not the word          -tag:ui  not the term
      type:bug,doc     one of several values

    \b
    Terms:
      type status priority resolution tag sprint parent id    priority:>=high  parent:EPIC-2026-001  parent:none
      assignee reporter                                       assignee:ada  assignee:me  assignee:none
      created updated closed due                              updated:<7d  created:>2026-01-31  due:<12h
                                                              (an age: h d w m y; <7d is younger than seven days)
      votes                                                   votes:>10
      is      open in_progress blocked closed active ready waiting archived overdue epic unassigned unfinished escalated
      has     comments links children parent tags estimate branch
      sort    relevance priority created updated due votes id
    """
    asked = " ".join(words)
    desk = session.memory_to_read()
    hits = lookup.look_up(desk, asked, limit, session.lazy_principal(asked))
    if as_json:
        printed.answer(hits.as_json())
        return
    for hit in hits.found:
        click.echo(render.hit(hit))
    if not hits.found:
        click.echo("nothing found; fewer words find more, and `impo*` finds every word that begins so", err=True)
