"""A socket under the notebook's name."""
# places: file


def hand_in(folder, notebook):
    import os
    import socket

    here = os.getcwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("tiny.ipynb")
    finally:
        os.chdir(here)
