"""What sites say of themselves between the paragraphs of an article: told by its words, in the languages of many."""

from __future__ import annotations

import re

LONGEST = 420
"""Characters of such a text."""
_SAID = re.compile(
    # newsletters and subscriptions
    r"\b(?:sign up (?:for|to)|subscribe (?:to|now|today)|(?:delivered|straight|direct(?:ly)?) (?:in)?to your inbox|our newsletters?|"
    r"by (?:providing|entering|submitting|clicking|signing)\b.{0,60}\b(?:e-?mail|agree|terms)|unlimited (?:online|digital) access|"
    r"create an account or sign in|sign in to continue|already (?:a |have )?(?:subscri|an account|registered)|support (?:local|independent|our) journalism|"
    r"i would like to be emailed|enjoy additional articles per month|register to unlock|this article is free to read|share your thoughts and join|"
    r"newsletters may contain|we employ humans to generate|earn (?:a|an affiliate) commission|"
    # what cannot be shown
    r"this video has failed to load|try refreshing your browser|javascript (?:is|to be) (?:disabled|enabled)|your browser (?:does not|doesn.t) support|"
    r"externe[nr]? inhalt|empfohlener (?:redaktioneller|externer) inhalt|personenbezogene daten (?:an drittplattformen|können)|datenschutzerkl|"
    r"contenu (?:externe|bloqué)|accepte[rz]? les cookies|contenido externo|aceptar las cookies|contenuto esterno|externe inhoud|"
    # calls
    r"follow (?:us|me|him|her|them|@\w+|the author)\b.{0,50}\b(?:on|twitter|facebook|instagram|google)|like us on facebook|e-?mail \w+ \w+ at\b|"
    r"have you got a story|do you have a (?:story|tip)|(?:got|have) a (?:news )?tip\b|send (?:us )?(?:your )?(?:letters|tips)|"
    r"folgen sie uns|folge uns|abonnieren sie|jetzt (?:anmelden|abonnieren|registrieren)|zum newsletter|newsletter (?:an|be|abon)|"
    r"dieser artikel wurde ausgedruckt|dieses thema im programm|stellen dieses angebot|provision vom händler|"
    r"suivez-nous|abonnez-vous|réservée? aux abonnés|il vous reste [\d.,]+|inscrivez-vous|síguenos|suscríbete|suscríbase|regístrate|"
    r"siga-nos|assine (?:já|agora|a nossa)|inscreva-se|comentários com textos|iscriviti|abbonati|seguici|volg ons|abonneer|meld je aan|"
    r"følg oss|abonner på|prenumerera|följ oss|tilaa |zapisz się|подписывайтесь|подпишитесь|abone ol|takip edin)"
    # where no space parts the words
    r"|会員登録|無料会員|会員限定|有料会員|구독|订阅|訂閱"
)
"""For text in lower case: without re.I a search takes a third of the time."""
_BUTTONS = re.compile(
    r"^(?:teilen|drucken|merken|share|print|e-?mail|tweet|twitter|facebook|whats?app|feedback|fehler melden|kommentare?|comments?|"
    r"copy link|link kopieren|save|bookmark|pinterest|linkedin|reddit|telegram|xing|vorlesen|anhören|listen|partager|imprimer|compartir|"
    r"imprimir|compartilhar|condividi|stampa|del|dela|jaa|udostępnij|поделиться|paylaş|gefällt mir|wird geladen.*|loading.*|share this.*|"
    r"teilen mit:?|sharen mit:?|share on.*|auf .{3,10} teilen|bloggern gefällt das|continue reading(?: below)?|advertisement|anzeige|werbung|"
    r"article content|story continues below|caption|hide caption|toggle caption|read more|weiterlesen|mehr lesen|lire la suite|leer más)\W*$",
    re.I,
)


_TELLING = (
    "sign ", "subscri", "inbox", "newsletter", "mail", "by ", "access", "account", "journalism", "per month", "register", "free to read", "conversation",
    "employ humans", "commission", "video", "browser", "javascript", "inhalt", "drittplattform", "datenschutz", "contenu", "cookies", "contenido",
    "contenuto", "inhoud", "follow", "like us", "story", "tip", "letters", "folg", "abonn", "anmelden", "registrieren", "ausgedruckt", "programm",
    "angebot", "provision", "suivez", "abonné", "il vous reste", "inscri", "síguenos", "suscr", "regístr", "siga-nos", "assine", "coment", "iscriv",
    "abbonat", "seguici", "meld je", "følg", "følj", "följ", "prenumer", "tilaa", "zapisz", "подпи", "abone", "takip", "会員", "구독", "订阅", "訂閱",
)  # fmt: skip
"""One of these is in every text that is meant: looking for them first is cheap, and few paragraphs hold any."""


def is_of_the_site(text: str) -> bool:
    """Whether a text is about the site rather than by it: newsletters, placeholders, calls to follow, buttons."""
    if len(text) > LONGEST:
        return False
    if len(text) < 40 and _BUTTONS.match(text):
        return True
    lowered = text.lower()
    for word in _TELLING:  # a loop costs half of what any() does, here where it runs for every paragraph
        if word in lowered:
            return _SAID.search(lowered) is not None
    return False
