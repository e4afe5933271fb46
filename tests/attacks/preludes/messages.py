import json, os, socket, struct

kernel = get_ipython().kernel
session, iopub, shell = kernel.session, kernel.iopub_socket, kernel.shell_stream.socket


def forge(socket, kind, content, ident=(b"x",), parent=None, header=None, buffers=()):
    parts = [
        session.pack(header if header is not None else session.msg_header(kind)),
        session.pack(parent if parent is not None else kernel.get_parent("shell")["header"]),
        b"{}",
        content if isinstance(content, bytes) else session.pack(content),
    ]
    socket.send_multipart([*ident, b"<IDS|MSG>", session.sign(parts), *parts, *buffers])


def reply(kind, content, **more):
    ident = kernel._parent_ident["shell"]
    forge(shell, kind, content, ident=ident if isinstance(ident, list) else [ident], **more)


number = {"data": {"text/plain": "7.0"}, "metadata": {}, "execution_count": 1}
