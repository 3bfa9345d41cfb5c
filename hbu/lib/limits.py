"""How often somebody may try; counted in the cache, forgotten after a while.

While the broker that keeps the cache is away nobody is counted, and nobody is kept out.
"""

from contextlib import suppress
from hashlib import sha256

from django.core.cache import cache
from redis.exceptions import RedisError

AWAY = (RedisError, OSError)


def count(what: str, *who: str, seconds: int) -> int:
    """Count one more try and return how many there were since the first of them."""
    key = _key(what, who)
    try:
        cache.add(key, 0, timeout=seconds)
        return int(cache.incr(key))
    except AWAY:
        return 0
    except ValueError:
        # The time ran out between the two.
        cache.set(key, 1, timeout=seconds)
        return 1


def counted(what: str, *who: str) -> int:
    try:
        return int(cache.get(_key(what, who)) or 0)
    except AWAY:
        return 0


def forget(what: str, *who: str) -> None:
    with suppress(*AWAY):
        cache.delete(_key(what, who))


def _key(what: str, who: tuple[str, ...]) -> str:
    # Whatever strangers type is no fit key, and none of it shall be read in the cache.
    return f"limit:{what}:{sha256(chr(0).join(who).encode()).hexdigest()}"
