{# What a page does before anybody touches it: it looks as its reader wants, has its buttons and the colours of its code.
   All else that a script adds to pages that are whole without it comes with the first thing that its reader does: asked.js. #}
(() => {
  "use strict";
  const words = {{ {"display": words.display, "search": words.search_in_book, "beside": words.beside}|tojson }};
  const root = document.documentElement;
  const { book, page } = root.dataset;
  const SIZES = [0.88, 1, 1.12, 1.25, 1.4, 1.6];

  {# A window may forbid to remember; then each page begins anew. #}
  const memory = (store) => ({
    read(key) {
      try { return JSON.parse(window[store].getItem(`publish.${key}`)); } catch { return null; }
    },
    write(key, value) {
      try { window[store].setItem(`publish.${key}`, JSON.stringify(value)); } catch { /* forbidden, or full */ }
    },
  });
  const lasting = memory("localStorage");
  const passing = memory("sessionStorage");

  const display = { theme: "auto", face: "serif", size: 1, ...lasting.read("display") };
  function show() {
    root.dataset.theme = display.theme;
    root.dataset.face = display.face;
    root.style.setProperty("--size", SIZES[display.size] ?? 1);
    for (const name of ["contents", "leading", "width", "readings"]) root.dataset[name] = display[name] ?? "";
  }
  root.classList.add("js");
  show(); // before anything is painted

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const plainClick = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);

  function make(tag, attributes = {}, ...content) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") element.addEventListener(name, value);
      else element.setAttribute(name, value);
    }
    element.append(...content);
    return element;
  }

  {# Load a script of ours once; a second asking waits for the first. #}
  const loading = new Map();
  function load(name) {
    if (!loading.has(name)) {
      loading.set(name, new Promise((resolve, reject) => {
        const failed = () => { loading.delete(name); script.remove(); reject(new Error(name)); };
        const script = make("script", { src: `assets/${name}.js`, load: resolve, error: failed });
        document.head.append(script);
      }));
    }
    return loading.get(name);
  }

  {# Of the contents, what is open is brought into view. #}
  function bring(drawer) {
    const here = drawer.querySelector("[aria-current=location]") ?? drawer.querySelector("[aria-current]");
    if (here) drawer.scrollTop += here.getBoundingClientRect().top - drawer.getBoundingClientRect().top - drawer.clientHeight / 3;
  }

  function keep() {
    lasting.write("display", display);
    show();
  }

  window.publishPage = { book, page, display, sizes: SIZES.length, keep, make, all, load, bring, lasting, passing, plainClick };

  {# --- The buttons of the bar: what they open stands in scripts of their own #}

  function button(tools, kind, path, attributes) {
    const holder = make("button", { type: "button", class: `open-${kind}`, ...attributes }, make("span", {}, words[kind]));
    holder.insertAdjacentHTML("afterbegin", `<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="${path}"></path></svg>`);
    tools.append(holder);
  }

  function addDisplay(tools) {
    const sheet = make("div", { class: "sheet display", id: "-display", popover: "auto" });
    const fill = async () => {
      if (!window.publishDisplay) await load("display").catch(() => {});
      if (!sheet.firstChild) window.publishDisplay?.(sheet);
    };
    sheet.addEventListener("beforetoggle", fill);
    button(tools, "display", "M2 16 6.5 4 11 16M3.6 12h5.8M12 16l2.8-7 2.8 7M13 13.6h3.6", { popovertarget: "-display", pointerenter: fill });
    tools.append(sheet);
  }

  async function openSearch() {
    const loaded = "publishSearch" in window;
    await load("search").catch(() => {});
    if (loaded) window.publishSearch.open();
  }

  function addSearch(tools) {
    button(tools, "search", "M8.5 3a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M12.5 12.5 17 17", { "aria-keyshortcuts": "Control+K Meta+K", click: openSearch });
    addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openSearch();
      }
    });
  }

{% if beside %}
  {# Beside the link to another edition: a button that puts its page beside this one, for the pages to come too. #}
  function addComparing() {
    if (!document.querySelector("article [id]")) return;
    for (const link of all(".bar .editions a")) {
      const beside = make("button", { type: "button", class: "beside", "aria-pressed": "false", "aria-label": `${words.beside}：${link.textContent}` }, words.beside);
      link.after(beside);
      if (passing.read("beside") === link.hreflang) beside.click();
    }
  }

{% endif %}
  {# Beside the text, the contents are put away and brought back; in a narrow window the same button opens the drawer. #}
  function addPuttingAway(drawer) {
    const opener = document.querySelector(".open-contents");
    const wide = matchMedia("(min-width: 68em)");
    const tell = () => {
      if (wide.matches) opener.setAttribute("aria-expanded", String(!display.contents));
      else opener.removeAttribute("aria-expanded");
    };
    opener.addEventListener("click", (event) => {
      if (!wide.matches) return;
      event.preventDefault();
      display.contents = display.contents ? "" : "away";
      keep();
      tell();
    });
    wide.addEventListener("change", tell);
    drawer.addEventListener("toggle", () => bring(drawer));
    tell();
    bring(drawer);
  }

{% if colours %}
  {# The colours of code: `data-look` has a letter and a length for each stretch of its text, "_" for a plain one. #}
  function addColours() {
    for (const code of all("code[data-look]")) {
      const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
      const texts = [];
      while (walker.nextNode()) texts.push(walker.currentNode);
      let node = texts.shift();
      for (const [, look, length] of code.dataset.look.matchAll(/([a-z_])(\d+)/g)) {
        for (let left = Number(length); left && node;) {
          const rest = node.length > left ? node.splitText(left) : texts.shift();
          left -= node.length;
          if (look !== "_") {
            const span = make("span", { class: look });
            node.replaceWith(span);
            span.append(node);
          }
          node = rest;
        }
      }
    }
  }

{% endif %}
{% if margin %}
  function addMargin() {
    const wide = matchMedia("(min-width: 80em)");
    const look = () => { if (wide.matches && document.querySelector(".note-text.margin")) load("margin").catch(() => {}); };
    wide.addEventListener("change", look);
    look();
  }

{% endif %}
{% if offline %}
  {# Not in a frame: a preview must show what is new. The single file has nothing to keep. #}
  if (page && self === top && "serviceWorker" in navigator && location.protocol !== "file:") {
    navigator.serviceWorker.register({{ offline|tojson }}).catch(() => {});
  }

{% endif %}
  {# The rest comes with the first sign of a reader, and is told what he did: the key that was pressed, what was clicked. #}
  const ready = async () => window.publishAsked || (await load("asked"), window.publishAsked);
  const KINDS = ["a[role=doc-noteref]", ".zoom", ".copy", ".beside", "a.term"];

  async function come(event) {
    if (window.publishAsked) return;
    try {
      const asked = await ready();
      if (event.type === "keydown") asked.turn(event);
    } catch { /* the next sign asks again */ }
  }

  async function click(event) {
    const kind = KINDS.find((one) => event.target.closest?.(one));
    if (!kind || !plainClick(event)) return;
    const one = event.target.closest(kind);
    event.preventDefault();
    try {
      await (await ready())[kind](one);
    } catch {
      if (one.href) location.href = one.href;
    }
  }

  addEventListener("click", click);
  for (const name of ["pointerover", "pointerdown", "focusin", "keydown", "scroll"]) addEventListener(name, come, { passive: true });

  addEventListener("DOMContentLoaded", () => {
    const tools = document.querySelector(".tools");
    const drawer = document.querySelector(".drawer");
    if (page) addSearch(tools);
    addDisplay(tools);
{% if colours %}
    addColours();
{% endif %}
    if (page) {
{% if margin %}
      addMargin();
{% endif %}
{% if beside %}
      addComparing();
{% endif %}
      if (location.hash && !document.querySelector(":target")) come({});
    }
    if (drawer) addPuttingAway(drawer);
    if (document.body.classList.contains("chapter")) lasting.write(`place.${book}`, { page, id: "" });
  });
})();
