import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import address

# One address of every network that is not everybody's.
INNER = (
    "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1",
    "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8", "100::1", "2001::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::",
    "2002:808:808::", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1",
    "ff02::1",
)  # fmt: skip
OUTER = (
    "8.8.8.8", "93.184.215.14", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "223.255.255.255",
    "2606:4700::1", "2a00:1450:4001::1", "64:ff9b::8.8.8.8", "2001:4860:4860::8888",
)  # fmt: skip


@pytest.mark.parametrize("text", INNER)
def test_what_is_not_everybodys_is_not_public(text: str) -> None:
    assert not address.is_public(text)


@pytest.mark.parametrize("text", OUTER)
def test_what_everybody_can_reach_is_public(text: str) -> None:
    assert address.is_public(text)


@given(st.ip_addresses())
def test_nothing_is_public_that_the_library_calls_something_else(
    found: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    is_special = found.is_private or found.is_loopback or found.is_link_local or found.is_multicast or found.is_reserved
    is_translated = found in ipaddress.ip_network("64:ff9b::/96")

    assert is_translated or not (is_special or found.is_unspecified) or not address.is_public(str(found))


@given(st.text())
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not address.is_public(f"x{text}")


@pytest.mark.parametrize(
    ("url", "taken_apart", "shown"),
    [
        ("https://Hooks.Example.com", ("https", "hooks.example.com", 443, "/"), "https://hooks.example.com/"),
        ("https://h:8443/a?b=c#d", ("https", "h", 8443, "/a?b=c"), "https://h:8443/…"),
        ("http://[::1]:80/x", ("http", "::1", 80, "/x"), "http://[::1]/…"),
        ("https://h?token=x", ("https", "h", 443, "/?token=x"), "https://h/…"),
    ],
)
def test_a_web_address_is_taken_apart_and_shown_without_what_may_be_secret(
    url: str, taken_apart: tuple[str, str, int, str], shown: str
) -> None:
    target = address.target(url)

    assert (target.scheme, target.host, target.port, target.path) == taken_apart
    assert target.shown == shown


@given(st.text() | st.text().map("https://h/{}".format) | st.text().map("https://{}/".format))
def test_a_web_address_is_one_line_of_plain_letters_or_none(url: str) -> None:
    try:
        target = address.target(url)
    except ValueError:
        return
    for part in (target.authority, target.path):
        assert part.isascii()
        assert part.isprintable()
        assert " " not in part


@pytest.mark.parametrize(
    ("url", "service"), [("mailto://u:p@h", "mailto"), ("SLACK://a/b/c", "slack"), ("jsons://h/x?y", "jsons")]
)
def test_of_an_address_of_apprises_only_the_service_is_no_secret(url: str, service: str) -> None:
    assert address.service(url) == service
