"""News agencies by their usual names, and desks: what stands in a byline and is no person."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.normalisation.text import clean, folded

# The usual name, then other spellings. Those of agencies that call themselves "agency" need no entry: see _AGENCY.
_SPELLINGS = """
AFP: agence france-presse, agence france presse, france-presse, afp news, (afp), afp fr, وكالة فرانس برس, أ ف ب, فرانس برس, 法新社, 法新, афп
Reuters: thomson reuters, reuters news, reuters staff, рейтер, رويترز, 路透社, 路透, رویترز
AP: associated press, the associated press, ap news, أسوشيتد برس, 美联社, ассошиэйтед пресс, آسوشیتدپرس
dpa: deutsche presse-agentur, dpa-afx, dpa international, dpa infocom
APA: austria presse agentur, apa-afp
EFE: agencia efe, efe news
Europa Press: europapress
ANSA: agenzia ansa
Adnkronos:
AGI:
Lusa: agência lusa
Agência Brasil: agencia brasil
Télam: telam
Notimex:
ANP: algemeen nederlands persbureau
Belga: belga news agency
Keystone-SDA: keystone/sda, keystone-ats, sda-ats, ats, sda
NTB:
TT: tt nyhetsbyrån, tidningarnas telegrambyrå
Ritzau: ritzaus bureau
STT: suomen tietotoimisto
PAP: polska agencja prasowa
ČTK: ctk, čtk, česká tisková kancelář
TASR:
SITA:
MTI: magyar távirati iroda
Agerpres:
Tanjug: танјуг
HINA: hina
BTA: бта
AMNA: ana-mpa, απε-μπε
Anadolu: anadolu agency, anadolu ajansı, anadolu ajansi, aa, وكالة الأناضول, الأناضول
DHA: demirören haber ajansı
IHA: ihlas haber ajansı
TASS: itar-tass, тасс, итар-тасс, тасс-урал
RIA Novosti: риановости, риа новости, ria novosti, риа
Interfax: интерфакс, interfax-ukraine, интерфакс-украина
Ukrinform: укринформ, укрінформ
UNIAN: униан, уніан
BelTA: белта
Xinhua: xinhua news agency, xinhuanet, 新华社, 新華社, 新华网, 新华, شينخوا, синьхуа
China News Service: 中新社, 中国新闻社, 中新网
CNA: central news agency, 中央社
Kyodo: kyodo news, 共同, 共同通信, 共同通信社
Jiji Press: jiji, 時事, 時事通信, 時事通信社
Yonhap: yonhap news agency, yonhap news, 연합뉴스
Newsis: 뉴시스
Antara News Agency: antara news
Bernama:
PTI: press trust of india
ANI: asian news international
IANS: indo-asian news service
UNI: united news of india
APP: associated press of pakistan
BSS:
UPI: united press international
PA Media: press association, the press association, pa, pa wire, pa news agency
AAP: australian associated press
The Canadian Press: canadian press, la presse canadienne, presse canadienne
Bloomberg: bloomberg news
IRNA: ایرنا, إرنا
ISNA: ایسنا
Tasnim News Agency: تسنیم
Fars News Agency: فارس
Mehr News Agency: مهر, خبرگزاری مهر
SANA: سانا
WAM: وام
SPA: واس
QNA: قنا
KUNA: كونا
MENA: أ ش أ
INA: واع
WAFA: وفا
NNA:
NAN: news agency of nigeria
APS: algérie presse service, واج
TAP: وات
MAP: ومع
KNA: katholische nachrichten-agentur
epd: evangelischer pressedienst
KAP: kathpress
SID: sport-informations-dienst
AFX:
Inter Press Service: ips
"""
_AGENCY = re.compile(
    r"^(?:news agency|agencia|agência|agenzia|agence|agentur|agencias|agências|agenzie|agences|agenturen|agencies|"
    r"wire (?:services?|reports?)|news wires?|wires|ajanslar|агентств[оа]|агенции|وكالات|الوكالات|خبرگزاری|خبرگزاری‌ها|وكالة|agencje)\b"
    r"|\b(?:news agency|news service|press agency|newswires?|press association|haber ajansı|nachrichtenagentur|presseagentur|nyhetsbyrå\w*|통신)$",
    re.I,
)
"""What agencies call themselves."""
_DESK = re.compile(
    r"^(?:the )?(?:(?:our|web|online|news|digital|sports?|world|foreign|politics|political|business|national|city|local|"
    r"editorial|special|international|wire|team|entertainment|tech|science|health|lifestyle|culture|opinion|live|breaking)\s+){0,3}"
    r"(?:staff|desk|team|newsroom|bureau|editors?|reporters?|correspondents?|editorial(?: board| staff| team)?|writers?|news|"
    r"web ?desk|newsdesk)$"
    r"|^(?:staff (?:and|&) (?:agencies|wires)|staff (?:reporters?|writers?|correspondents?|reports?))$"
    r"|^(?:von |der |die |unserer? )?(?:[\w.-]+[\s-])?(?:online-?|sport-?|web-?|news-?|nachrichten-?|lokal-?|politik-?|wirtschafts-?)?redaktion(?: [\w.-]+)?$"
    r"|^(?:la |le |il |el |a )?(?:rédaction|redazione|redacción|redaccion|redação|redacao|redacció|redactie|redaktionen|redaksjonen|redakcja|redakce|"
    r"redakcia|redakcija|szerkesztőség|toimitus|toimetus|редакция|редакція|редакцията|редакции|редакцией|التحرير|هيئة التحرير|تحریریه|مكتب التحرير|編集部|编辑部|編輯部|本报讯|편집부)(?: .{2,30})?$"
    r"|^haber merkezi$",
    re.I,
)
"""Departments in the main languages."""
_JOINT = re.compile(
    r"\s*(?:/|,|;|\||\+|&|\s-\s|\s–\s|\s(?:and|und|et|y|e|i|og|och|mit|with|avec|con|ve|и|و)\s)\s*", re.I
)
_TITLED = frozenset(("afp", "dpa", "efe", "ansa", "tass", "lusa"))
"""Acronyms that are no first names either: "Ani" and "Sita" may be persons, "Afp" is none."""
LONGEST = 60
"""Characters of a name that is looked up."""

_FOUND: dict[str, str] = {}
for _line in _SPELLINGS.strip().splitlines():
    _name, _, _others = _line.partition(":")
    _FOUND.update(
        dict.fromkeys((folded(_name), *(folded(other) for other in _others.split(",") if other.strip())), _name)
    )


@lru_cache(maxsize=2000)
def agency(name: str) -> str | None:
    """The usual name of an agency; what an unknown one calls itself; None for what is none."""
    if len(name) > LONGEST:
        return None
    name = clean(name).strip("()[]{} .:-–—|/")
    key = folded(name)
    if known := _FOUND.get(key):
        return None if len(name) <= 4 and name.istitle() and name.isascii() and key not in _TITLED else known
    return name if _AGENCY.search(name) else None


def agencies_in(text: str) -> tuple[str, ...]:
    """The agencies that a byline or credit names and nothing else: of "dpa/AFP" both, of "Ada Wren/AFP" none."""
    if len(text) > 2 * LONGEST:
        return ()
    parts = [part for part in _JOINT.split(text.strip("()[] .")) if part]
    found = [agency(part) for part in parts]
    return tuple(dict.fromkeys(name for name in found if name)) if parts and all(found) else ()


def is_desk(name: str) -> bool:
    """Whether a name is a department's: "Staff", "Web Desk", "Redaktion"."""
    return len(name) <= LONGEST and _DESK.search(name.strip(" .:")) is not None


@lru_cache(maxsize=2000)
def is_nobody(name: str) -> bool:
    """Whether a name in a byline is an agency's or a desk's: no person's."""
    return bool(agencies_in(name)) or is_desk(name)
