"""Programs outside are told of cases, and nobody leads us to a machine of ours (promise F10)."""

import ipaddress
import json
import socket
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from cases.models import Case, WebhookCall
from cases.services import calling
from hbu.journal.models import Event
from hbu.lib import http
from hbu.lib.errors import DomainError

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1:25/", "//example.com/",
        "http://a@127.0.0.1/", "http://example.com\\@127.0.0.1/", "http://exam ple.com/",
        "http://example.com:25/", "http://example.com:99999/", "http:///x", "http://é.example/",
        "http://example.com/\r\nX: y",
    ],
)  # fmt: skip
def test_f10_addresses_that_are_no_plain_web_addresses_are_refused(url):
    with pytest.raises(http.Refused):
        http.vet(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1",
        "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "localhost", "2130706433", "0x7f.1",
    ],
)  # fmt: skip
def test_f10_no_name_leads_to_a_machine_of_ours(host):
    with pytest.raises((http.Refused, http.Unreachable)):
        http.resolve(host, 80)


def test_f10_public_addresses_may_be_called():
    assert http.may_be_called(ipaddress.ip_address("1.1.1.1"))
    assert http.may_be_called(ipaddress.ip_address("2606:4700:4700::1111"))


def test_f10_a_name_that_is_public_first_and_ours_then_is_asked_once(monkeypatch):
    """DNS rebinding: what was looked at is what is called."""
    asked = []

    def lookup(host, port, **_):
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    called = []
    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(
        socket, "create_connection", lambda where, **_: called.append(where) or _refuse()
    )
    with pytest.raises(http.Unreachable):
        http.post("http://rebind.example/", b"", {})
    assert (asked, called) == (["rebind.example"], [("93.184.216.34", 80)])


def test_f10_a_name_with_one_address_of_ours_is_refused_whole(monkeypatch):
    both = [(2, 1, 6, "", (one, 80)) for one in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(http.Refused):
        http.resolve("both.example", 80)


def _refuse():
    raise ConnectionRefusedError


@contextmanager
def receiver(status=200, *, location="", drip=False):
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((dict(self.headers), body))
            if drip:
                stop.wait(5)
                return
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_):
            pass

    stop = threading.Event()
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", got
    finally:
        stop.set()
        server.shutdown()
        thread.join()
        server.server_close()


def test_f10_redirects_are_not_followed():
    with receiver() as (inner, got), receiver(302, location=inner) as (url, _):
        assert http.post(url, b"{}", {}, inside=LOOPBACK).status == 302
    assert not got


def test_f10_a_receiver_that_never_ends_is_left():
    with receiver(drip=True) as (url, _), pytest.raises(http.Unreachable):
        http.post(url, b"{}", {}, inside=LOOPBACK, seconds=0.3)


@pytest.fixture
def case(department):
    return Case.objects.create(number="C-1", title="Secret title", department=department)


def enter(case, url, settings, cause="rule:1:0"):
    settings.HBU_WEBHOOK_NETWORKS = LOOPBACK
    return calling.enter(case, url, cause=cause, by="R")


def test_f10_a_call_carries_ids_only_and_a_signature_that_can_be_checked(case, settings):
    with receiver() as (url, got):
        call = enter(case, url, settings)
        calling.deliver([call.pk, call.pk])
    call.refresh_from_db()
    ((headers, body),) = got
    assert (call.state, call.attempts, call.status_code) == ("delivered", 1, 200)
    assert json.loads(body) == {"call": call.pk, "cause": "rule:1:0", "case": "C-1"}
    moment = int(headers["X-HBU-Timestamp"])
    assert headers["X-HBU-Signature"] == f"sha256={calling.signature(url, moment, body)}"
    assert calling.key_of(url) != calling.key_of(url + "x")


def test_f10_a_call_is_tried_again_and_its_failure_is_seen(case, settings, clara):
    with receiver(503) as (url, got):
        call = enter(case, url, settings)
        for attempt in range(1, 7):
            calling.deliver(calling.due(timezone.now() + timedelta(days=1)))
            assert len(got) == attempt
            calling.deliver([call.pk])
            assert len(got) == attempt
            WebhookCall.objects.update(next_attempt_at=timezone.now())
    call.refresh_from_db()
    assert (call.state, call.attempts, call.status_code) == ("failed", 6, 503)
    assert Event.objects.filter(kind="webhook.failed").count() == 1
    calling.again(call, by=clara)
    assert (call.state, call.attempts) == ("waits", 0)
    with pytest.raises(DomainError):
        calling.again(call, by=clara)


def test_c9_an_address_that_does_not_answer_is_waited_for_once(case, settings, monkeypatch):
    asked = []

    def silent(url, *_args, **_options):
        asked.append(url)
        raise http.Unreachable("no answer: timed out")

    monkeypatch.setattr(http, "post", silent)
    urls = [*["http://127.0.0.1:9/x"] * 20, "http://127.0.0.1:9/other"]
    cache.clear()
    for number, url in enumerate(urls):
        # Each rings by itself, as cases are opened one after the other.
        calling.deliver([enter(case, url, settings, cause=f"rule:1:{number}").pk])
    assert asked == [urls[0], urls[-1]]
    told = WebhookCall.objects.values_list("state", "attempts", "error")
    assert set(told) == {("waits", 1, "no answer: timed out")}
    assert not calling.due(timezone.now())
    later = timezone.now() + timedelta(minutes=2)
    with time_machine.travel(later, tick=False):
        calling.deliver(calling.due(later))
    assert asked[2:] == [urls[0], urls[-1]]


def test_f10_without_leave_our_own_network_is_never_called(case, settings):
    with receiver() as (url, got):
        call = enter(case, url, settings)
        settings.HBU_WEBHOOK_NETWORKS = []
        calling.deliver([call.pk])
    call.refresh_from_db()
    assert not got
    assert call.state == "failed"
