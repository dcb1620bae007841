"""What a tdmrep.json says of a URL, with all that can be wrong with one."""

from __future__ import annotations

import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.tdmrep import RULES_LIMIT, TDMREP_LIMIT, Said, reservations_of

SITE = "https://gazette.example"
TERMS = "https://gazette.example/terms"


RESERVED: Said = (("tdm-reservation", "1"),)
FREE: Said = (("tdm-reservation", "0"),)


def said(rules: object, path: str) -> Said:
    return reservations_of(json.dumps(rules).encode()).covering(SITE + path)


def rule(location: object, reserved: object = 1, **more: object) -> dict[str, object]:
    return {"location": location, "tdm-reservation": reserved, **more}


REPORTED = [
    rule("/directory-a/"),
    rule("/directory-b/html/", **{"tdm-policy": TERMS}),
    rule("/directory-b/images/*.jpg", 0),
]
"""The example of the report."""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/directory-a/paper.pdf", RESERVED),
        ("/directory-b/html/", (*RESERVED, ("tdm-policy", TERMS))),
        ("/directory-b/images/2024/quay.jpg?size=2", FREE),
        ("/directory-b/images/quay.png", ()),
        ("/Directory-A/paper.pdf", ()),
        ("", ()),
    ],
)
def test_the_rule_for_a_path_says_what_is_reserved(path: str, expected: Said) -> None:
    assert said(REPORTED, path) == expected


def test_the_first_rule_that_matches_counts() -> None:
    assert said([rule("/news/", 0), rule("/")], "/news/1") == FREE
    assert said([rule("/"), rule("/news/", 0)], "/news/1") == RESERVED


@pytest.mark.parametrize(
    ("location", "path", "matches"),
    [
        ("/", "", True),
        ("*", "/any", True),
        ("/a$", "/a", True),
        ("/a$", "/a/b", False),
        ("/*.html$", "/a.html.html", True),
        ("/*.html$", "/a.html?page=2", False),
        ("/*ab*b$", "/ab", False),
        ("/*ab*b$", "/abb", True),
        ("/*/b*/c", "/a/b/x/c/d", True),
        ("/foo-%24", "/foo-$", True),
        ("/foo-$", "/foo-$", False),
        ("/cost$s", "/cost$s/1", True),
        ("/a%2Ab", "/a*b", True),
        ("/%7Euser/", "/~user/1", True),
        ("/a%2fb", "/a%2Fb", True),
        ("/a/b", "/a%2Fb", False),
        ("/câble", "/c%C3%A2ble/1", True),
        ("/?id=*", "/?id=7", True),
        (" / ", "/a", True),
    ],
)
def test_locations_are_patterns_as_of_robots_txt(location: str, path: str, matches: bool) -> None:
    assert bool(said([rule(location)], path)) == matches


@pytest.mark.parametrize("reserved", [2, -1, "yes", None, True, 1.0, [1], {}])
def test_another_value_says_nothing_and_leaves_nothing_to_later_rules(reserved: object) -> None:
    assert said([rule("/a", reserved), rule("/", 0)], "/a") == ()
    assert said([rule("/a", reserved), rule("/", 0)], "/b") == FREE


def test_a_number_written_as_text_is_understood() -> None:
    assert said([rule("/", " 1 ")], "/a") == RESERVED


@pytest.mark.parametrize("policy", ["", " ", "a b", "x\r\nrobots: allowed", "\ud800", "https://" + "x" * 3000, 5, None])
def test_a_policy_that_is_no_address_is_none(policy: object) -> None:
    assert said([rule("/", **{"tdm-policy": policy})], "/a") == RESERVED


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><title>Not found",
        b'{"location": "/", "tdm-reservation": 1}',
        b"[1, null, [], {}]",
        b'[{"tdm-reservation": 1}]',
        b'[{"location": ["/"], "tdm-reservation": 1}]',
        b"[" * 100_000,
        b'[{"location": "/", "tdm-reservation": ' + b"9" * 10_000 + b"}]",
        b'[{"location": "/", "tdm-reservation": 1}]' + b" " * TDMREP_LIMIT,
        b"\xff\xfe[",
    ],
)
def test_what_cannot_be_read_is_as_if_it_were_not_there(body: bytes) -> None:
    assert reservations_of(body).covering(f"{SITE}/a") == ()


def test_a_byte_order_mark_is_no_hindrance() -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        body = json.dumps([rule("/")]).encode(encoding)
        assert reservations_of(body).covering(f"{SITE}/a") == RESERVED


def test_no_pattern_takes_long() -> None:
    rules = [rule("/" + "*a" * 100 + "$") for _ in range(2 * RULES_LIMIT)]
    body = json.dumps(rules).encode()
    began = process_time()
    reservations_of(body).covering(SITE + "/" + "a" * 2000 + "b")
    assert process_time() - began < 1


@given(st.binary(), st.text(), st.text())
def test_nothing_breaks_it(body: bytes, location: str, path: str) -> None:
    reservations_of(body).covering(f"{SITE}/{path}")
    said([rule(location)], f"/{path}")
