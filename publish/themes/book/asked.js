{# What a click asks for: a note in place, a picture as large as the window, code copied, an edition beside this one. #}
(() => {
  "use strict";
  const words = {{ {"enlarge": words.enlarge, "close": words.close, "note": words.note, "copy": words.copy, "copied": words.copied, "unread": words.search_failed}|tojson }};
  const look = document.createElement("style");
  look.textContent = {{ sheet|tojson }};
  document.head.prepend(look);

  const TOP = 72; // pixels that the bar may cover
  let card;

  function note(link, { make, all }) {
    const said = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!card) {
      card = make("div", { class: "note-card", popover: "auto", role: "note", tabindex: "-1" });
      document.querySelector("main").append(card);
    }
    card.setAttribute("aria-label", `${words.note} ${link.textContent}`);
    card.replaceChildren(...said.cloneNode(true).childNodes);
    for (const one of all(".backlink", card)) one.remove();
    for (const one of all("[id]", card)) one.removeAttribute("id");
    card.showPopover();
    put(link.getBoundingClientRect(), link.closest("article").getBoundingClientRect());
    card.focus({ preventScroll: true });
  }

  function put(call, column) {
    const { width, height } = card.getBoundingClientRect();
    const middle = call.left + call.width / 2 - width / 2;
    const above = call.bottom + height + 16 > innerHeight && call.top > height + TOP;
    card.style.left = `${scrollX + Math.max(8, Math.min(Math.max(middle, column.left), column.right - width))}px`;
    card.style.top = `${scrollY + (above ? call.top - height - 8 : call.bottom + 8)}px`;
  }

  function enlarge(link, { make }) {
    const image = link.querySelector("img");
    const large = make("img", { src: image.src, alt: image.alt, click(event) { event.stopPropagation(); dialog.classList.toggle("full"); } });
    const close = make("button", { type: "button", class: "close", "aria-label": words.close, click() { dialog.close(); } }, "×");
    const dialog = make("dialog", { class: "lightbox", "aria-label": image.alt || words.enlarge, click() { dialog.close(); }, close() { dialog.remove(); } },
      make("div", { class: "picture" }, large), close);
    document.body.append(dialog);
    dialog.showModal();
  }

  async function copy(button) {
    const code = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch { // a page that came without TLS
      getSelection().selectAllChildren(code);
      document.execCommand("copy");
      getSelection().removeAllRanges();
    }
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = words.copy; }, 1600);
  }

  async function compare(button, { all, load, passing }) {
    const link = button.previousElementSibling;
    const on = button.getAttribute("aria-pressed") === "true";
    for (const one of all(".beside")) one.setAttribute("aria-pressed", "false");
    passing.write("beside", on ? "" : link.hreflang);
    if (on) return window.publishCompare.hide();
    try {
      await load("compare");
      await window.publishCompare.show(link);
      button.setAttribute("aria-pressed", "true");
    } catch {
      button.title = words.unread;
    }
    return undefined;
  }

  window.publishAsked = { "doc-noteref": note, zoom: enlarge, copy, beside: compare };
})();
