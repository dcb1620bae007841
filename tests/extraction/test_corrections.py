"""Notes on corrections."""

from __future__ import annotations

import pytest

from crawler.extraction.corrections import is_correction
from tests.extraction.test_article import read, story, texts

NOTES = (
    "Correction, Nov. 15: This article originally misidentified the first publisher of the novel.",
    "This article was amended on 3 March 2024 to correct the name of the river.",
    "An earlier version of this story misstated the length of the bridge.",
    "Editor's note: This story was updated at 5:45 p.m. to include details of the vote.",
    "Anmerkung der Redaktion: In einer früheren Version hieß es, die Brücke sei länger.",
    "Korrektur: Die Brücke ist 40 Meter lang, nicht 400.",
    "Rectificatif : le pont mesure quarante mètres et non quatre cents.",
    "Cet article a été modifié le 3 mars pour corriger la longueur du pont.",
    "Fe de errores: el puente mide cuarenta metros y no cuatrocientos.",
    "Исправление: длина моста составляет сорок метров, а не четыреста.",
    "تصحيح: يبلغ طول الجسر أربعين مترا وليس أربعمئة متر كما ورد.",
    "【訂正】橋の長さは四十メートルで、四百メートルではありませんでした。お詫びします。",
)


@pytest.mark.parametrize("note", NOTES)
def test_a_note_is_known_by_its_words(note: str) -> None:
    assert is_correction(note)


@pytest.mark.parametrize(
    "text",
    [
        "Corrections officers went on strike on Monday, the union said in the evening.",
        "“That's correct,” the mayor said, and nobody in the hall asked again.",
        "The law was amended in 2019, and has been changed twice since then.",
        "Editor's note: the following contains descriptions of violence.",
        "CORRECTIV berichtete im Jahr 2024 über die Brücke und ihre Kosten.",
    ],
)
def test_what_only_sounds_like_one_is_none(text: str) -> None:
    assert not is_correction(text)


def test_a_note_in_the_text_is_data_and_stays_there() -> None:
    article = read(story(f"<p>{NOTES[1]}</p>"))
    assert article.corrections == (NOTES[1],)
    assert texts(article)[-1] == NOTES[1]


def test_a_note_below_the_text_is_data() -> None:
    article = read(story() + f"<aside><p>{NOTES[0]}</p></aside>")
    assert article.corrections == (NOTES[0],)
