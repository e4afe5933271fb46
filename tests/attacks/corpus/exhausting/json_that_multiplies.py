"""An answer of megabytes of empty lists, of which each takes many times its length in memory."""
# places: answer
# begins with: messages


async def answer(stream, ident, parent):
    body = b'{"status":"ok","value":{"t":"list","v":[' + b"[]," * (5 << 20) + b"[]]}}"
    forge(shell, "goodfit_reply", body, ident=ident, parent=parent["header"])


kernel.shell_handlers["goodfit_request"] = answer
