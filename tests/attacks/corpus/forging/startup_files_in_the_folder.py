"""sitecustomize, usercustomize, .pth files and IPython's and Jupyter's settings lie in the submitted folder."""
# places: file
# bgw: BGW-110, BGW-131

LINE = "import builtins; builtins.mark = 1; print('REACHED', 'code of', __file__ if '__file__' in globals() else 'pth')\n"


def hand_in(folder, notebook):
    for name in ("sitecustomize.py", "usercustomize.py", "evil.pth", ".pythonrc.py", "ipython_config.py",
                 ".ipython/profile_default/startup/00.py", ".ipython/profile_default/ipython_config.py",
                 ".jupyter/jupyter_config.py", ".local/lib/python3.11/site-packages/usercustomize.py", "ipykernel_config.py"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(LINE)
