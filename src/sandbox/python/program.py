# A whole program, with its own input and output.
try:
    module("__main__", task["program"], "program.py")
except SystemExit:
    raise
except BaseException as error:
    if isinstance(error, MemoryError):
        channel.write("memory")
    import linecache
    import traceback

    text = task["program"]
    linecache.cache["program.py"] = (len(text), None, text.splitlines(True), "program.py")
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != "program.py":
        trace = trace.tb_next
    traceback.print_exception(type(error), error, trace, limit=-20)
    sys.exit(1)
