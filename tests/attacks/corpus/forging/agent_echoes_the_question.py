"""The agent sends the grader's own arguments back, which may hold what is expected."""
# bgw: BGW-105, BGW-110
# quick: yes

from goodfit.inside import agent, wire


def echo(self, content, buffers):
    args, kwargs = wire.decode(content["arguments"], buffers)
    return args[-1] if args else kwargs


agent.StudentKernel._do_call = echo
