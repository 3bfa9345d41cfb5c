import pytest

SABINE, PASSWORD = "einkauf@modehaus-berger.example", "royal-buttons-7"


@pytest.fixture
def company(db):
    """The demo company with its catalogue, customers, agents, rules and letters."""
    from tests.factories import company

    return company.load()


@pytest.fixture
def sabine(company, django_user_model):
    """Buys for Modehaus Berger, and may log in."""
    from shop.models import Contact

    contact = Contact.objects.select_related("customer").get(email=SABINE)
    contact.user = django_user_model.objects.create_user(SABINE, SABINE, password=PASSWORD)
    contact.save()
    return contact


@pytest.fixture
def sabine_in(client, sabine):
    client.force_login(sabine.user)
    return client
