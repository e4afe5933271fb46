"""Scripts, frames, forms and handlers in every kind of output that a browser would draw."""
# quick: yes

from IPython.display import HTML, IFrame, JSON, Javascript, Latex, Markdown, SVG, display

for text in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<iframe src=//evil.example></iframe>",
             "<form action=/formgrader><input name=score></form>", "<style>body{display:none}</style>",
             "<base href=//evil.example>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
             "<div id=mean class=score style='position:fixed;background:url(//evil.example)'>7</div>"):
    display(HTML(text), Markdown(text), Latex(text), Javascript("alert(1)"), IFrame("//evil.example", 9, 9), JSON({"a": text}))
    display(SVG("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"))
    print(text)
