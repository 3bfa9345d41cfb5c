"""Buyers in the shop, each with a browser of its own."""

import re

from django.test import Client

GUEST = {
    "name": "Ida Vogel", "company": "Knopf & Faden", "email": "ida@knopf-faden.example",
    "phone": "", "street": "Am Markt 3", "postcode": "50667", "city": "Köln", "country": "DE",
    "vat_id": "",
}  # fmt: skip
PERSON = {"name": "Sabine Berger", "email": "s.berger@modehaus-berger.example", "phone": ""}
HIDDEN = re.compile(r'name="(key|seen)" value="([^"]*)"')


class Buyer:
    def __init__(self, user=None, language="en"):
        self.client = Client(headers={"Accept-Language": language})
        if user is not None:
            self.client.force_login(user)
        self.known = user is not None

    def put(self, sku, quantity):
        return self.client.post("/shop/cart/add/", {"sku": sku, "quantity": quantity})

    def step(self, step, /, **said):
        return self.client.post(f"/shop/checkout/{step}/", said)

    def walk(self, payment="invoice", where="same", reference="", note="", **contact):
        """Go through the steps up to the review."""
        self.step("contact", **(PERSON if self.known else GUEST) | contact)
        self.step("delivery", where=where)
        return self.step("payment", payment=payment, reference=reference, note=note)

    def review(self):
        return self.client.get("/shop/checkout/review/")

    def form(self):
        """What the review's form holds."""
        return dict(HIDDEN.findall(self.review().content.decode()))

    def order(self, **changed):
        return self.client.post("/shop/checkout/review/", self.form() | changed)


def token_of(response):
    assert response.status_code == 303, response.content.decode()[-3000:]
    return response["Location"].rstrip("/").rpartition("/")[2]
