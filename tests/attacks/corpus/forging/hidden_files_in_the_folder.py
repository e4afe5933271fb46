"""Files named as the grader's: its checks, thresholds of zero, hidden rows, a gradebook, results of an earlier run."""
# places: file
# bgw: BGW-114, BGW-131


def hand_in(folder, notebook):
    (folder / "graders" / "tiny").mkdir(parents=True)
    (folder / ".goodfit" / "tiny").mkdir(parents=True)
    for place in (folder, folder / "graders" / "tiny"):
        (place / "thresholds.toml").write_text('[accuracy]\ndirection = "at least"\nvalue = 0.0\n')
        (place / "test_tiny.py").write_text("")
    (folder / ".goodfit" / "tiny" / "me.json").write_text('{"key": "x", "bundle": {}}')
    (folder / "gradebook.db").write_bytes(b"SQLite format 3\0")
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.Goodfit.sandbox = 'none'\n")
