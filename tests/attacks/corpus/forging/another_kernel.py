"""The file asks for a kernel that runs shell commands, in another language."""
# places: file
# bgw: BGW-110


def hand_in(folder, notebook):
    notebook.metadata = {
        "kernelspec": {"name": "bash", "display_name": "Bash", "language": "bash", "argv": ["sh", "-c", "id"]},
        "language_info": {"name": "html", "pygments_lexer": "html"},
    }
