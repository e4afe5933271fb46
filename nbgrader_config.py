"""The settings of this course: nbgrader's own, and Goodfit's.

With this file in the course folder, `nbgrader autograde`, `nbgrader generate_feedback`, formgrader and the rest work as
they always do, and every point of an assignment in graders/ comes from Goodfit's verdict.
"""

from goodfit.course.wiring import wire

c = get_config()  # noqa: F821 - given by traitlets
wire(c)

# --- what a course may change -----------------------------------------------------------------------------------
# c.Goodfit.limits = {"cell_seconds": 90, "memory_bytes": 6 << 30}   # of a student's notebook
# c.Goodfit.sandbox = "bubblewrap"                                   # the default takes the first tier that works
# c.Goodfit.graders_directory = "/elsewhere/graders"                 # the default is graders/ in this folder
# c.Goodfit.downloads_from = "canvas"                                # or "moodle": what `nbgrader zip_collect` reads
# c.Goodfit.repository = "owner/name"                                # on GitHub: releases open in Colab and on Binder
# c.CourseDirectory.db_url = "postgresql://…"                        # the default is gradebook.db in this folder
# c.CourseDirectory.groupshared = True                               # several people of one group grade here
