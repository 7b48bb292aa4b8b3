"""The HTML part of an alert: one template, escaped by jinja2, its style inlined for clients without style sheets."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import css_inline
import jinja2

from worker.alerts.message import LINES_TITLE, PASSAGES_TITLE, footer, more, quote, show
from worker.alerts.view import AlertView


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"more": more, "quote": quote, "passages_title": PASSAGES_TITLE, "lines_title": LINES_TITLE}
    return environment.get_template("alert.html.j2")


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


def html(view: AlertView) -> str:
    """The alert as a whole HTML document: no script, no image, nothing that a client would load."""
    shown = show(view)
    return _inliner().inline(_template().render(shown=shown, footer=footer(view, shown)))
