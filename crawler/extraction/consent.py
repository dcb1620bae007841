"""What stands in place of an embed until its reader agrees to it: none of the article."""

from __future__ import annotations

import re

LONGEST = 700
"""Characters of such a notice."""
_NOTICE = re.compile(
    r"(?:empfohlener (?:redaktioneller|externer) inhalt|externer inhalt|externe inhalte)\W*(?:$|\w+\W*$)"
    r"|an dieser stelle (?:befindet|finden|findest|steht|wird|ist|möchten|würden|sehen|könn).{0,60}?(?:extern|inhalt|redaktion|youtube|twitter|instagram|facebook|tiktok)"
    r"|(?:ja, )?ich bin (?:damit )?einverstanden,? dass (?:mir|ich) .{0,60}inhalt|ich möchte (?:externe|diese) inhalte|(?:dieser|der) (?:externe )?(?:inhalt|beitrag|tweet|post)"
    r" (?:wird von|stammt von|kann nicht angezeigt|konnte nicht geladen|wurde (?:aus|wegen))"
    r"|personenbezogene daten können an|(?:damit|dabei|hierbei) (?:können|werden) (?:personenbezogene )?daten an|mit (?:dem )?(?:klick|laden|anklicken|aktivier\w+) .{0,60}(?:stimm|akzeptier|willig|erklär|inhalt|datenschutz)"
    r"|(?:um|zum|zur) .{3,60}(?:anzuzeigen|anzusehen|abzuspielen|anzeige|sehen),? (?:benötigen|brauchen|bitte|müssen|ist) .{0,40}(?:zustimm|einwillig|cookie|javascript)"
    r"|(?:bitte )?aktivieren sie (?:javascript|cookies)|(?:dein|ihr) browser unterstützt|wir benötigen (?:ihre|deine) (?:zustimmung|einwilligung)"
    r"|(?:this|the) (?:content|embed|video|post|article|element) (?:is (?:hosted|provided|served) by|contains content (?:hosted|provided)|includes content (?:hosted|provided)|is not available (?:due|because)|could not be loaded|can(?:not| ?not|'t) be (?:shown|displayed|loaded))"
    r"|we need your (?:consent|permission) (?:to|before)|to (?:view|see|show|display|watch|load) (?:this|the) (?:content|embed|video|post|tweet|media)\b.{0,40}(?:consent|cookie|accept|allow|enable|permission|privacy|agree)"
    r"|allow .{2,30} content\??|(?:please )?enable javascript|your browser does(?: not|n.t) support|by clicking .{3,40}(?:you (?:agree|accept|consent))? .{0,40}(?:third[- ]party|cookie)"
    r"|(?:ce|cette|ces) (?:contenus?|vidéo|publication|tweet) .{0,40}(?:bloqué|masqué|n.est pas (?:disponible|affiché)|ne peu\w+ (?:pas )?(?:être|s.afficher))|(?:pour|afin de) (?:afficher|voir|visualiser|consulter|lire) (?:ce|cette|la|le) (?:contenu|vidéo|publication|tweet).{0,60}(?:cookie|accept|autoris|consent)"
    r"|(?:para (?:ver|visualizar)|si quieres ver) (?:este|esta|el) (?:contenido|vídeo|video|tuit|publicación).{0,60}(?:cookie|acept|consent)|(?:este|esta) (?:contenido|vídeo|publicación) no (?:está disponible|se puede mostrar)"
    r"|(?:per|questo) (?:visualizzare|vedere|contenuto) .{0,60}(?:cookie|accett|consens)|(?:para (?:ver|visualizar)|este) (?:este )?conteúdo .{0,60}(?:cookie|aceit|consent)"
    r"|(?:om|voor) (?:deze|dit|het) .{2,40}(?:te (?:zien|bekijken|tonen)).{0,60}(?:cookie|toestemming|accepte)|(?:deze|dit) (?:inhoud|content|video) .{0,40}(?:geblokkeerd|niet (?:beschikbaar|worden getoond))"
    r"|(?:aby|żeby) (?:zobaczyć|obejrzeć|wyświetlić) .{0,60}(?:cookie|zgod|akcept)|for å (?:se|vise) .{2,40}(?:samtykke|godta|cookie)|för att (?:se|visa) .{2,40}(?:godkänn|samtyck|cookie)|for at (?:se|vise) .{2,40}(?:accepter|samtykke|cookie)"
    r"|(?:view|see) (?:this )?(?:post|tweet|profile|more) on (?:instagram|twitter|x|facebook|tiktok|threads)|(?:sieh dir|ver|voir|visualizza|bekijk|zobacz) .{3,30} (?:auf|en|sur|su|op|na) (?:instagram|twitter|facebook|tiktok)\b",
    re.I,
)
_BEGINS = tuple(
    "empfohlen|extern|an dieser|ja, ich|ich bin|ich möchte|dieser|der |personenbez|damit|dabei|hierbei|mit |um |zum |zur |bitte|aktivier|dein|ihr "
    "|wir ben|this|the |we need|to |allow|please|enable|your|by clicking|ce |cet|ces|pour|afin|para|si quieres|est|per |questo|om |voor|dit|deze|aby"
    "|żeby|for |för|view|see|sieh|ver |voir|visualizza|bekijk|zobacz".split("|")
)
"""How the notices begin."""
_FIRST = frozenset(begin[:3] for begin in _BEGINS)
"""Quicker to ask than the whole pattern."""


def is_placeholder(text: str) -> bool:
    """Whether a paragraph only asks for leave to show something from elsewhere."""
    return len(text) <= LONGEST and text[:3].lower() in _FIRST and _NOTICE.match(text) is not None
