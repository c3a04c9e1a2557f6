{# A figure's picture as large as the window, and larger: loaded when the first is asked for. #}
(() => {
  "use strict";
  const words = {{ {"enlarge": words.enlarge, "close": words.close}|tojson }};
  const look = document.createElement("style");
  look.textContent = {{ sheet|tojson }};
  document.head.prepend(look);

  window.publishEnlarge = (image, make) => {
    const large = make("img", { src: image.src, alt: image.alt, click(event) { event.stopPropagation(); dialog.classList.toggle("full"); } });
    const close = make("button", { type: "button", class: "close", "aria-label": words.close, click() { dialog.close(); } }, "×");
    const dialog = make("dialog", { class: "lightbox", "aria-label": image.alt || words.enlarge, click() { dialog.close(); }, close() { dialog.remove(); } },
      make("div", { class: "picture" }, large), close);
    document.body.append(dialog);
    dialog.showModal();
  };
})();
