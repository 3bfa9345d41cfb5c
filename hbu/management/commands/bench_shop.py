import statistics
import tempfile
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.test.utils import override_settings
from django.urls import URLPattern, URLResolver, path

from hbu import urls
from hbu.company import schema
from hbu.lib import keeping
from hbu.management import loading
from hbu.management.commands.bench import _database, _ring_in_memory
from shop.models import Category, Customer, Product, Stock
from shop.services import api_keys

ROWS = 20
PAGE = "/shop/products/"
_BARE = """<!doctype html><title>Products</title><table>{% for product in products %}
<tr><td>{{ product.sku }}</td><td>{{ product.name }}</td><td>{{ product.price }}</td></tr>{% endfor %}
</table>"""


def bare(_request: HttpRequest) -> HttpResponse:
    """The least a shop does: twenty rows of a table in a template."""
    page = engines["django"].from_string(_BARE)
    return HttpResponse(page.render({"products": Product.objects.on_sale()[:ROWS]}))


urlpatterns: list[URLPattern | URLResolver] = [path("bare/", bare), *urls.urlpatterns]


class Command(BaseCommand):
    help = "Time the shop's pages beside a bare page, and orders of many buyers at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--requests", type=int, default=300)
        parser.add_argument("--sizes", type=int, nargs="+", default=[10, 1_000, 10_000])
        parser.add_argument("--buyers", type=int, default=20)
        parser.add_argument("--orders", type=int, default=5, help="of each buyer")

    def handle(self, *_args: Any, **options: Any) -> None:
        _ring_in_memory()
        with tempfile.TemporaryDirectory() as folder, _database(Path(folder)), _settings(folder):
            loading.load(schema.read(settings.HBU_COMPANY_FILE))
            self.stdout.write(f"database                 {connection.vendor}")
            for size in options["sizes"]:
                _stock_up(size)
                keeping.forget()
                self._report_pages(size, options["requests"])
                self._report_orders(options["buyers"], options["orders"])

    def _report_pages(self, size: int, count: int) -> None:
        client = Client()
        plain, ours = _rate(client, "/bare/", count), _rate(client, PAGE, count)
        warm = _queries(lambda: client.get(PAGE))
        keeping.forget()
        cold = _queries(lambda: client.get(PAGE))
        searching = _queries(lambda: client.get(PAGE, {"q": "button"}))
        lines = [
            f"\n{size} products",
            f"bare page of {ROWS} rows     {plain:8.1f} requests/s",
            f"list page                {ours:8.1f} requests/s",
            f"ratio                    {ours / plain:8.2f}  (goal: 0.6)",
            f"queries of the list      {warm:8}  ({cold} when nothing is kept yet, "
            f"{searching} for a new search)",
        ]
        self.stdout.write("\n".join(lines))

    def _report_orders(self, buyers: int, orders: int) -> None:
        seconds = _order_at_once(buyers, orders)
        middle, late = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
        self.stdout.write(
            f"{len(seconds)} orders of {buyers} at once  p50 {middle * 1000:.0f} ms, "
            f"p95 {late * 1000:.0f} ms"
        )


@contextmanager
def _settings(folder: str) -> Iterator[None]:
    caches = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    rates = dict.fromkeys(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "1000000/min")
    framework = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}
    with override_settings(
        STATIC_ROOT=folder,
        ROOT_URLCONF=__name__,
        CACHES=caches,
        REST_FRAMEWORK=framework,
        ALLOWED_HOSTS=["*"],
    ):
        yield


def _stock_up(size: int) -> None:
    """Sell exactly so many products, a million pieces of each."""
    Product.objects.update(is_active=False)
    known = Product.objects.order_by("pk").values_list("pk", flat=True)[:size]
    Product.objects.filter(pk__in=list(known)).update(is_active=True)
    category, missing = Category.objects.all()[0], max(size - Product.objects.count(), 0)
    made = Product.objects.bulk_create(
        Product(
            sku=f"X-{size}-{number}",
            category=category,
            name_de=f"Knopf {number} rot {number % 40} mm",
            name_en=f"Button {number} red {number % 40} mm",
            price=Decimal("0.25"),
        )
        for number in range(missing)
    )
    Stock.objects.bulk_create(Stock(product=one) for one in made)
    Stock.objects.update(on_hand=1_000_000)


def _rate(client: Client, address: str, count: int) -> float:
    for _ in range(5):
        if client.get(address).status_code != 200:
            raise RuntimeError(f"{address} does not answer.")
    started = time.perf_counter()
    for _ in range(count):
        client.get(address)
    return count / (time.perf_counter() - started)


def _queries(work: Callable[[], object]) -> int:
    count = 0

    def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    with connection.execute_wrapper(counted):
        work()
    return count


def _order_at_once(buyers: int, orders: int) -> list[float]:
    """Seconds of each order; by the API, where one request is all of it."""
    keys, sku = _keys(buyers), Product.objects.on_sale().order_by("pk")[0].sku
    seconds: list[float] = []
    start = threading.Barrier(buyers)

    def buy(key: str) -> None:
        client = Client(headers={"Authorization": f"Bearer {key}"})
        body = {"lines": [{"sku": sku, "quantity": 1000}]}
        start.wait()
        for _ in range(orders):
            began = time.perf_counter()
            answer = client.post("/api/shop/orders", body, content_type="application/json")
            seconds.append(time.perf_counter() - began)
            if answer.status_code != 201:
                raise RuntimeError(answer.content.decode())
        connection.close()

    threads = [threading.Thread(target=buy, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seconds


def _keys(count: int) -> list[str]:
    boss, _new = get_user_model().objects.get_or_create(username="bench")
    customer = Customer.objects.filter(is_guest=False, payment="invoice").order_by("pk")[0]
    Customer.objects.filter(pk=customer.pk).update(credit_limit=None, auto_confirm_limit=10**9)
    return [api_keys.create(customer, f"bench {number}", boss)[1] for number in range(count)]
