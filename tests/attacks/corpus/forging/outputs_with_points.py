"""A notebook that claims to be executed, with full points in the output of each cell."""
# places: file
# bgw: BGW-111, BGW-112


def hand_in(folder, notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [
                {"output_type": "execute_result", "data": {"text/plain": "7.0"}, "metadata": {}, "execution_count": 1}
            ]
            cell.execution_count = 1
