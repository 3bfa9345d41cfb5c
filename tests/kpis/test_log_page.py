import json

import pytest
from django.urls import reverse

from hbu.lib import logs
from kpis import logbook
from kpis.logbook import Wanted


@pytest.fixture
def log(settings, tmp_path):
    """A log of our own, with these lines."""
    settings.LOGS_DIR = tmp_path

    def write(*lines, name=logs.NAME, mode="a"):
        with (tmp_path / name).open(mode) as file:
            for line in lines:
                base = {"event": "Something", "level": "info", "logger": "emails.services"}
                file.write(json.dumps(base | line) + "\n")

    return write


@pytest.fixture
def watchman(client, clara):
    client.force_login(clara)
    return client


def test_b8_the_log_is_filtered(watchman, log):
    log(
        {"level": "info", "event": "Stored", "trace": "aaaa"},
        {"level": "warning", "event": "Late", "logger": "hbu.journal", "traces": ["aaaa", "bbbb"]},
        {"level": "error", "event": "Broken Button", "request_id": "r-1"},
    )

    def shown(**asked):
        return [one.event for one in watchman.get("/logs/", asked).context["entries"]]

    assert shown() == ["Broken Button", "Late", "Stored"]
    assert shown(level="warning") == ["Broken Button", "Late"]
    assert shown(level="nonsense") == shown()
    assert shown(logger="journal") == ["Late"]
    assert shown(text="broken b") == ["Broken Button"]
    assert shown(trace="aaaa") == ["Late", "Stored"]
    assert shown(trace="r-1") == ["Broken Button"]
    assert shown(text="nothing") == []


def test_b8_older_files_are_read_when_the_newest_has_too_few(log):
    log(*({"event": f"old {number}"} for number in range(300)), name=f"{logs.NAME}.1")
    log({"event": "new"})
    entries, _ = logbook.newest(Wanted())
    assert [one.event for one in entries[:2]] == ["new", "old 299"]
    assert len(entries) == logbook.SHOWN


def test_b8_the_page_goes_along_with_the_log(watchman, log, settings):
    log({"event": "first"})
    end = watchman.get("/logs/").context["end"]
    assert watchman.get("/logs/lines/", {"after": end}).status_code == 204
    log({"event": "second"}, {"event": "third", "level": "error"})
    fresh = watchman.get("/logs/lines/", {"after": end, "level": "error"})
    assert "third" in fresh.content.decode()
    assert "second" not in fresh.content.decode()
    # The file makes room for another meanwhile.
    first = settings.LOGS_DIR / logs.NAME
    first.rename(f"{first}.1")
    log({"event": "fourth"})
    rest, newest = logbook.since(fresh["X-Log-End"], Wanted())
    assert [one.event for one in rest] == ["fourth"]
    assert logbook.since(newest, Wanted())[0] == []
    assert [one.event for one in logbook.since("7:nonsense", Wanted())[0]] == ["fourth"]


def test_b8_what_is_written_while_somebody_reads_is_shown_once(log, monkeypatch):
    log({"event": "first"})
    fits = Wanted.fits

    def slowly(self, line):
        if line["event"] != "meanwhile":
            log({"event": "meanwhile"})
        return fits(self, line)

    monkeypatch.setattr(Wanted, "fits", slowly)
    entries, end = logbook.newest(Wanted())
    assert [one.event for one in entries] == ["first"]
    entries, end = logbook.since(end, Wanted())
    assert [one.event for one in entries] == ["meanwhile"]
    log({"event": "second"})
    entries, end = logbook.since(end, Wanted())
    assert [one.event for one in entries] == ["second"]
    assert [one.event for one in logbook.since(end, Wanted())[0]] == ["meanwhile"]


def test_b8_what_is_no_line_is_left_out(log, settings):
    log({"event": "whole", "at": "nonsense", "traces": None})
    with (settings.LOGS_DIR / logs.NAME).open("a") as file:
        file.write("no json\n[1]\n" + json.dumps({"event": "half"}))
    assert [one.event for one in logbook.newest(Wanted())[0]] == ["whole"]


def test_b8_a_house_without_a_log_says_so(watchman, settings, tmp_path):
    settings.LOGS_DIR = tmp_path / "none"
    page = watchman.get("/logs/")
    assert page.context["entries"] == []
    assert watchman.get("/logs/lines/", {"after": ""}).status_code == 204


def test_f21_the_log_is_escaped_and_only_read(watchman, log):
    evil = "<script>alert(1)</script>"
    log({"event": evil, "logger": evil, "exception": evil, "trace": '"><img>', "stage": evil})
    for text in ("", "alert", "<script>"):
        page = watchman.get("/logs/", {"text": text}).content.decode()
        assert evil not in page
        assert '"><img>' not in page
        assert page.count('class="hb-line') == 1
    assert "&lt;script&gt;<mark>alert</mark>" in watchman.get("/logs/?text=alert").content.decode()
    for name in ("kpis:logs", "kpis:log_lines", "kpis:monitor"):
        assert watchman.post(reverse(name)).status_code == 405
