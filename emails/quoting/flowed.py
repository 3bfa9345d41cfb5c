"""Text that was sent as format=flowed (RFC 3676)."""


def unwrap(text: str, *, delete_space: bool = False) -> str:
    """Return text that was sent as format=flowed with its paragraphs whole (RFC 3676)."""
    paragraphs: list[list[str]] = []
    depth_before = -1
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        if depth != depth_before:
            paragraphs.append(["> " * depth])
        soft = content.endswith(" ") and content != "-- "
        paragraphs[-1].append(content[:-1] if soft and delete_space else content)
        depth_before = depth if soft else -1
    return "\n".join("".join(pieces) for pieces in paragraphs)
