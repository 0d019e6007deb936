# The tests' process: it holds tests and no program. Each call of a function of the program is sent outside and answered from there.
quiet()
STATE = {"calls": 0, "latest": "", "lost": None, "beside": None}


def _short(value, length=120):
    try:
        text = repr(value)
    except BaseException:
        text = type(value).__name__
    return text if len(text) <= length else text[: length - 1] + "…"


def proxy(name):
    def call(*args, **named):
        if STATE["lost"] is not None:
            raise Lost
        try:
            sent = {"name": name, "args": [encoded(one) for one in args], "named": {key: encoded(one) for key, one in named.items()}}
        except NotPlain as reason:
            STATE["beside"] = "an argument is " + str(reason)
            raise Beside from None
        shown = name + "(" + ", ".join([*map(_short, args), *(key + "=" + _short(one) for key, one in named.items())]) + ")"
        STATE["calls"] += 1
        channel.write({"call": sent})
        answer = channel.read()
        try:
            return _answered(answer, [*args, *named.values()], shown)
        except (Lost, Beside):
            raise
        except _Raised as raised:
            error = raised.error
        except BaseException:
            lost("what it answered cannot be read")
        # Outside the handler, so that the test sees the program's exception alone.
        raise error

    call.__name__ = call.__qualname__ = name
    return call


class _Raised(Exception):
    pass


def lost(reason):
    STATE["lost"] = reason
    raise Lost


def _answered(answer, given, shown):
    if "lost" in answer:
        lost(answer["lost"])
    if "odd" in answer:
        lost(str(answer["odd"])[:300])
    for place, new in answer.get("changed", ()):
        update(given[place], decode(new))
    if "error" in answer:
        kind = getattr(builtins, str(answer["error"]), None)
        text = str(answer["text"])[:300]
        STATE["latest"] = (shown + " raised " + text)[:400]
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            kind = Exception
        try:
            error = kind(*map(decode, answer["args"]))
        except TypeError:
            error = Exception()
        made = _Raised()
        made.error = error
        raise made
    value = given[answer["same"]] if "same" in answer else decode(answer["value"])
    STATE["latest"] = (shown + " returned " + _short(value))[:400]
    return value


def supply(names, space):
    """Functions of the program that a test names, as proxies; other things of it cannot be had here."""
    for name in names:
        if name in space or (name in dir(builtins) and name != task["entry"]):
            continue
        if name in task["functions"]:
            space[name] = proxy(name)
        elif name in task["others"]:
            STATE["beside"] = name + " is no function of the program"
            raise Beside
    modules(names, space)


def run(text, space):
    """How a test ended: None where it passed."""
    STATE.update(calls=0, latest="", lost=None, beside=None)
    tree, broken = parsed(text)
    if broken:
        return {"why": BROKEN + broken}
    error = None
    try:
        supply(wanted(tree), space)
        exec(compile(tree, "<test>", "exec", dont_inherit=True), space)
    except BaseException as raised:
        error = raised
    # Looked at first: a test that catches everything must not pass by what it caught.
    if STATE["beside"] is not None:
        return {"beside": STATE["beside"]}
    if STATE["lost"] is not None:
        return {"why": STATE["lost"]}
    if error is None:
        return None
    why = failure(error, text, STATE["latest"])
    untouched = STATE["calls"] == 0 and not isinstance(error, (AssertionError, NameError))
    return {"why": BROKEN + why if untouched else why}


def judge():
    # What the program defines is known only when it has been loaded, which goes on at the same time.
    task.update(channel.read())
    space = type(sys)("tests").__dict__
    space["__builtins__"] = builtins
    prepared = run(task["setup"], space) if task["setup"] else None
    if prepared and STATE["calls"] == 0 and not prepared.get("why", BROKEN).startswith(BROKEN):
        prepared["why"] = BROKEN + "its setup: " + prepared["why"]
    if task["entry"]:
        space[task["entry"]] = proxy(task["entry"])
    for index, text in enumerate(task["tests"]):
        verdict = prepared or run(text, space)
        channel.write({"test": index, "passed": verdict is None, **(verdict or {})})


judge()
os._exit(0)
