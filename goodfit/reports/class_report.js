(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  document.documentElement.classList.add("live");

  // --- tables that sort: a button in each heading ---------------------------------------------------------------
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return "v" in cell.dataset ? cell.dataset.v : cell.textContent.trim();
  };
  const compare = (a, b, sign) => {
    if (a === "" || b === "") return (a === "") - (b === "");  // what does not exist stays at the end
    const x = Number(a), y = Number(b);
    return sign * (Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, undefined, {numeric: true}) : x - y);
  };
  for (const table of document.querySelectorAll("table.sorts")) {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const sign = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        headings.forEach(other => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
        const rows = [...table.tBodies[0].rows].map(row => [valueOf(row, column), row]);
        rows.sort((a, b) => compare(a[0], b[0], sign));
        table.tBodies[0].append(...rows.map(pair => pair[1]));
      });
    });
  }

  // --- submissions that are looked for --------------------------------------------------------------------------
  const find = document.getElementById("find"), which = document.getElementById("which");
  const said = document.getElementById("found"), rows = [...document.getElementById("everybody").tBodies[0].rows];
  const texts = rows.map(row => row.textContent.toLowerCase());
  const filter = () => {
    const word = find.value.trim().toLowerCase(), kind = which.value;
    let shown = 0;
    rows.forEach((row, i) => {
      const fits = texts[i].includes(word) && (!kind || row.dataset.k.split(" ").includes(kind));
      row.hidden = !fits;
      shown += fits;
    });
    said.textContent = shown + " of " + rows.length + " submissions";
  };
  find.addEventListener("input", filter);
  which.addEventListener("change", filter);
  document.getElementById("finder").hidden = false;
  filter();

  // --- points of a cloud, by mouse or by arrow keys -------------------------------------------------------------
  for (const figure of document.querySelectorAll("figure.cloud")) {
    const drawing = figure.querySelector("svg"), told = figure.querySelector(".told");
    const points = [...drawing.querySelectorAll("[data-i]")];
    const usual = told.textContent;
    let at = -1;
    const tell = place => {
      if (points[at]) points[at].classList.remove("at");
      at = place;
      const point = points[at];
      if (!point) { told.textContent = usual; return; }
      point.classList.add("at");
      const [student, name, earned] = data.students[Number(point.dataset.i)];
      told.textContent = student + (name ? ", " + name : "") + ": " + point.querySelector("title").textContent.split(": ").pop()
        + "; " + earned + " of " + data.points + " points in all";
    };
    drawing.addEventListener("pointerover", event => {
      const point = event.target.closest("[data-i]");
      if (point) tell(points.indexOf(point));
    });
    drawing.addEventListener("keydown", event => {
      const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
      if (!step) return;
      event.preventDefault();
      tell((at + step + points.length) % points.length);
    });
    drawing.addEventListener("click", event => {
      const point = event.target.closest("[data-i]");
      if (!point) return;
      find.value = data.students[Number(point.dataset.i)][0];
      which.value = "";
      filter();
      document.getElementById("submissions").scrollIntoView();
    });
  }
})();
