"""Clients are told apart by address, and only proxies that the operator has named speak for them."""

import pytest

from legal.gateway.clients import find_client, is_local, parse_networks


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "client"),
    [
        ("", "127.0.0.1", "203.0.113.7", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1", "203.0.113.7", "198.51.100.1"),
        ("127.0.0.1, 10.0.0.0/8", "127.0.0.1", "192.0.2.1, 203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("127.0.0.1", "127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "", "127.0.0.1"),
        ("*", "127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "", "203.0.113.7", "203.0.113.7"),
        ("", "", "", ""),
        ("", "2001:db8::1234", "", "2001:db8::/64"),
        ("::1", "::1", "2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
    ],
)
def test_client_is_the_last_that_is_no_trusted_proxy(proxies: str, peer: str, forwarded: str, client: str) -> None:
    environ = {"REMOTE_ADDR": peer, **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})}
    assert find_client(environ, parse_networks(proxies)) == client


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"REMOTE_ADDR": "203.0.113.7"}, False),
        ({"REMOTE_ADDR": ""}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.7"}, False),
    ],
)
def test_request_through_a_proxy_is_not_local(environ: dict[str, str], expected: bool) -> None:
    assert is_local(environ) is expected
