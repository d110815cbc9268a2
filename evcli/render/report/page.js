"use strict";
// Tables sort by a click on a head and are narrowed by the words in the field above them.
for (const table of document.querySelectorAll("table[data-sorts]")) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, at) => {
    head.querySelector("button").addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[at].dataset.key ?? row.cells[at].textContent.trim();
      const empty = (text) => text === "";
      rows.sort((one, other) => {
        const [a, b] = [key(one), key(other)];
        if (empty(a) || empty(b)) return empty(a) - empty(b);
        const order = head.dataset.number !== undefined ? a - b : a.localeCompare(b, "en");
        return down ? -order : order;
      });
      body.append(...rows);
    });
  });
  const tools = document.getElementById(table.dataset.tools);
  const field = tools.querySelector("input");
  const count = tools.querySelector("[role=status]");
  const narrow = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    count.textContent = words.length ? `${shown} of ${rows.length} rows` : `${rows.length} rows`;
  };
  field.addEventListener("input", narrow);
  tools.hidden = false;
  narrow();
}
