// Comfort only: the page says everything without it.
"use strict";
(() => {
  for (const tools of document.querySelectorAll("[data-comfort]")) tools.hidden = false;
  const all = (section, open) => {
    for (const one of section.querySelectorAll("details")) one.open = open;
  };
  for (const button of document.querySelectorAll("button[data-open]")) {
    button.addEventListener("click", () => all(button.closest("section"), button.dataset.open === "yes"));
  }
  for (const field of document.querySelectorAll("input[data-filter]")) {
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLowerCase();
      for (const part of field.closest("section").querySelectorAll("details")) {
        let found = 0;
        for (const row of part.querySelectorAll("[data-row]")) {
          row.hidden = !row.textContent.toLowerCase().includes(wanted);
          found += row.hidden ? 0 : 1;
        }
        part.hidden = Boolean(wanted) && found === 0;
        if (wanted) {
          part.dataset.was ??= part.open ? "open" : "closed";
          part.open = found > 0;
        } else if (part.dataset.was) {
          part.open = part.dataset.was === "open";
          delete part.dataset.was;
        }
      }
    });
  }
  addEventListener("beforeprint", () => all(document, true));
})();
