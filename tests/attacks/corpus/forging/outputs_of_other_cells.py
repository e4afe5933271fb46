"""Outputs are changed afterwards, from other cells, by the id of a display."""
# begins with: messages
# bgw: BGW-114

for n in range(20):
    forge(iopub, "display_data", {**number, "transient": {"display_id": "a"}})
    forge(iopub, "update_display_data", {**number, "transient": {"display_id": "a"}})
