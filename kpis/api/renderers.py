from collections.abc import Mapping
from typing import Any

import tablib
from rest_framework.renderers import BaseRenderer, JSONRenderer

from hbu.lib.admin.exporting import SafeCSV


class Sheet(BaseRenderer):
    """The lines of a report as a file that spreadsheets open and no cell of which calculates."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        if not isinstance(data, dict) or "lines" not in data:
            # A refusal stays a problem, whatever was asked for.
            return JSONRenderer().render(data)
        lines = data["lines"]
        headers = list(lines[0]) if lines else ["department", "policy", "clock"]
        sheet = tablib.Dataset(
            *([line[name] for name in headers] for line in lines), headers=headers
        )
        return SafeCSV().export_data(sheet).encode()
