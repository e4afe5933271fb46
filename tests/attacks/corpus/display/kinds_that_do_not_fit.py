"""Outputs with kinds that no page knows, markup in place of pictures, and metadata that becomes attributes."""

from IPython.display import display

text = "<img src=x onerror=alert(1)>"
display({"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/html": text, "image/png": text,
         "image/jpeg": "x' onerror='alert(1)", "image/svg+xml": f"<svg onload=alert(1)>{text}</svg>", "text/plain": text,
         "application/javascript": "alert(1)", "evil/mime": text, "application/pdf": "JVBERi0="}, raw=True,
        metadata={"text/html": {"isolated": True}, "image/png": {"width": '1" onload="alert(1)'},
                  "filenames": {"image/png": "../../x"}})
