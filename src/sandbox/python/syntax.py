# Says of each text whether it is Python; none is run.
import warnings

quiet()
warnings.simplefilter("ignore")
for text in task["texts"]:
    try:
        compile(text, "program.py", "exec", dont_inherit=True)
        channel.write(None)
    except SyntaxError as error:
        channel.write("line " + str(error.lineno or 1) + ": " + (error.msg or "invalid syntax"))
    except (MemoryError, RecursionError):
        channel.write("nested too deeply")
    except Exception as error:
        channel.write(said(error))
os._exit(0)
