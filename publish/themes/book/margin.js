{# Notes beside their calls in a wide window, each below the one before; loaded where there are some and it is wide. #}
(() => {
  "use strict";
  const look = document.createElement("style");
  look.textContent = {{ sheet|tojson }};
  document.head.append(look);
  const APART = 12; // pixels between two notes

  function place() {
    for (const article of document.querySelectorAll("article")) {
      const top = article.getBoundingClientRect().top;
      let free = 0;
      for (const note of article.querySelectorAll(".note-text.margin")) {
        const call = document.getElementById(`ref-${note.id}`);
        const line = call?.getClientRects()[0];
        const at = Math.max(line ? line.top - top + 3 : 0, free);
        note.style.setProperty("--at", `${at}px`);
        free = at + note.offsetHeight + APART;
      }
      article.style.setProperty("--notes", `${free}px`);
    }
  }

  {# Beside the text a note need not be shown once more over it: it is pointed out. #}
  function point(event) {
    const link = event.target.closest?.("a[role=doc-noteref]");
    const note = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (note && getComputedStyle(note).position === "absolute") event.stopImmediatePropagation();
  }

  function begin() {
    place();
    new ResizeObserver(place).observe(document.querySelector("main"));
  }

  addEventListener("click", point, true);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
})();
