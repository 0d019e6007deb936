# Plain data as JSON with tags, and back: what is no data cannot be told from one process to the other.
# Nothing here builds an object by a name that the other side chooses: the tags are a closed list.
import sys

SAFE_INT = 2**53
# An endless iterator ends here, not at the memory's end.
MOST_ITEMS = 1_000_000


class NotPlain(Exception):
    pass


def _listed(values):
    return [encode(value) for value in values]


def _pairs(values):
    return [[encode(key), encode(value)] for key, value in values]


def _iterated(values):
    found = []
    for value in values:
        if len(found) == MOST_ITEMS:
            raise NotPlain("an iterator of more than a million items")
        found.append(encode(value))
    return found


ITERATORS = tuple(type(one) for one in (iter([]), iter(()), iter(""), iter({}), iter(set()), reversed([]), (_ for _ in ()))) + (
    map,
    filter,
    zip,
    enumerate,
    reversed,
    type(iter(range(0))),
    type(iter({}.values())),
    type(iter({}.items())),
)
VIEWS = {type({}.keys()): "keys", type({}.values()): "values", type({}.items()): "items"}


def _library(value):
    """Types of the standard library that are data; none is imported for the asking."""
    kind = type(value)
    collections = sys.modules.get("collections")
    if collections:
        if kind is collections.deque:
            return {"deque": _listed(value)}
        if kind is collections.Counter:
            return {"Counter": _pairs(dict.items(value))}
        if kind is collections.OrderedDict:
            return {"OrderedDict": _pairs(dict.items(value))}
    decimal = sys.modules.get("decimal")
    if decimal and kind is decimal.Decimal:
        return {"Decimal": str(value)}
    fractions = sys.modules.get("fractions")
    if fractions and kind is fractions.Fraction:
        return {"Fraction": [encode(value.numerator), encode(value.denominator)]}
    datetime = sys.modules.get("datetime")
    return _moment(value, datetime) if datetime else None


def _moment(value, library):
    """Dates and times as ISO 8601, with what that does not tell. Of time zones only a fixed offset is data: others are rules."""
    for name in ("datetime", "time"):
        kind = getattr(library, name)
        if isinstance(value, kind):
            # The zone first: one that is no data is named, and not asked anything.
            zone = encode(value.tzinfo)
            return {name: [kind.isoformat(value), zone, value.fold]}
    if isinstance(value, library.date):
        return {"date": library.date.isoformat(value)}
    if isinstance(value, library.timedelta):
        return {"timedelta": [value.days, value.seconds, value.microseconds]}
    if type(value) is library.timezone:
        return {"timezone": _listed(value.__getinitargs__())}
    return None


def encode(value):
    """Own classes that are a builtin one are sent as that: what they override stays behind."""
    if value is None or value is True or value is False:
        return value
    found = _library(value)
    if found is not None:
        return found
    kind = type(value)
    if isinstance(value, str):
        return str.__str__(value) if kind is str else "".join(str.__iter__(value))
    if isinstance(value, int):
        number = int.__add__(value, 0)
        return number if -SAFE_INT < number < SAFE_INT else {"int": format(number, "x")}
    if isinstance(value, float):
        number = float.__pos__(value)
        return number if number - number == 0 else {"float": float.__repr__(number)}
    if isinstance(value, list):
        return _listed(list.__iter__(value))
    if isinstance(value, tuple):
        return {"tuple": _listed(tuple.__iter__(value))}
    if isinstance(value, dict):
        return {"dict": _pairs(dict.items(value))}
    if isinstance(value, set):
        return {"set": _listed(set.__iter__(value))}
    if isinstance(value, frozenset):
        return {"frozenset": _listed(frozenset.__iter__(value))}
    if isinstance(value, complex):
        return {"complex": [encode(complex.real.__get__(value)), encode(complex.imag.__get__(value))]}
    if isinstance(value, bytes):
        return {"bytes": bytes.hex(value)}
    if isinstance(value, bytearray):
        return {"bytearray": bytearray.hex(value)}
    if kind is range:
        return {"range": [encode(value.start), encode(value.stop), encode(value.step)]}
    if kind in VIEWS:
        return {VIEWS[kind]: _pairs(value) if VIEWS[kind] == "items" else _listed(value)}
    if kind in ITERATORS:
        return {"iterator": _iterated(value)}
    raise NotPlain(kind.__name__)


def encoded(value):
    """As `encode`, with one reason for all that cannot be sent."""
    try:
        return encode(value)
    except RecursionError:
        raise NotPlain("data that is nested too deeply") from None
    except NotPlain:
        raise
    except Exception as error:
        raise NotPlain("data that raises " + type(error).__name__) from None


def decode(data):
    if type(data) is list:
        return [decode(one) for one in data]
    if type(data) is not dict:
        return data
    ((tag, held),) = data.items()
    return DECODERS[tag](held)


def _map(pairs):
    return {decode(key): decode(value) for key, value in pairs}


def _collection(name):
    def made(held):
        import collections

        kind = getattr(collections, name)
        return kind([decode(one) for one in held]) if name == "deque" else kind(_map(held))

    return made


def _decimal(text):
    import decimal

    return decimal.Decimal(text)


def _fraction(parts):
    import fractions

    return fractions.Fraction(*(decode(part) for part in parts))


def _clock(name):
    def made(held):
        import datetime

        iso, zone, fold = held
        return getattr(datetime, name).fromisoformat(iso).replace(tzinfo=decode(zone), fold=fold)

    return made


def _date(iso):
    import datetime

    return datetime.date.fromisoformat(iso)


def _offset(name):
    def made(held):
        import datetime

        return getattr(datetime, name)(*_all(held))

    return made


def _all(held):
    return [decode(one) for one in held]


DECODERS = {
    "int": lambda text: int(text, 16),
    "float": float,
    "tuple": lambda held: tuple(_all(held)),
    "dict": _map,
    "set": lambda held: set(_all(held)),
    "frozenset": lambda held: frozenset(_all(held)),
    "complex": lambda parts: complex(*_all(parts)),
    "bytes": bytes.fromhex,
    "bytearray": bytearray.fromhex,
    "range": lambda parts: range(*_all(parts)),
    "keys": lambda held: dict.fromkeys(_all(held)).keys(),
    "values": lambda held: dict(enumerate(_all(held))).values(),
    "items": lambda held: _map(held).items(),
    "iterator": lambda held: iter(_all(held)),
    "deque": _collection("deque"),
    "Counter": _collection("Counter"),
    "OrderedDict": _collection("OrderedDict"),
    "Decimal": _decimal,
    "Fraction": _fraction,
    "datetime": _clock("datetime"),
    "date": _date,
    "time": _clock("time"),
    "timedelta": _offset("timedelta"),
    "timezone": _offset("timezone"),
}


def update(old, new):
    """Changes what a test holds in place as the function changed its copy; inner parts as far as they match."""
    if type(old) is not type(new):
        return new
    if type(old) is list:
        new = [update(old[i], one) if i < len(old) else one for i, one in enumerate(new)]
        old[:] = new
    elif type(old) is bytearray:
        old[:] = new
    elif type(old) is dict or type(old).__name__ in ("Counter", "OrderedDict"):
        new = {key: update(old[key], one) if key in old else one for key, one in new.items()}
        old.clear()
        old.update(new)
    elif type(old) is set:
        old.clear()
        old.update(new)
    elif type(old).__name__ == "deque":
        items = list(new)
        old.clear()
        old.extend(items)
    elif type(old) is tuple and len(old) == len(new):
        for inner, one in zip(old, new):
            update(inner, one)
        return new
    else:
        return new
    return old
