"""A time stamp that is no time: a novel, a link, far in the future, another calendar, with a command in it."""
# places: file


def hand_in(folder, notebook):
    (folder / "timestamp.txt").write_text("9999-12-31 23:59:59 +9999\n$(touch x)\x1b[2J" + "0" * 100_000)
