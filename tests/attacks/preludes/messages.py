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


questions = kernel.questions


def send_answer(answer, buffers=()):
    """An answer to the grader, as the agent sends it."""
    parts = [answer if isinstance(answer, bytes) else json.dumps(answer).encode(), *buffers]
    questions.sendall(struct.pack(f"!I{len(parts)}Q", len(parts), *map(len, parts)) + b"".join(parts))


def answer_by(function):
    """Let a function have the grader's questions in the agent's place."""
    from goodfit.inside import frames

    kernel.io_loop.remove_handler(questions.fileno())
    kernel.io_loop.add_handler(questions.fileno(), lambda *_: function(*frames.receive(questions, 1 << 29)), kernel.io_loop.READ)


number = {"data": {"text/plain": "7.0"}, "metadata": {}, "execution_count": 1}
