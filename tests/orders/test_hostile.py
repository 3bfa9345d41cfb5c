import pytest

from orders.documents.files import read_bytes
from tests.corpora.bombs.papers import sheets, tables, xmls


@pytest.mark.parametrize(
    "make",
    [sheets, pytest.param(tables, marks=pytest.mark.load), xmls],
    ids=lambda make: make.__name__,
)
def test_b11_b12_hostile_documents_are_read_or_refused_with_a_reason(make):
    for name, file, data in make():
        _, document = read_bytes(data, name=file)
        assert document.error or document.lines or document.checks, name
        if name.startswith("XML"):
            assert not document.lines, name
