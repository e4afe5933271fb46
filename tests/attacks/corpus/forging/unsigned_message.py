"""A reply without a signature, and outputs with a wrong one."""
# begins with: messages
# bgw: BGW-126

shell.send_multipart([*kernel._parent_ident["shell"], b"<IDS|MSG>", b"", b"{}", b"{}", b"{}", b"{}"])
iopub.send_multipart([b"x", b"<IDS|MSG>", b"0" * 64, b"{}", b"{}", b"{}", b"{}"])
