"""How pages say that what was there is not any more, in the languages of the web."""

from __future__ import annotations

LOST = (
    r"(?:error |erreur |fehler |http )?404\b(?: error|.{0,30}not found.{0,5})?|(?:page|article|story|content|file)(?: you requested)? (?:was |could |can )?not (?:be )?found"
    r"|(?:we (?:can.t|cannot|couldn.t|could not) find (?:th[ai]t|this|the|your) (?:page|article|story))"
    r"|not found|(?:seite|artikel|beitrag|inhalt)\w* (?:wurde )?nicht gefunden|(?:page|article) (?:introuvable|non trouvée?)"
    r"|p[áa]gina no (?:encontrada|existe|disponible)|p[áa]gina n[ãa]o (?:encontrada|existe)|pagina non (?:trovata|esiste)"
    r"|pagina niet gevonden|sidan (?:kunde inte hittas|hittades inte|finns inte)|siden (?:blev |ble )?ikke funnet|sivua ei löyd\w+"
    r"|(?:nie znaleziono|strona nie istnieje)|страница не найдена|сторінку не знайдено|sayfa bulunamadı|halaman tidak ditemukan"
    r"|(?:页面|頁面|文章)(?:不存在|未找到|已删除|已刪除)|ページが見つかりません|페이지를 찾을 수 없|الصفحة غير موجودة|(?:صفحه|مطلب).{0,20}(?:یافت|پیدا) نشد"
)
"""Nothing is found at this address: as a title, or one of its parts, has it."""
TAKEN = (
    r"\b(?:th(?:is|e) (?:article|story|page|post|content|item|report)(?: you (?:are looking for|requested))?"
    r"(?: (?:has been|was|is)(?: since| now)?| is no longer)"
    r" (?:removed|deleted|withdrawn|retracted|taken (?:down|offline)|unpublished|available|unavailable)"
    r"|no longer (?:available|exists?|online)"
    r"|(?:dieser|der) (?:artikel|beitrag)\b.{0,40}(?:nicht mehr (?:verfügbar|online|abrufbar)|gelöscht|entfernt|zurückgezogen)"
    r"|c(?:et article|e contenu|ette page)\b.{0,40}(?:n.est plus (?:disponible|en ligne)|a été (?:supprimée?|retirée?))"
    r"|est[ea] (?:art[íi]culo|noticia|contenido|p[áa]gina|artigo|conte[úu]do)\b.{0,40}(?:ya no (?:está|existe)|(?:ha sido|fue|foi) (?:eliminad|retirad|removid)[oa])"
    r"|questo (?:articolo|contenuto)\b.{0,40}(?:non è più disponibile|è stato (?:rimosso|cancellato))"
    r"|(?:статья|материал|страница)\b.{0,40}(?:удален|удалён|больше не доступ|снят)\w*|bu (?:haber|içerik|sayfa)\w*\b.{0,40}(?:kaldırıl|silin)\w*)"
    r"|(?:该|本|此)(?:文章|内容|页面|報導|报道).{0,10}(?:已被?删除|已下架|不存在)|この記事は.{0,20}(?:削除|公開を終了|ありません)"
    r"|تم حذف (?:هذا|هذه|المقال|الخبر)|این (?:خبر|مطلب|صفحه).{0,20}حذف شده"
)
"""Something was here: as the text begins."""
