{# What a script adds to pages that are whole without it: memory, notes in place, enlarging, copying, keys, the search. #}
(() => {
  "use strict";
  const words = {{ {"display": words.display, "copy": words.copy, "enlarge": words.enlarge, "search": words.search_in_book, "beside": words.beside}|tojson }};
  const root = document.documentElement;
  const { book, page } = root.dataset;
  const SIZES = [0.88, 1, 1.12, 1.25, 1.4, 1.6];
  const TOP = 72; // pixels that the bar may cover

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

  function icon(path) {
    const holder = make("span");
    holder.innerHTML = `<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="${path}"></path></svg>`;
    return holder.firstChild;
  }

  {# --- How the page looks: what is asked of it stands in a script of its own, which comes with the first opening #}

  function keep() {
    lasting.write("display", display);
    show();
  }

  function addDisplay(tools) {
    const sheet = make("div", { class: "sheet display", id: "-display", popover: "auto" });
    const fill = async () => {
      if (!window.publishDisplay) await load("display").catch(() => {});
      if (!sheet.firstChild) window.publishDisplay?.(sheet, { display, keep, make, all, place, sizes: SIZES.length });
    };
    sheet.addEventListener("beforetoggle", fill);
    const button = make("button", { type: "button", class: "open-display", popovertarget: "-display", pointerenter: fill },
      icon("M2 16 6.5 4 11 16M3.6 12h5.8M12 16l2.8-7 2.8 7M13 13.6h3.6"), make("span", {}, words.display));
    tools.append(button, sheet);
  }

  {# --- Search: its own script comes when it is asked for #}

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

  async function openSearch() {
    const loaded = "publishSearch" in window;
    await load("search").catch(() => {});
    if (loaded) window.publishSearch.open();
  }

  function addSearch(tools) {
    tools.append(make("button", { type: "button", class: "open-search", "aria-keyshortcuts": "Control+K Meta+K", click: openSearch },
      icon("M8.5 3a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M12.5 12.5 17 17"), make("span", {}, words.search)));
    addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openSearch();
      }
    });
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
    }
  }

  {# Beside the link to another edition: a button that puts its page beside this one, for the pages to come too. #}
  function addComparing() {
    if (!document.querySelector("article [id]")) return;
    for (const link of all(".bar .editions a")) {
      const button = make("button", { type: "button", class: "beside", "aria-pressed": "false", "aria-label": `${words.beside}：${link.textContent}` }, words.beside);
      link.after(button);
      if (passing.read("beside") === link.hreflang) button.click();
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

  function followSections() {
    const links = new Map(all(".drawer a[href*='#']").map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
    const headings = all("article :is(h2, h3, h4, h5, h6)[id]").filter((one) => links.has(one.id));
    const drawer = document.querySelector(".drawer");
    const follow = () => {
      const open = headings.filter((one) => one.getBoundingClientRect().top < innerHeight / 3).at(-1);
      for (const [id, link] of links) {
        if (open?.id === id) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
    };
    const bring = () => {
      const here = drawer.querySelector("[aria-current=location]") ?? drawer.querySelector("[aria-current]");
      if (here) drawer.scrollTop = here.getBoundingClientRect().top - drawer.getBoundingClientRect().top + drawer.scrollTop - drawer.clientHeight / 3;
    };
    onScroll(follow);
    follow();
    bring();
    drawer.addEventListener("toggle", bring);
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
    let before = scrollY;
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

  function addKeys() {
    addEventListener("keydown", (event) => {
      const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
      if (!way || event.defaultPrevented || !plainClick(event)) return;
      if (event.target.closest("input, textarea, select, dialog, [popover]:popover-open, [tabindex='0']")) return;
      document.querySelector(`main a[rel=${way}]`)?.click();
    });
  }

  {# Beside the text, the contents are put away and brought back; in a narrow window the same button opens the drawer. #}
  function addPuttingAway() {
    const button = document.querySelector(".open-contents");
    const wide = matchMedia("(min-width: 68em)");
    const tell = () => {
      if (wide.matches) button.setAttribute("aria-expanded", String(!display.contents));
      else button.removeAttribute("aria-expanded");
    };
    button.addEventListener("click", (event) => {
      if (!wide.matches) return;
      event.preventDefault();
      display.contents = display.contents ? "" : "away";
      keep();
      tell();
    });
    wide.addEventListener("change", tell);
    tell();
  }

  {# --- Tables, notes, figures, code #}

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

  {# What a click asks for is done by a script of its own, which comes when such a thing is touched. #}
  function addAsking() {
    for (const image of all("figure img")) {
      if (image.closest("a")) continue;
      const button = make("button", { type: "button", class: "zoom" });
      if (!image.alt.trim()) button.setAttribute("aria-label", words.enlarge);
      image.replaceWith(button);
      button.append(image);
    }
    const ready = async () => window.publishAsked || load("asked");
    const asking = (event) => event.target.closest?.("a[role=doc-noteref], .zoom, .copy, .beside");
    for (const name of ["pointerover", "focusin"]) addEventListener(name, (event) => { if (asking(event)) ready().catch(() => {}); });
    addEventListener("click", async (event) => {
      const one = asking(event);
      if (!one || !plainClick(event)) return;
      event.preventDefault();
      try {
        await ready();
        window.publishAsked[one.getAttribute("role") ?? one.className](one, { make, all, load, passing });
      } catch {
        if (one.href) location.href = one.href;
      }
    });
  }

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

  {# A link to itself behind each heading, for the mouse; whoever hears the page has the contents for it. #}
  function addAnchors() {
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

{% if defines %}
  {# What a word means comes with the first one that is asked for; the list is the page of all. #}
  addEventListener("click", async (event) => {
    const link = event.target.closest?.("a.term");
    if (!link || !plainClick(event)) return;
    event.preventDefault();
    try {
      if (!window.publishDefine) await load("terms");
      await window.publishDefine(link);
    } catch {
      location.href = link.href;
    }
  });

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
  addEventListener("DOMContentLoaded", () => {
    const tools = document.querySelector(".tools");
    const drawer = document.querySelector(".drawer");
    if (page) addSearch(tools);
    addDisplay(tools);
    addScrolling();
    addAsking();
    addColours();
    addCopying();
    addAnchors();
    if (page) {
{% if margin %}
      addMargin();
{% endif %}
      keepPlaceInEditions();
      addComparing();
      arrive();
      addKeys();
    }
    if (drawer) {
      followSections();
      addPuttingAway();
    }
    if (document.body.classList.contains("chapter")) {
      rememberPlace();
      followReading();
    }
  });
})();
