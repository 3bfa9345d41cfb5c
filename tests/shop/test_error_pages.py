import pytest
from django.template.loader import render_to_string
from django.views.defaults import server_error


def test_a_page_that_is_not_there_is_in_the_theme(client, db):
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert "This page has come loose" in answer.content.decode()
    assert "shop/theme.css" in answer.content.decode()


# Without the mark of pytest-django any query raises: the page has to do without the database.
def test_a_failure_is_told_without_the_database(rf):
    answer = server_error(rf.get("/shop/"))
    assert answer.status_code == 500
    assert "A thread has snapped" in answer.content.decode()
    assert "shop/theme.css" in answer.content.decode()


@pytest.mark.parametrize("name", ["403_csrf.html", "400.html", "500.html"])
def test_pages_of_last_resort_need_no_request(name):
    assert "To the start page" in render_to_string(name)
