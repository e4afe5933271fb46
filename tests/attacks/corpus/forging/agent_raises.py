"""The agent raises SystemExit with success instead of answering."""
# bgw: BGW-102, BGW-110

from goodfit.inside import agent


def broken(*args):
    raise SystemExit(0)


agent.StudentKernel._do_call = agent._failure = broken
