import pytest

from crawler.normalisation.addresses import is_private_host, is_public, literal_address


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700:4700::1111", "64:ff9b::8.8.8.8"])
def test_addresses_of_the_public_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "255.255.255.255", "::1", "::", "fe80::1%eth0"),
        *("fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::10.0.0.1"),
        *("fec0::1", "64:ff9b:1::7f00:1", "::127.0.0.1", "::ffff:0:127.0.0.1"),
    ],
)
def test_all_other_addresses_are_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "db.localhost", "127.0.0.1", "[::1]", "169.254.169.254"])
def test_hosts_that_mean_this_machine_or_network_are_private(host: str) -> None:
    assert is_private_host(host)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        *(("2130706433", "127.0.0.1"), ("0x7F000001", "127.0.0.1"), ("127.1", "127.0.0.1"), ("0x7f.1", "127.0.0.1")),
        *(("0177.0.0.1", "127.0.0.1"), ("10.0.0.1.", "10.0.0.1"), ("192.168.257", "192.168.1.1"), ("0", "0.0.0.0")),
        *(("0xA9FEA9FE", "169.254.169.254"), ("8.8.2056", "8.8.8.8"), ("fe80::1%eth0", "fe80::1"), ("[::1]", "::1")),
    ],
)
def test_an_address_is_read_in_every_form_that_a_proxy_may_take(host: str, address: str) -> None:
    assert literal_address(host) == address
    assert is_private_host(host) is not is_public(address)


@pytest.mark.parametrize("host", ["", "a.1", "1.2.3.4.5", "256.1", "4294967296", "089", "127.1.example", "1..2"])
def test_a_name_is_no_address(host: str) -> None:
    assert literal_address(host) is None


@pytest.mark.parametrize("host", ["example.org", "localhost.example.org", "", "8.8.8.8"])
def test_names_are_judged_by_their_resolution_only(host: str) -> None:
    assert not is_private_host(host)
