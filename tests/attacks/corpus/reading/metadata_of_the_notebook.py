"""The notebook as the kernel may know it: history, In, Out, the session's parent, outputs of locked cells."""
# bgw: BGW-115

shell = get_ipython()
print(In, list(shell.history_manager.get_range(raw=True)))
print(shell.kernel.get_parent("shell"))
print({name: repr(value)[:500] for name, value in shell.user_ns.items() if not name.startswith("_")})
