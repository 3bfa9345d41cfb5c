"""How often somebody may try; counted in the cache, forgotten after a while."""

from hashlib import sha256

from django.core.cache import cache


def count(what: str, *who: str, seconds: int) -> int:
    """Count one more try and return how many there were since the first of them."""
    key = _key(what, who)
    cache.add(key, 0, timeout=seconds)
    try:
        return int(cache.incr(key))
    except ValueError:
        # The time ran out between the two.
        cache.set(key, 1, timeout=seconds)
        return 1


def counted(what: str, *who: str) -> int:
    return int(cache.get(_key(what, who)) or 0)


def forget(what: str, *who: str) -> None:
    cache.delete(_key(what, who))


def _key(what: str, who: tuple[str, ...]) -> str:
    # Whatever strangers type is no fit key, and none of it shall be read in the cache.
    return f"limit:{what}:{sha256(chr(0).join(who).encode()).hexdigest()}"
