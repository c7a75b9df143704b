"""Where a message may be sent: a web address as it is written, and a network address that is nobody's inner one."""

import ipaddress
from urllib.parse import urlsplit

from tickety.core import record

_PORTS = {"https": 443, "http": 80}
_LIMIT = 2000  # characters of an address
_SERVICE = 30  # characters of a service's name

# Everything of the IANA registries of special-purpose addresses that is not reachable for all, or for several at once.
_INNER_4 = tuple(ipaddress.IPv4Network(network) for network in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/3",
))  # fmt: skip
# Of IPv6 only what is given out as global unicast, without what wraps another address (6to4, Teredo) or is an example.
_OUTER_6 = ipaddress.IPv6Network("2000::/3")
_INNER_6 = tuple(ipaddress.IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
# How a machine without IPv4 reaches one that has only that.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


@record.record(frozen=True, slots=True)
class Target:
    """A web address taken apart. ``path`` has the query with it, and may be a secret; ``host`` is small letters."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def shown(self) -> str:
        """The address for people: nothing of it that may be a secret."""
        return f"{self.scheme}://{self.authority}/…" if len(self.path) > 1 else f"{self.scheme}://{self.authority}/"


def target(url: str) -> Target:
    """A web address taken apart. ValueError, which repeats nothing of it, when it is none to send messages to."""
    if len(url) > _LIMIT:
        raise ValueError(f"it is longer than {_LIMIT:,} characters")
    if not (url.isascii() and url.isprintable()) or " " in url:
        # urlsplit would leave out line ends without a word.
        raise ValueError("it has letters in it that stand in no address")
    scheme, host, port = _place(url)
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise ValueError("it has a user name in it")
    return Target(scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def service(url: str) -> str:
    """The service that one of apprise's addresses is for: all of it that is no secret.

    ValueError, which repeats nothing of it, when it is none.
    """
    name, colon, rest = url.partition("://")
    is_name = name.isascii() and name.isalnum() and len(name) <= _SERVICE
    if not (colon and rest and is_name and url.isprintable() and len(url) <= _LIMIT):
        raise ValueError("it does not begin as SERVICE://")
    return name.lower()


def is_public(text: str) -> bool:
    """A network address that everybody may reach: none of this machine, of this network, of several, or made up.

    An IPv4 address inside an IPv6 one counts as an inner one, but for the one form in which it is translated.
    """
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return not any(found in network for network in _INNER_4)
    if found in _TRANSLATED:
        return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found in _OUTER_6 and not any(found in network for network in _INNER_6)


def _place(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        raise ValueError("its host or port cannot be read") from None
    if scheme not in _PORTS or not host:
        raise ValueError("it does not begin as https://HOST/")
    return scheme, host, _PORTS[scheme] if port is None else port
