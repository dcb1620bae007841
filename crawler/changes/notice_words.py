"""The words of pages that are not the publisher speaking, in the languages of the web, by what such a page is."""

from __future__ import annotations

from typing import Literal

NoticeKind = Literal["seized", "parked", "consent", "blocked"]
"""seized: by a court or agency; parked: for sale, expired, suspended or empty; consent: asks for cookies first;
blocked: takes us for a robot, or keeps readers out by order of a state."""

# What is this: every language has its "this" before what was seized; an article says "the website of …".
_SITE = r"(?:web ?site|web ?page|domain(?: name)?|site|service|server|platform|hidden (?:site|service)|url)"
NOTICES: dict[NoticeKind, str] = {
    "seized": (
        rf"\bth(?:is|ese) {_SITE}s?,? (?:\S{{1,60}} )?(?:ha(?:s|ve) been|(?:is|was|were|are) (?:now )?)\s?(?:seized|confiscated|taken (?:down|over) by|under the control of)"
        r"|\b(?:the united states|the fbi|law enforcement|europol|the police)\b.{0,60} (?:has|have) (?:seized|taken (?:down|over)|taken control of) this\b"
        r"|\bseized (?:by|pursuant|in accordance with|under)\b.{0,80}(?:warrant|court|bureau|government|department|18 u\.?s\.?c)"
        r"|\bdiese[rs]? (?:domain|web ?site|internetseite|seite|plattform|dienst)\b.{0,80}(?:beschlagnahmt|sichergestellt)"
        r"|\bc(?:e|et|ette) (?:site|domaine|nom de domaine|page|plateforme|service)\b.{0,60} (?:a été|est) saisie?\b"
        r"|\beste? (?:dominio|sitio(?: web)?|p[áa]gina(?: web)?)\b.{0,40}(?:ha sido|fue|se encuentra|está) (?:incautad|intervenid|confiscad|decomisad)[oa]"
        r"|\bquesto (?:sito|dominio)\b.{0,60}sequestr|\b(?:sito|dominio)(?: web)? (?:sottoposto a|sotto) sequestro"
        r"|\b(?:deze (?:website|site|pagina|dienst)|dit domein)\b.{0,60}in beslag genomen"
        r"|\beste (?:dom[íi]nio|site|s[íi]tio)\b.{0,40}(?:foi|está) (?:apreendid|confiscad)o"
        r"|\b(?:ta (?:domena|strona)|ten serwis)\b.{0,60}(?:zajęt|przejęt|skonfiskowan)"
        r"|\b(?:этот|данный|эта|данная) (?:сайт|домен|ресурс|страница)\b.{0,60}(?:изъят|конфискован|арестован)"
        r"|\b(?:цей|цю) (?:сайт|домен)\b.{0,60}(?:вилучен|арештован|конфіскован)"
        r"|\bbu (?:web sitesi|internet sitesi|site|alan adı)\w*\b.{0,60}(?:el kon|müsadere)"
        r"|\b(?:denna|den här) (?:webbplats|sida|domän)\w*\b.{0,40}beslagtag"
        r"|(?:تم|تمت) (?:مصادرة|الاستيلاء على|ضبط) (?:هذا|هذه)|این (?:دامنه|سایت|وب[‌ ]?سایت).{0,40}(?:توقیف|مصادره|ضبط)"
        r"|(?:此|本|该|該)(?:网站|網站|域名|网域|網域)已?被?.{0,30}(?:查封|扣押|没收|沒收)|この(?:ウェブ)?(?:サイト|ドメイン)は.{0,30}(?:差し押さえ|押収)"
    ),
    "blocked": (
        r"^(?:access(?: to this page)?(?: has been| is)? denied\b|(?:error )?(?:403[ :-]+)?forbidden$|403\b.{0,30}forbidden|error 1020|attention required!|one moment,? please|please wait\.\.\."
        r"|(?:just a moment|(?:nur )?einen moment|un (?:instant|momento)|um momento|(?:подождите|один момент))(?:,? (?:bitte|por favor|s.il vous pla[iî]t|пожалуйста))?\s?(?:[.…!]|$)|请稍候|請稍候|しばらくお待ちください|잠시만)"
        r"|\b(?:checking (?:if the site connection is secure|your browser)|verify(?:ing)? (?:that )?you are (?:a )?(?:human|not a (?:ro)?bot)|confirm (?:that )?you(?:'re| are) (?:a )?(?:human|not a (?:ro)?bot)|are you a robot\?"
        r"|prove (?:that )?you are (?:a )?human|(?:complete|solve) (?:the|a|this) (?:captcha|security check)|enable javascript and cookies to continue|unusual (?:traffic|activity) from your"
        r"|you (?:have been|were|are being) blocked|you(?:'ve| have) been blocked|your (?:ip(?: address)?|access|request) (?:has been|was|is|to this site has been) (?:temporarily )?(?:blocked|denied|limited)|request (?:blocked|unsuccessful)"
        r"|performing security verification|needs to review the security of your connection|pardon our interruption"
        r"|not available in your (?:country|region)|unavailable (?:due to|for) legal reasons|access to this (?:web)?site (?:has been|is) (?:blocked|restricted)|blocked (?:under|by|as per|pursuant to) (?:an?|the) (?:court )?order)"
        r"|\b(?:(?:ihr|der) browser wird (?:gerade )?(?:über|ge)prüft|(?:bestätigen|beweisen) sie,? dass sie (?:ein mensch|kein roboter)|zugriff (?:verweigert|gesperrt)"
        r"|vérification de votre navigateur|(?:vérifi\w+|confirm\w+|prouv\w+) que vous (?:êtes (?:un )?humain|n.êtes pas un robot)|accès (?:refusé|bloqué)"
        r"|(?:comprob\w+|verific\w+|confirm\w+|demuestr\w+) que (?:eres|es usted|no eres|no es) (?:un )?(?:humano|ser humano|robot)|acceso (?:denegado|bloqueado)|accesso (?:negato|bloccato)|acesso (?:negado|bloqueado)"
        r"|(?:verifi\w+|conferm\w+) (?:che|di) (?:sei|essere) (?:un )?(?:umano|essere umano)|(?:verifi\w+|confirm\w+) que (?:você|é) .{0,12}human|odmowa dostępu|dostęp zabroniony|toegang geweigerd"
        r"|подтвердите,? что (?:вы|запросы).{0,30}(?:робот|человек)|проверка (?:вашего )?браузера|доступ (?:к (?:сайту|ресурсу|запрашиваемому ресурсу|информационному ресурсу) )?(?:запрещен|запрещён|ограничен|заблокирован)"
        r"|robot olmadığınızı|tarayıcınız kontrol ediliyor|erişim (?:engellen|reddedil)|erişime engellen)"
        r"|(?:人机|安全)验证|(?:请|請)完成.{0,8}(?:验证|驗證)|访问(?:被拒绝|受限)|ロボットではない|アクセスが(?:拒否|制限)されました|로봇이 아닙니다|접근이 (?:거부|차단)|불법.?유해 ?정보"
        r"|التحقق من (?:أنك|المتصفح|متصفحك)|تم (?:حجب|رفض) (?:هذا الموقع|الوصول)|در حال بررسی مرورگر|دسترسی (?:به این (?:سایت|تارنما)|شما).{0,30}(?:مسدود|امکان[‌ ]?پذیر نمی|غیرمجاز)"
    ),
    "parked": (
        r"\b(?:(?:buy|get|own|purchase) this domain|(?:th(?:is|e) )?(?:domain(?: name)?|website)\b.{0,60} (?:is|may be|might be|could be)(?: now| still)? (?:for sale|available for (?:sale|purchase)|parked)"
        r"|this (?:domain(?: name)?|site|website) (?:has |is )?(?:expired|pending renewal|been suspended|not configured|just (?:been )?registered)|domain (?:has )?expired|(?:this )?account (?:has been )?suspended"
        r"|parked (?:free|domain|page)|domain parking|future home of something|this (?:web )?page is parked|website (?:coming soon|is under construction|is not (?:yet )?(?:published|available))"
        r"|welcome to nginx|apache2? (?:\w+ )?default page|default web ?site page|test page for the|iis windows server|it works!$|web server.{0,20}default page|no such (?:site|app)$|there isn.t a .{0,30}site here"
        r"|diese (?:domain|website).{0,60}(?:zu verkaufen|zum verkauf|käuflich|geparkt|registriert worden)|domain (?:kaufen|geparkt|steht zum verkauf)|(?:ce nom de )?domaine.{0,40}(?:est à vendre|a expiré|est en vente)"
        r"|(?:este )?dominio.{0,40}(?:está (?:en venta|a la venta)|ha (?:expirado|caducado))|(?:questo )?dominio.{0,40}(?:è in vendita|è scaduto)|(?:este )?domínio.{0,40}(?:está à venda|expirou)"
        r"|deze? domein(?:naam)?.{0,40}(?:te koop|geregistreerd)|dit domein is .{0,30}te koop|(?:ta )?domena.{0,40}(?:na sprzedaż|wygasła)|домен.{0,40}(?:продается|продаётся|не прилинкован|припаркован|истек)"
        r"|(?:bu )?alan adı.{0,40}satılık|доменное имя.{0,30}прода)"
        r"|(?:此|该|本)?域名.{0,12}(?:出售|转让|过期)|(?:この)?ドメイン.{0,12}(?:販売|売|期限)|도메인.{0,12}(?:판매|만료)|دامنه.{0,20}(?:فروش|فروشی)|(?:هذا )?النطاق.{0,20}للبيع"
    ),
    "consent": (
        r"^(?:before you continue|(?:your|manage your|we value your|about your) (?:privacy|cookies?|consent)\b|(?:cookie|privacy|gdpr|consent) (?:consent|settings|preferences|choices|wall|check)|(?:we|this site|our site) uses? cookies"
        r"|(?:accept|consent to|allow) (?:all )?cookies|bevor (?:sie|du) (?:fort|weiter)|(?:ihre|deine) privatsphäre|datenschutz[- ]?einstellungen|cookie[- ]?(?:einstellungen|hinweis)|mit (?:werbung|cookies) (?:und|weiter|lesen)|avant d.accéder"
        r"|(?:gestion|paramètres) des cookies|(?:votre|respect de la) vie privée|antes de (?:ir|continuar|acceder)|(?:tu|su) privacidad|prima di continuare|la tua privacy|voordat je (?:verder|doorgaat)|uw privacy|antes de continuar)"
    ),
}
"""Regular expressions, to be searched for without regard to case in one line of text; ``^`` is where it begins."""
