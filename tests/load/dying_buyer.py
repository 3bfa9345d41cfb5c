"""Hold pieces at the checkout and be killed (SIGKILL) before or after the commit.

python -m tests.load.dying_buyer <product> <quantity> <reference> inside|after
"""

import os
import sys
from datetime import timedelta
from pathlib import Path


def main(product: int, quantity: int, reference: str, when: str) -> None:
    from django.db import transaction
    from django.utils import timezone

    from shop.services import stock

    with transaction.atomic():
        stock.hold({product: quantity}, until=timezone.now() + timedelta(0), reference=reference)
        if when == "inside":
            os.kill(os.getpid(), 9)
    os.kill(os.getpid(), 9)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    import django

    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
