"""What an article shows from elsewhere: kinds, addresses, places."""

from __future__ import annotations

import pytest

from crawler.extraction.players import player_at
from crawler.items import Embed
from tests.extraction.test_article import NODE, PARAGRAPHS, linked_data, read, texts

VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


def page(embed: str) -> str:
    first, *rest = (f"<p>{text}</p>" for text in PARAGRAPHS)
    return f"<article><h1>Council votes to rebuild bridge</h1>{first}{embed}{''.join(rest)}</article>"


@pytest.mark.parametrize(
    "element",
    [
        '<iframe src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0"></iframe>',
        '<iframe data-src="//www.youtube.com/embed/dQw4w9WgXcQ"></iframe>',
        '<amp-youtube data-videoid="dQw4w9WgXcQ"></amp-youtube>',
        '<lite-youtube videoid="dQw4w9WgXcQ"></lite-youtube>',
        '<div class="embed-consent" data-embed-url="https://youtu.be/dQw4w9WgXcQ"><p>Ich bin damit einverstanden, '
        "dass mir externe Inhalte angezeigt werden.</p></div>",
    ],
)
def test_a_video_has_one_address_however_it_is_embedded(element: str) -> None:
    article = read(page(element))
    assert article.embeds == (Embed("video", VIDEO, "youtube", before=1),)
    assert texts(article) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("address", "kind", "provider"),
    [
        ("https://player.vimeo.com/video/76979871?h=1", "video", "vimeo"),
        ("https://www.dailymotion.com/embed/video/x84sh87", "video", "dailymotion"),
        ("https://players.brightcove.net/1234/default_default/index.html?videoId=5678", "video", "brightcove"),
        ("https://cdn.jwplayer.com/players/AbCd1234-EfGh5678.html", "video", "jwplayer"),
        ("https://twitter.com/adawren/status/1783121817189679206?ref=x", "post", "x"),
        ("https://www.instagram.com/reel/ByxilPNJK3M/embed/", "post", "instagram"),
        (
            "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fada%2Fposts%2F1",
            "post",
            "facebook",
        ),
        (
            "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fada%2Fvideos%2F123",
            "video",
            "facebook",
        ),
        ("https://www.tiktok.com/@adawren/video/7123456789", "post", "tiktok"),
        ("https://t.me/harbour_news/1234?embed=1", "post", "telegram"),
        ("https://open.spotify.com/embed/episode/3nKcp2", "audio", "spotify"),
        ("https://datawrapper.dwcdn.net/aBc12/3/", "graphic", "datawrapper"),
    ],
)
def test_a_provider_is_known_by_its_addresses(address: str, kind: str, provider: str) -> None:
    player = player_at(address)
    assert player is not None
    assert (player.kind, player.provider) == (kind, provider)
    again = player_at(player.url)
    assert again is not None
    assert again.url == player.url


@pytest.mark.parametrize(
    "address",
    [
        "https://gazette.example/youtube",
        "https://www.facebook.com/plugins/like.php?href=https%3A%2F%2Fgazette.example",
        "",
    ],
)
def test_other_addresses_are_no_players(address: str) -> None:
    assert player_at(address) is None


def test_a_quoted_post_has_its_author_and_address() -> None:
    post = (
        '<blockquote class="twitter-tweet"><p>The bridge is open.</p>&mdash; Ada Wren (@adawren) '
        '<a href="https://twitter.com/adawren/status/1783121817189679206">March 3, 2024</a></blockquote>'
    )
    (embed,) = read(page(post)).embeds
    assert (embed.kind, embed.provider, embed.author) == ("post", "x", "Ada Wren")
    assert embed.url == "https://x.com/adawren/status/1783121817189679206"


def test_structured_data_names_the_title_of_a_video_and_those_the_page_does_not_show() -> None:
    video = {"@type": "VideoObject", "name": "The old bridge", "embedUrl": "https://www.youtube.com/embed/dQw4w9WgXcQ"}
    head = linked_data({**NODE, "video": video})
    shown = read(page('<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>'), head)
    assert shown.embeds == (Embed("video", VIDEO, "youtube", "The old bridge", before=1),)
    assert read(page(""), head).embeds == (Embed("video", VIDEO, "youtube", "The old bridge"),)


def test_recordings_of_the_publisher_and_advertising_are_told_apart() -> None:
    elements = '<audio><source src="/listen.mp3"></audio><iframe src="https://ads.example/frame"></iframe>'
    assert [(each.kind, each.url) for each in read(page(elements)).embeds] == [
        ("audio", "https://gazette.example/listen.mp3")
    ]
