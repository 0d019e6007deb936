# The candidate's process: it holds the program and answers calls. It is told arguments, and nothing of the tests.
quiet()


def names(space):
    functions, others = [], []
    for name, value in list(space.items()):
        if type(name) is not str or name.startswith("__") or type(value) in (type(sys), Missing):
            continue
        (functions if callable(value) and not isinstance(value, type) else others).append(name)
    return {"functions": functions, "others": others}


def raised(error):
    """An exception as the nearest builtin one."""
    for kind in type(error).__mro__:
        if kind.__module__ == "builtins":
            break
    try:
        args = [encoded(one) for one in error.args]
    except BaseException:
        args = []
    return {"error": kind.__name__, "text": said(error), "args": args}


def called(space, call):
    args = [decode(one) for one in call["args"]]
    named = {key: decode(one) for key, one in call["named"].items()}
    given = [*args, *named.values()]
    try:
        value = space[call["name"]](*args, **named)
    except BaseException as error:
        answer = raised(error)
    else:
        try:
            same = [i for i, one in enumerate(given) if one is value and type(one) in (list, dict, set)]
            # Before the arguments are looked at: an iterator that is returned may still change them.
            answer = {"same": same[0]} if same else {"value": encoded(value)}
        except NotPlain as reason:
            answer = {"odd": "it returned " + str(reason) + ", which is no plain data"}
        except BaseException as error:
            answer = raised(error)
    before = [*call["args"], *call["named"].values()]
    try:
        now = [encoded(one) if type(before[i]) in (list, dict) and "iterator" not in before[i] else before[i] for i, one in enumerate(given)]
    except NotPlain as reason:
        return {"odd": "it left " + str(reason) + " in an argument, which is no plain data"}
    changed = [[i, one] for i, one in enumerate(now) if one != before[i]]
    return {**answer, "changed": changed} if changed else answer


def serve():
    try:
        space = definitions("program", task["program"], "program.py").__dict__
    except BaseException as error:
        line = line_of(error, "program.py")
        reason = ("line " + str(line) + ": " if line else "") + said(error)
        if isinstance(error, SystemExit):
            reason = "the program ends itself while it is loaded"
        channel.write({"loaded": False, "why": reason})
        return
    channel.write({"loaded": True, **names(space)})
    while True:
        call = channel.read()["call"]
        try:
            answer = called(space, call)
        except RecursionError:
            answer = {"odd": "its arguments or its answer are nested too deeply"}
        channel.write(answer)


serve()
# What the program has left running (threads, exit hooks) is not waited for.
os._exit(0)
