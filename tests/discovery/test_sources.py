from crawler.discovery.sources import publisher_at, publisher_with_id


def test_a_site_without_definition_is_named_by_its_registered_domain() -> None:
    publisher = publisher_at("https://news.gazette.co.uk/front")
    assert (publisher.id, publisher.domains) == ("gazette.co.uk", ("news.gazette.co.uk",))


def test_a_definition_is_used_unless_it_is_left_aside() -> None:
    assert publisher_at("https://www.presstv.ir/").id == "presstv"
    assert publisher_at("https://www.presstv.ir/", use_definitions=False).id == "presstv.ir"


def test_what_a_crawl_noted_is_found_again() -> None:
    assert publisher_with_id("presstv", "https://x.example/").name == "Press TV"
    assert publisher_with_id("x.example", "https://www.x.example/").id == "x.example"
