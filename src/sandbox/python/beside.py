# Tests that need the program itself, in one process with it: a program that means to cheat could.
quiet()


def run(text, space):
    tree, broken = parsed(text)
    if broken:
        return BROKEN + broken
    try:
        modules(wanted(tree), space)
        exec(compile(tree, "<test>", "exec", dont_inherit=True), space)
    except BaseException as error:
        return failure(error, text, "")
    return None


def judge():
    try:
        space = definitions("program", task["program"], "program.py").__dict__
    except BaseException as error:
        channel.write({"loaded": False, "why": said(error)})
        return
    channel.write({"loaded": True})
    # The tests and the word that verdicts begin with come only when the program has been loaded.
    tests = channel.read()
    prepared = run(tests["setup"], space) if tests["setup"] else None
    for text in tests["tests"]:
        why = BROKEN + "its setup: " + prepared if prepared else run(text, space)
        channel.write({"word": tests["word"], "passed": why is None, "why": why})


judge()
os._exit(0)
