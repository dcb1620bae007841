"""Which player or post an address leads to, by the forms that the common providers give their addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

from crawler.items import EmbedKind


@dataclass(frozen=True, slots=True)
class Player:
    """What an address plays or shows."""

    kind: EmbedKind
    provider: str
    url: str
    """Of the thing itself, the same for all players of it."""
    author: str | None = None
    """The account that the address names: "@adawren"."""


_ID = r"(?P<id>[\w-]+)"
# Provider, kind, what an address looks like, and the address of the thing itself; None: as it is, without its query.
_FORMS: tuple[tuple[str, EmbedKind, str, str | None], ...] = (
    (
        "youtube",
        "video",
        rf"(?:youtube(?:-nocookie)?\.com/(?:embed/(?!videoseries)|watch\?(?:[^#]*&)?v=|shorts/|live/|v/)|youtu\.be/){_ID}",
        "https://www.youtube.com/watch?v={id}",
    ),
    (
        "youtube",
        "video",
        r"youtube(?:-nocookie)?\.com/(?:embed/videoseries|playlist)\?(?:[^#]*&)?list=(?P<id>[\w-]+)",
        "https://www.youtube.com/playlist?list={id}",
    ),
    ("vimeo", "video", r"(?:player\.vimeo\.com/video/|//(?:www\.)?vimeo\.com/)(?P<id>\d+)", "https://vimeo.com/{id}"),
    (
        "dailymotion",
        "video",
        r"(?:dailymotion\.com/(?:embed/)?video/|dailymotion\.com/player(?:/\w+)?\.html\?(?:[^#]*&)?video=|dai\.ly/)(?P<id>\w+)",
        "https://www.dailymotion.com/video/{id}",
    ),
    (
        "brightcove",
        "video",
        r"players\.brightcove\.net/(?P<account>\d+)/[^/]+/index(?:\.min)?\.html\?(?:[^#]*&)?videoId=(?P<id>(?:ref:)?[\w-]+)",
        "https://players.brightcove.net/{account}/default_default/index.html?videoId={id}",
    ),
    (
        "jwplayer",
        "video",
        r"(?:cdn\.jwplayer\.com|content\.jwplatform\.com)/(?:players|previews|videos|manifests)/(?P<id>[A-Za-z0-9]{8})(?![A-Za-z0-9])",
        "https://cdn.jwplayer.com/previews/{id}",
    ),
    ("twitch", "video", r"(?:player|clips)\.twitch\.tv/", ""),
    ("rutube", "video", r"rutube\.ru/(?:play/embed|video)/(?P<id>\w+)", "https://rutube.ru/video/{id}/"),
    ("vk", "video", r"(?:vk\.com|vkvideo\.ru)/video_ext\.php\?", ""),
    ("aparat", "video", r"aparat\.com/(?:video/video/embed/videohash|v)/(?P<id>\w+)", "https://www.aparat.com/v/{id}"),
    ("glomex", "video", r"player\.glomex\.com/", ""),
    (
        "facebook",
        "video",
        r"facebook\.com/(?:[\w.]+/videos/(?:[\w.-]+/)?|watch/?\?v=|video\.php\?v=)(?P<id>\d+)",
        "https://www.facebook.com/watch/?v={id}",
    ),
    ("facebook", "post", r"facebook\.com/(?:[\w.%-]+/(?:posts|photos)/|permalink\.php\?|story\.php\?|photo)", ""),
    (
        "x",
        "post",
        r"//(?:www\.|mobile\.|platform\.)?(?:twitter|x)\.com/(?:#!/)?(?P<user>\w+)/status(?:es)?/(?P<id>\d+)",
        "https://x.com/{user}/status/{id}",
    ),
    ("x", "post", r"platform\.twitter\.com/embed/Tweet\.html\?(?:[^#]*&)?id=(?P<id>\d+)", "https://x.com/i/status/{id}"),
    (
        "instagram",
        "post",
        r"instagram\.com/(?:[\w.]+/)?(?P<form>p|reel|tv)/(?P<id>[\w-]+)",
        "https://www.instagram.com/{form}/{id}/",
    ),
    (
        "tiktok",
        "post",
        r"tiktok\.com/(?P<user>@[\w.-]+)/(?:video|photo)/(?P<id>\d+)",
        "https://www.tiktok.com/{user}/video/{id}",
    ),
    ("tiktok", "post", r"tiktok\.com/(?:embed|player)/(?:v\d/)?(?P<id>\d+)", "https://www.tiktok.com/embed/v2/{id}"),
    ("telegram", "post", r"//t\.me/(?:s/)?(?P<user>\w{4,})/(?P<id>\d+)", "https://t.me/{user}/{id}"),
    ("bluesky", "post", r"bsky\.app/(?:profile|embed)/", None),
    ("threads", "post", r"threads\.(?:net|com)/@[\w.]+/post/", None),
    ("truth-social", "post", r"truthsocial\.com/@\w+/(?:posts/)?\d+", ""),
    ("reddit", "post", r"(?:redditmedia|reddit|embed\.reddit)\.com/r/\w+/comments/", None),
    ("spotify", "audio", r"open\.spotify\.com/(?:embed(?:-podcast)?/)?(?P<form>episode|show|track|album|playlist)/(?P<id>\w+)", "https://open.spotify.com/{form}/{id}"),
    ("soundcloud", "audio", r"w\.soundcloud\.com/player", ""),
    ("apple-podcasts", "audio", r"embed\.podcasts\.apple\.com/", None),
    ("deezer", "audio", r"widget\.deezer\.com/", None),
    ("podigee", "audio", r"\.podigee\.io/", None),
    ("acast", "audio", r"(?:embed|player)\.acast\.com/", None),
    ("megaphone", "audio", r"(?:player|playlist)\.megaphone\.fm/", ""),
    ("omny", "audio", r"omny\.fm/shows/", None),
    ("simplecast", "audio", r"player\.simplecast\.com/", None),
    ("buzzsprout", "audio", r"buzzsprout\.com/\d+", None),
    ("libsyn", "audio", r"libsyn\.com/embed/", None),
    ("art19", "audio", r"art19\.com/shows/", None),
    ("spreaker", "audio", r"widget\.spreaker\.com/player", ""),
    ("audioboom", "audio", r"embeds\.audioboom\.com/", None),
    ("datawrapper", "graphic", r"datawrapper\.dwcdn\.net/(?P<id>\w+)", "https://datawrapper.dwcdn.net/{id}/"),
    ("flourish", "graphic", r"(?:flo\.uri\.sh|public\.flourish\.studio)/(?P<form>visualisation|story)/(?P<id>\d+)", "https://public.flourish.studio/{form}/{id}/"),
    ("infogram", "graphic", r"(?:e\.)?infogram\.com/", None),
    ("giphy", "graphic", r"giphy\.com/embed/(?P<id>\w+)", "https://giphy.com/gifs/{id}"),
    ("google-maps", "graphic", r"google\.[a-z.]+/maps/(?:d/)?(?:u/\d/)?embed", ""),
    ("openstreetmap", "graphic", r"openstreetmap\.org/export/embed", ""),
    ("documentcloud", "document", r"(?:embed|www)\.documentcloud\.org/documents/", None),
    ("issuu", "document", r"issuu\.com/(?:[\w-]+/docs/|.*embed)", ""),
    ("yumpu", "document", r"yumpu\.com/(?:\w\w/)?embed/", None),
    ("scribd", "document", r"scribd\.com/embeds/(?P<id>\d+)", "https://www.scribd.com/document/{id}"),
)  # fmt: skip
_KNOWN = tuple((provider, kind, re.compile(pattern), whole) for provider, kind, pattern, whole in _FORMS)
_ANY = re.compile("|".join(re.sub(r"\?P<\w+>", "?:", pattern) for _, _, pattern, _ in _FORMS))
_INSIDE = ("href", "url", "u", "video")
"""Parameters in which a plug-in has the address of what it shows."""
LONGEST = 1500


@lru_cache(maxsize=2000)
def player_at(address: str) -> Player | None:
    """What an absolute address plays; None for one of no known provider."""
    if len(address) > LONGEST or (_ANY.search(address) is None and "plugins/" not in address):
        return None
    if "facebook.com/plugins/" in address or "soundcloud.com/player" in address:
        inner = _inside(address)
        return _plugged(address, inner) if inner is not None else None
    for provider, kind, pattern, whole in _KNOWN:
        if match := pattern.search(address):
            found = match.groupdict()
            user = found.get("user")
            author = f"@{user.removeprefix('@')}" if user and user != "i" else None
            return Player(kind, provider, _whole(address, found, whole), author)
    return None


def _plugged(address: str, inner: str) -> Player | None:
    """What a plug-in shows; None for a button."""
    if "soundcloud.com" in address:
        return Player("audio", "soundcloud", inner)
    if "/plugins/video" in address or "/plugins/post" in address:
        return player_at(inner) or Player("video" if "/plugins/video" in address else "post", "facebook", inner)
    return None


def _whole(address: str, found: dict[str, str | None], whole: str | None) -> str:
    if whole:
        return whole.format(**found)
    return address.partition("#")[0] if whole == "" else address.partition("#")[0].partition("?")[0]


def _inside(address: str) -> str | None:
    try:
        query = parse_qs(urlsplit(address).query)
    except ValueError:
        return None
    stated = next((query[name][0] for name in _INSIDE if name in query), None)
    return unquote(stated) if stated and stated.startswith("http") else None
