"""The data inside a hybrid PDF as a file of their own, to be taken along. Runs in the jail."""

import base64
from typing import Any

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.documents.einvoice.embedded import xml_of


def xml_inside(data: bytes) -> dict[str, Any]:
    """The name of the XML and its bytes in base64. Raises DomainError where there is none."""
    found = xml_of(data)
    if found is None:
        raise DomainError("no_data_inside", N_("The PDF carries no data."), status=404)
    name, xml = found
    return {"name": name, "data": base64.b64encode(xml).decode("ascii")}
