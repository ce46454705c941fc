"""How much of something may happen: a bucket of tokens. Pure: `now` comes in, in seconds of any clock."""

from collections import OrderedDict


class TokenBucket:
    """`rate` tokens a second come in, `burst` at most are kept; each happening takes some."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate, self._burst = rate, float(burst)
        self._tokens, self._at = self._burst, now

    def take(self, now: float, tokens: float = 1.0) -> bool:
        """Take so many; False, and none taken, where there are fewer."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < tokens:
            return False
        self._tokens -= tokens
        return True

    def peek(self, now: float) -> float:
        """How many there are."""
        return min(self._burst, self._tokens + (now - self._at) * self._rate)


class TokenBuckets:
    """A bucket for each of many names, of which the `most` last seen are kept: whoever sends under ever new names
    costs no more memory than that."""

    def __init__(self, rate: float, burst: float, most: int) -> None:
        self._rate, self._burst, self._most = rate, burst, most
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, name: str, now: float, tokens: float = 1.0) -> bool:
        """As TokenBucket.take, of the bucket with this name."""
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = TokenBucket(self._rate, self._burst, now)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(name)
        return bucket.take(now, tokens)
