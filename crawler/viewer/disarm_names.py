"""Which elements and attributes of an archived page are shown: what is not named here is not."""

from __future__ import annotations

KEPT = frozenset(
    (
        "a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del "
        "details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i ins kbd li "
        "main mark menu nav nobr ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table "
        "tbody td tfoot th thead time tr tt u ul var"
    ).split()
)
"""Elements of HTML that show text and nothing else. The browser reads none of them as anything but markup."""

LOOKS = {
    **dict.fromkeys(("form", "fieldset", "frameset", "legend"), "display:block;"),
    **dict.fromkeys(("xmp", "listing", "plaintext"), "display:block;white-space:pre;"),
}
"""Of elements whose content is shown in another: those in no list become a ``span``, whose parsing has no surprises.

Of ``source``, ``wbr`` and some others libxml2 does not know that they are empty: what follows them is in them.
"""

LEFT_OUT = frozenset(
    (
        "area base basefont canvas datalist frame head input link map math meta "
        "noembed noframes option optgroup param script select svg template textarea title"
    ).split()
)
"""With all that is in them: what runs, fetches, asks, is no text, or is read differently by parsers."""

FRAMES = frozenset("applet audio embed fencedframe frame iframe object portal video".split())
"""In whose place the address stands of what they showed."""

_ROWS = frozenset(("table", "tbody", "thead", "tfoot"))

PARTS = {
    **dict.fromkeys(("tbody", "thead", "tfoot", "caption", "colgroup"), frozenset(("table",))),
    "col": frozenset(("colgroup", "table")),
    "tr": _ROWS,
    **dict.fromkeys(("td", "th"), frozenset(("tr",))),
}
"""Parts of tables, and the parents outside of which parsers do not agree on what they are."""

VOID = frozenset("br col hr img".split())
"""Without content or end tag."""

ATTRIBUTES = frozenset(
    (
        "abbr align alt aria-hidden aria-label bgcolor border cellpadding cellspacing class clear color cols colspan "
        "data-address datetime dir face headers height hidden hspace id lang noshade nowrap open reversed role rowspan "
        "rules scope size span start title type valign value vspace width"
    ).split()
)
"""That name nothing to fetch and nothing to run, on any element; ``style`` is read by itself."""

ABSENT = "ofrecord-absent"
"""The class of what stands in the place of an image or frame that is not in the archive."""
