"""Words that news sites use in the addresses of pages that are no articles.

Collected by reading addresses of news sites in many languages, never from one site's own names. Lower case; words
of a path are compared one by one, with accents as they stand in addresses (often without).
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LISTINGS = _set("""
    tag tags tagged label labels keyword keywords hashtag author authors autor autoren autores auteur auteurs redakteur
    journalist journalists contributor contributors by byline staff etiqueta etiquetas schlagwort schlagworte
""")
"""Segments after which the list of one topic or author follows."""

WEAK_LISTINGS = _set("""
    topic topics thema themen tema temas theme themes themenseite dossier dossiers special specials archive archives
    archiv archivo archivio series serie people person profile profiles event events category categories kategorie
    kategorien categoria categorias categorie cat section sections sektion seccion rubrik rubrika rubriken rubrique
    sezione ressort channel collection collections subject columnist columnists
""")
"""The same, and sections; but some sites keep articles below them."""

SESSIONS = _set("""
    login logout log-in log-out signin sign-in signup sign-up signout register registration registrieren anmelden
    anmeldung abmelden einloggen connexion inscription iniciar-sesion entrar accedi giris oturum-ac account accounts
    my-account myaccount konto mein-konto compte password passwort auth oauth sso subscribe subscribe-now
    subscription subscriptions abonnement abonnements abonnieren abonnez-vous abo abos suscripcion suscribete assine
    abbonamenti checkout cart warenkorb basket paywall wp-admin wp-login wp-json wp-content wp-includes cgi-bin
    cdn-cgi unsubscribe
""")
"""What asks who the reader is, or is no page at all: never an article, wherever it stands in the path."""

SERVICES = _set("""
    about about-us aboutus ueber-uns uber-uns chi-siamo quienes-somos a-propos qui-sommes-nous o-nas om-os om-oss
    hakkimizda kunye contact contact-us contacts contacto contactos kontakt contatti contato iletisim impressum
    imprint legal legal-notice mentions-legales aviso-legal privacy privacy-policy privacy-notice datenschutz
    datenschutzerklaerung confidentialite privacidad politica-de-privacidad politica-privacidad gizlilik terms
    terms-and-conditions terms-of-service terms-of-use termsofuse conditions agb nutzungsbedingungen cgu cgv terminos
    terminos-y-condiciones cookie cookies cookie-policy cookie-settings disclaimer accessibility barrierefreiheit
    help hilfe faq faqs aide ayuda support feedback jobs careers career karriere stellenangebote vacancies advertise
    advertising advertise-with-us mediadaten werbung werben publicite publicidad anzeigen mediakit media-kit press-kit
    sitemap sitemaps site-map rss feed feeds atom newsletter newsletters newsletter-signup app apps mobile epaper
    e-paper eedition e-edition print-edition shop store donate spenden donation donations membership members
    search suche buscar busca recherche cerca ara sok soeg zoeken szukaj results suchergebnis comments forum forums
    games puzzles puzzle crossword crosswords sudoku quiz horoscope horoscopes horoskop horoscopo weather wetter meteo
    tiempo clima hava-durumu tv-guide tv-programm tvprogramm radio livestream live-tv live-stream webcam webcams
    masthead team ethics corrections editorial-policy editorial-standards code-of-ethics standards index home
    homepage start startseite accueil inicio anasayfa widget widgets embed share api preview test 404 error
    notifications bookmarks saved history settings preferences profile podcasts podcast video videos galerie gallery
    galleries photo photos fotos bilder bildergalerien fotostrecken slideshow slideshows mediathek multimedia
    audio live ticker newsticker latest latest-news breaking-news breaking most-read most-popular popular trending
    top-stories headlines today-news all-news alle-nachrichten recent archive archives archiv calendar kalender
    termine events obituaries classifieds deals coupons gutscheine
""")
"""Last segments of what a site offers beside its articles."""

SECTIONS = _set("""
    news nachrichten noticias noticia notizie nouvelles actualites actualite actu aktuelles aktuell actualidad
    nyheter nyheder uutiset wiadomosci haberler haber gundem novosti berita tin-tuc zpravy hirek naujienos vesti
    world welt mundo monde mondo international internacional internationales ausland foreign global dunya swiat
    national nacional nation inland country home domestic local locales lokales lokal lokale regional region regions
    regionen city cities stadt community politics politik politica politique politiek polityka politika siyaset
    government parliament election elections wahl wahlen elecciones congress senate policy diplomacy
    business wirtschaft economia economie economy economics ekonomi gospodarka markets market maerkte finance
    finanzen finanzas money geld industry companies unternehmen bourse boerse stocks energy real estate property
    immobilien jobs career personal sport sports deporte deportes esporte esportes fussball football futbol futebol
    soccer cricket tennis golf rugby basketball baseball hockey boxing cycling athletics motorsport formel formula
    racing nfl nba mlb nhl ncaa f1 1 2 bundesliga league premier champions olympics olympia mls ufc mma
    culture kultur cultura kultura kultuur arts art kunst arte entertainment unterhaltung entretenimiento celebrity
    celebrities showbiz stars people leute panorama gesellschaft society sociedad sociedade societe societa life
    leben lifestyle style stil estilo fashion mode moda beauty food essen recipes rezepte restaurants travel reise
    reisen viajes viagem voyage viaggi health gesundheit salud saude sante salute wellness fitness family familie
    drink drinks wine latina
    parenting education bildung educacion schools school science wissen wissenschaft ciencia sciences scienza nauka
    bilim tech technik technology technologie tecnologia teknoloji digital netzwelt internet gaming computer mobile
    auto autos mobilitaet mobility motor motors cars environment umwelt klima climate change weather nature opinion
    opinions meinung opinione debatte debate kommentar kommentare kolumne kolumnen columns column comment commentary
    editorial editorials letters leserbriefe blog blogs analysis analyse investigations investigation fact check
    factcheck features feature stories story magazine magazin weekend books buecher film movies movie cinema kino
    music musik musica tv television theater theatre media medien crime justice justiz recht law courts police
    blaulicht war conflict military defense defence security religion history geschichte interview interviews
    middle east eastern north south west western northern southern central asia asien africa afrika europe europa
    america americas american amerika latin us usa uk eu uae un china india russia ukraine iran iraq israel turkey
    germany deutschland france italy spain brazil mexico canada australia japan korea pacific gulf arab palestine
    new york london washington california texas english deutsch francais espanol portugues arabic en de fr es pt it
    nl pl ru ar fa tr zh ja ko and und y et e a the of in und für fur amp more mehr mas all alle top latest
    breaking press release releases presse pressemitteilungen publications publikationen projects reports report
    service services ratgeber guide guides
""")
"""Words that section names are made of."""

ARTICLE_WORDS = _set("""
    article articles artikel articulo articulos artigo articolo artikkel artykul artykuly story stories news noticia
    noticias nachricht nachrichten meldung meldungen detail details detailansicht beitrag post posts newsdetail
    news-detail haber hikaye read view show entry content itemid lesen blog pressemitteilung
""")
"""Segments under which a site keeps its articles."""

MEDIA_EXTENSIONS = _set("""
    jpg jpeg png gif webp avif svg ico bmp tif tiff heic mp3 m4a ogg wav mp4 m4v webm mov avi m3u8 pdf doc docx xls
    xlsx ppt pptx odt epub zip gz rar 7z tar exe dmg apk css js mjs json xml rss atom rdf txt csv ics woff woff2 ttf
    eot swf torrent
""")
PAGE_EXTENSIONS = _set("html htm shtml xhtml php php3 asp aspx jsp cfm cms do phtml story nsf")
