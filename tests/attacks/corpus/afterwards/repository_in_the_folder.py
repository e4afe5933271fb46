"""A repository with hooks and settings in the submitted folder, for whoever runs git there."""
# places: file


def hand_in(folder, notebook):
    git = folder / ".git"
    (git / "hooks").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "config").write_text(f"[core]\n\tfsmonitor = touch /tmp/{MARK}\n[alias]\n\tstatus = !touch /tmp/{MARK}\n")
    for hook in ("post-checkout", "pre-commit", "post-index-change"):
        (git / "hooks" / hook).write_text(f"#!/bin/sh\ntouch /tmp/{MARK}\n")
        (git / "hooks" / hook).chmod(0o755)
