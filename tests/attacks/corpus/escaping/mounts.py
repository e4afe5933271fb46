"""Mounts, by the old calls and by the new ones, and another root."""
# begins with: calls
# bgw: BGW-132

tries(
    mount=(165, b"none", b"/tmp", b"tmpfs", 0, 0), bind=(165, b"/", b"/tmp", 0, 4096, 0), umount=(166, b"/proc", 2),
    pivot_root=(155, b"/tmp", b"/tmp"), chroot=(161, b"/tmp"), fsopen=(430, b"tmpfs", 0), open_tree=(428, -100, b"/", 1),
    move_mount=(429, -100, b"/", -100, b"/tmp", 0), mount_setattr=(442, -100, b"/", 0, 0, 0), fspick=(433, -100, b"/", 0),
)
