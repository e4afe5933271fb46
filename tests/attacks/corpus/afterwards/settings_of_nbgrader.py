"""Settings and plugins for nbgrader and Jupyter in the submitted folder, for whoever starts a program there."""
# places: file
# bgw: BGW-131

LINE = "import pathlib; pathlib.Path('/tmp/' + {mark!r}).touch()\n"


def hand_in(folder, notebook):
    for name in ("nbgrader_config.py", "jupyter_config.py", "jupyter_nbconvert_config.py", "setup.py", "plugin.py", "conftest.py"):
        (folder / name).write_text(LINE.format(mark=MARK))
    (folder / "templates" / "feedback").mkdir(parents=True)
    (folder / "templates" / "feedback" / "index.html.j2").write_text("{{ cycler.__init__.__globals__.os.popen('touch /tmp/" + MARK + "') }}")
