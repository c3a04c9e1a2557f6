{# What comes with the first thing that a reader does: places remembered and kept, keys, the section that is read; and what
   a click asks for: a note in place, a picture as large as the window, code copied, an edition beside this one. #}
(() => {
  "use strict";
  const { book, page, make, all, load, bring, lasting, passing, plainClick } = window.publishPage;
  const words = {{ {"enlarge": words.enlarge, "close": words.close, "note": words.note, "copy": words.copy, "copied": words.copied, "unread": words.search_failed}|tojson }};
  const look = document.createElement("style");
  look.textContent = {{ sheet|tojson }};
  document.head.prepend(look);

  const root = document.documentElement;
  const TOP = 72; // pixels that the bar may cover
  let card;

  function note(link) {
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

  function enlarge(link) {
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

  async function compare(button) {
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

  {# --- Where the reader is #}

  const marked = () => all("article [id]").filter((one) => !["A", "SPAN"].includes(one.tagName) && one.getClientRects().length);

  {# The first paragraph that shows below the bar, and the last few before it; none at the head of the page. #}
  function place() {
    if (scrollY < TOP) return { id: "", trail: [] };
    const found = marked();
    const at = found.findIndex((one) => one.getBoundingClientRect().bottom > TOP + 8 && !one.classList.contains("start"));
    return at < 0 ? { id: "", trail: [] } : { id: found[at].id, trail: found.slice(Math.max(0, at - 12), at).map((one) => one.id) };
  }

  function keepPlaceInEditions() {
    const links = all(".editions a").map((link) => [link, link.getAttribute("href")]);
    for (const [link, address] of links) {
      const point = () => {
        const { id, trail } = place();
        link.setAttribute("href", id ? `${address}#${id}` : address);
        passing.write("trail", [...trail, id]);
      };
      for (const event of ["pointerdown", "focus", "click"]) link.addEventListener(event, point);
      if (link.matches(":hover, :focus")) point();
    }
  }

  {# A paragraph that only the other edition has: go to the nearest one before it. #}
  function arrive() {
    const wanted = decodeURIComponent(location.hash.slice(1));
    const trail = passing.read("trail") ?? [];
    if (!wanted || document.getElementById(wanted) || trail.at(-1) !== wanted) return;
    document.getElementById(trail.reverse().find((id) => document.getElementById(id)))?.scrollIntoView();
  }

  function rememberPlace() {
    let timer = 0;
    const write = () => lasting.write(`place.${book}`, { page, id: place().id });
    addEventListener("scroll", () => { clearTimeout(timer); timer = setTimeout(write, 300); }, { passive: true });
    addEventListener("pagehide", write);
    write();
  }

  function followSections(drawer) {
    const links = new Map(all(".drawer a[href*='#']").map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
    const headings = all("article :is(h2, h3, h4, h5, h6)[id]").filter((one) => links.has(one.id));
    const follow = () => {
      const open = headings.filter((one) => one.getBoundingClientRect().top < innerHeight / 3).at(-1);
      for (const [id, link] of links) {
        if (open?.id === id) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
    };
    onScroll(follow);
    follow();
    bring(drawer);
    drawer.addEventListener("click", (event) => {
      if (event.target.closest("a") && drawer.matches(":popover-open")) drawer.hidePopover();
    });
  }

  function onScroll(action) {
    let waiting = false;
    addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; action(); });
    }, { passive: true });
  }

  {# The bar goes while one reads on and comes back when one turns; above it, a line shows how far one has read. #}
  function followReading() {
    let before = 0; // this script came with the first turn, or behind it
    const follow = () => {
      if (Math.abs(scrollY - before) > 6) {
        root.classList.toggle("reading", scrollY > before && scrollY > 2 * TOP);
        before = scrollY;
      }
      root.style.setProperty("--read", scrollY / Math.max(root.scrollHeight - innerHeight, 1));
    };
    onScroll(follow);
    follow();
  }

  {# Arrows lead to the chapters beside this one. #}
  function turn(event) {
    const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    if (!way || event.defaultPrevented || !plainClick(event)) return;
    if (event.target.closest("input, textarea, select, dialog, [popover]:popover-open, [tabindex='0']")) return;
    document.querySelector(`main a[rel=${way}]`)?.click();
  }

  {# --- What is added to tables, figures, code, headings #}

  {# What is wider than its column scrolls, by the keyboard too, and is no tab stop where it is not. #}
  function addScrolling() {
    const look = (entries) => {
      for (const { target } of entries) {
        const scrolls = target.scrollWidth > target.clientWidth + 1;
        for (const [name, value] of [["role", "group"], ["tabindex", "0"]]) {
          if (scrolls) target.setAttribute(name, value);
          else target.removeAttribute(name);
        }
      }
    };
    const seen = new ResizeObserver(look);
    const observe = () => all(".table, .formula, .in-cells").forEach((one) => seen.observe(one));
    addEventListener("laid-out", observe);
    observe();
  }

  function addEnlarging() {
    for (const image of all("figure img")) {
      if (image.closest("a")) continue;
      const button = make("button", { type: "button", class: "zoom" });
      if (!image.alt.trim()) button.setAttribute("aria-label", words.enlarge);
      image.replaceWith(button);
      button.append(image);
    }
  }

  {# A link to itself behind each heading, for the mouse; whoever hears the page has the contents for it. #}
  function addAnchors() {
    if (!matchMedia("(hover: hover)").matches) return;
    for (const heading of all("article :is(h2, h3, h4, h5, h6)[id]")) {
      heading.append(make("a", { class: "anchor", href: `#${heading.id}`, "aria-hidden": "true", tabindex: "-1" }));
    }
  }

  function addCopying() {
    for (const code of all("article pre")) {
      const frame = make("div", { class: "code" });
      code.replaceWith(frame);
      frame.append(code, make("button", { type: "button", class: "copy" }, words.copy));
    }
  }

  {# What a word means comes with the first one that is asked for; the list is the page of all. #}
  async function define(link) {
    if (!window.publishDefine) await load("terms");
    await window.publishDefine(link);
  }

  function begin() {
    addScrolling();
    addEnlarging();
    addCopying();
    addAnchors();
    if (page) {
      keepPlaceInEditions();
      arrive();
      addEventListener("keydown", turn);
    }
    const drawer = document.querySelector(".drawer");
    if (drawer) followSections(drawer);
    if (document.body.classList.contains("chapter")) {
      rememberPlace();
      followReading();
    }
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
  window.publishAsked = { "a[role=doc-noteref]": note, ".zoom": enlarge, ".copy": copy, ".beside": compare, "a.term": define, turn, place };
})();
