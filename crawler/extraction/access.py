"""Whether everybody could read the article: what the page states, else what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from crawler.extraction.body import Body
from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.outline import COMMENT, HIDDEN, Box
from crawler.extraction.structured import Node
from crawler.items import Access, Block
from crawler.normalisation.text import weight

_LOCKED = frozenset("locked premium paid subscriber subscribers subscription registered abo plus hard pay".split())
_METERED = frozenset("metered meter soft freemium".split())
_FREE = frozenset("free open public".split())
_YES, _NO = frozenset(("true", "1", "yes", "y")), frozenset(("false", "0", "no", "n"))
_FLAG = re.compile(r"(?:^|[.:_-])(?:is[_-]?)?(?:paywall(?:ed)?|premium|paid(?:[_-]?content)?|subscriber[_-]?only)$")
"""Names of metas that say yes or no."""
CUT = 2000
"""Characters; a longer body is whole, whatever is offered below it."""
BELOW = 25
"""Lines after the body in which a wall says so."""
_WALL = re.compile(
    r"^(?:(?:please )?(?:subscribe|log ?in|sign (?:in|up)|register|become a (?:member|subscriber))(?: now| today)?(?: or [\w ]{2,20})? (?:to|and) (?:continue|keep|read|unlock|access|view|get (?:full|unlimited))"
    r"|to (?:continue|keep) reading|(?:continue|keep) reading (?:this article )?(?:with|for (?:free|just|only))|already (?:a|have a) (?:subscri\w+|member)"
    r"|this (?:article|content|story|post) is (?:only |exclusively |reserved )?(?:available )?(?:for|to) (?:\w+ )?(?:subscribers|members)|subscriber[- ](?:only|exclusive)|for subscribers only"
    r"|(?:jetzt )?(?:weiterlesen|weiter lesen) (?:mit|nach|als)|(?:um )?(?:diesen artikel|den artikel|den vollständigen artikel|den ganzen artikel|weiter)\w* .{0,40}(?:abonn|anmeld|registrier|freischalt|abo\b)"
    r"|(?:dieser|der) (?:artikel|inhalt|beitrag|text) ist (?:nur |ausschließlich |exklusiv )?(?:für )?(?:\w+[- ])?(?:abonnent|premium|plus|kostenpflichtig)|nur für abonnent|sie haben bereits ein (?:abo|digital)"
    r"|(?:cet )?article (?:est )?réservé|(?:la suite|le reste) (?:de (?:cet|l.) ?article )?est réservée?|il vous reste .{2,12} de cet article|abonnez-vous pour (?:lire|continuer|accéder)|pour (?:lire la suite|continuer (?:la|votre) lecture)|déjà abonné"
    r"|suscr[ií]bete (?:para|y) (?:seguir|continuar|leer)|(?:contenido|artículo|noticia) (?:exclusiv[oa]|sólo|solo|reservad[oa]) (?:para )?(?:suscriptor|abonad)|para (?:seguir|continuar) leyendo|¿ya eres suscriptor"
    r"|(?:contenuto|articolo) (?:riservato|esclusivo|per) (?:agli |ai |per )?abbonati|abbonati (?:per|e) (?:continuare|leggere)|per continuare a leggere|(?:conteúdo|matéria|texto) exclusiv[oa] para assinantes|assine (?:para|e) (?:continuar|ler)"
    r"|(?:lees|verder lezen) .{0,30}(?:abonne|account|inloggen)|alleen voor abonnees|(?:läs|les) (?:vidare|videre) .{0,30}(?:abonn|prenumer|logg)|for abonnenter|(?:artikkel|artikel)en er (?:kun )?for abonnent|denna artikel är för prenumeranter"
    r"|(?:ten )?artykuł (?:jest )?(?:dostępny )?(?:tylko )?dla (?:prenumerator|subskrybent)|kup (?:dostęp|subskrypcję)|(?:материал|статья|текст) доступ(?:ен|на) (?:только )?(?:по подписке|подписчикам)|чтобы (?:читать|прочитать) (?:дальше|полностью)"
    r"|この(?:記事|コンテンツ)は(?:有料|会員)|(?:残り|続きを読む).{0,20}(?:会員|ログイン)|(?:本文|全文).{0,10}(?:订阅|訂閱|会员|會員)|유료 ?회원|구독(?:하고|하시면)|bu (?:içerik|haber) (?:sadece )?abonelere)",
    re.I,
)
"""How a line begins that stands where the rest of the text would."""
_METER = re.compile(
    r"\b(?:you(?:'ve| have) (?:read|used|reached|\w+ (?:of|free)).{0,40}(?:free|complimentary|monthly)|(?:free|complimentary) articles? (?:left|remaining)|"
    r"(?:last|\d+) free articles?\b.{0,20}(?:month|week|left|remaining)|noch \d+ (?:kostenlose|freie) artikel|articles? gratuits? restants?)",
    re.I,
)
_MARK = re.compile(
    r"(?:^|[\s_]|(?<!non)(?<!no)-)(?:(?:is|has|js|show)-?)?(?:paywall(?:ed)?|pay-wall|piano-offer|subscription-wall|regwall|premium-wall)(?![a-z])",
    re.I,
)
"""Classes of walls, and of texts that stand behind one."""


def access(facts: Facts, body: Body, blocks: Sequence[Block]) -> Access | None:
    """free, metered or locked; None where the page neither states nor shows it."""
    candidates = [*_stated(facts), *_metas(facts)]
    if not candidates:
        candidates += _shown(facts, body, blocks)
    named = chain.from_iterable(facts.preferred("access", [[each] for each in candidates]))
    for candidate in (*named, *candidates):
        if (value := _read(candidate.value)) is not None:
            facts.settle("access", candidate, candidates)
            return value
    return None


def _stated(facts: Facts) -> Iterator[Candidate]:
    """Structured data: of the article, of its parts, which a selector names, of the page."""
    if (value := _free(facts.article)) is not None:
        yield Candidate(value, "json-ld", "isAccessibleForFree")
    parts = facts.article.get("hasPart")
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, dict) and _free(part) == "locked":
            yield Candidate("locked", "json-ld", f"hasPart[{part.get('cssSelector') or ''}]"[:80])
            break
    for node in facts.nodes[:8]:
        if node is not facts.article and node.get("@type") == "WebPage" and (value := _free(node)) is not None:
            yield Candidate(value, "json-ld", "WebPage.isAccessibleForFree")


def _free(node: Node) -> str | None:
    value = node.get("isAccessibleForFree")
    if value is None or isinstance(value, (dict, list)):
        return None
    return "free" if str(value).strip().lower().rsplit("/", 1)[-1] in _YES else "locked"


def _metas(facts: Facts) -> Iterator[Candidate]:
    yield from facts.meta("article:content_tier", "og:article:content_tier", "content_tier", "access-level")
    for name, contents in facts.metas.items():
        if ("pa" in name or "prem" in name or "subs" in name) and _FLAG.search(name):
            said = contents[0].strip().lower()
            value = "locked" if said in _YES else "free" if said in _NO else said
            yield Candidate(value, "meta", f"meta[{name}]")


def _shown(facts: Facts, body: Body, blocks: Sequence[Block]) -> Iterator[Candidate]:
    """A wall where the rest of a short text would be."""
    if sum(len(block.text) for block in blocks) > CUT or sum(weight(block.text) for block in blocks) > CUT:
        return
    for line in facts.outline.lines:
        if (
            body.start <= line.order <= body.end + 3 * BELOW
            and len(line.text) < 300
            and not line.flags & (HIDDEN | COMMENT)
        ):
            if _METER.search(line.text):
                yield Candidate("metered", "body", f"line {line.order}: {line.text[:60]}")
            elif _WALL.match(line.text):
                yield Candidate("locked", "body", f"line {line.order}: {line.text[:60]}")
    if blocks and (mark := _marked(facts, body)):
        yield Candidate("locked", "body", mark)


def _marked(facts: Facts, body: Body) -> str | None:
    """The class of an element round or right below the body that is named a wall and shows some text."""
    speaking = {line.box for line in facts.outline.lines if len(line.text) > 20}
    round_body = set[Box]()
    box: Box | None = body.box
    while box is not None:
        round_body.add(box)
        box = box.parent
    for each in facts.outline.boxes:
        below = body.start < each.order <= body.end + 3 * BELOW and not each.flags & HIDDEN and each in speaking
        if (below or each in round_body) and (names := each.element.get("class")) and _MARK.search(names):
            return f"{each.tag}.{names}"[:80]
    return None


def _read(value: str) -> Access | None:
    key = value.strip().lower()
    if key in _LOCKED:
        return "locked"
    if key in _METERED:
        return "metered"
    return "free" if key in _FREE else None
