import io
import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from emails.vocabulary.courtesy import THANKS
from tests.emails.test_courtesy import GOOD
from tests.emails.test_templating import FILES, filled, name_of


@pytest.fixture
def lint(tmp_path):
    def run(text, *options):
        letter, said = tmp_path / "letter.txt", io.StringIO()
        letter.write_bytes(text if isinstance(text, bytes) else text.encode())
        call_command("lint_courtesy", str(letter), *options, stdout=said)
        return json.loads(said.getvalue()) if "--json" in options else said.getvalue()

    return run


def points(judged):
    return {one["rule"]: one["points"] for one in judged["findings"]}


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_good_letter_has_at_least_eighty_points(lint, language):
    judged = lint(GOOD[language], "--json")
    assert judged["score"] >= 80
    assert {tuple(one) for one in judged["findings"]} == {("rule", "points", "excerpt", "hint")}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_shipped_letter_without_its_thanks_is_never_better(lint, path):
    letter, language = filled(path, "Anna Berger"), path.parent.name
    with_thanks = lint(f"Subject: {letter.subject}\n{letter.text}", "--json")
    bare = THANKS[language].sub("", letter.text)
    without = lint(f"Subject: {letter.subject}\n{bare}", "--json", "--language", language)
    assert with_thanks["score"] >= 80
    assert without["score"] <= with_thanks["score"]
    assert points(without)["Thanks"] == 0


def test_a_first_line_may_be_the_subject(lint):
    loud = lint(f"Subject: IHRE BESTELLUNG\n\n{GOOD['de']}", "--json")
    assert points(loud)["No shouting"] < 0
    assert points(lint(GOOD["de"], "--json"))["No shouting"] == 0


def test_the_language_may_be_named(lint):
    assert lint(GOOD["en"], "--json", "--language", "de")["score"] < 60


def test_people_read_it_in_the_language_of_the_letter(lint):
    text = GOOD["de"].replace("für Ihre", "für deine")
    assert "“deine”: Bleiben Sie förmlich" in lint(text)
    assert "-45  Formal address: “Hey”" in lint(GOOD["en"].replace("We will", "Hey, we will"))


def test_a_letter_comes_over_standard_input_as_utf8_whatever_the_terminal_speaks():
    said = subprocess.run(
        [sys.executable, "manage.py", "lint_courtesy", "-", "--json"],
        input=GOOD["de"].encode(),
        capture_output=True,
        cwd=settings.BASE_DIR,
        check=True,
        env={"HBU_DATA_DIR": str(settings.HBU_DATA_DIR), "PYTHONIOENCODING": "ascii"},
    )
    assert json.loads(said.stdout)["score"] == 100


def test_what_is_no_letter_is_refused_in_words(lint, tmp_path):
    for name in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("lint_courtesy", str(name))
    with pytest.raises(CommandError, match="UTF-8"):
        lint(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="too long"):
        lint("a" * 1_000_001)
