"""Outputs without end: small ones, that are cleared, changed and shown again."""
# places: last
# alone: yes

from IPython.display import clear_output, display

for n in range(10**9):
    display({"text/plain": "x"}, raw=True, display_id=str(n % 7), update=n % 3 == 0)
    if n % 1000 == 0:
        clear_output(wait=True)
