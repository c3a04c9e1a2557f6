{# Two editions side by side, passage by passage, the words that differ marked: loaded when it is first asked for. #}
(() => {
  "use strict";
  const article = document.querySelector("article");
  const MOST = 600; // differences in one passage, beyond which all of it is marked
  const SKIPPED = /[\p{P}\p{S}\p{Z}\p{Cc}\p{Cf}]/u;

  document.head.append(make("style", {}, `
    .comparing main { max-width: 38rem; }
    .pair { margin-block: .6em; }
    .pair > .theirs { font-family: serif; color: var(--ink); border-inline-start: 2px solid var(--line); padding-inline-start: .9em; margin-block: .35em; }
    [data-face="sans"] .pair > .theirs { font-family: sans-serif; }
    .pair > * > :is(h1, h2, h3, h4, h5, h6, figure, .table, pre, ul, ol, blockquote):first-child { margin-block-start: .4em; }
    .pair .alone { color: var(--soft); }
    mark.differs { color: var(--ink); background: color-mix(in srgb, var(--accent) 16%, transparent); box-shadow: inset 0 -1px var(--accent); border-radius: 0; }
    @media (min-width: 48em) {
      .comparing main { max-width: 74rem; }
      .pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); column-gap: 2.5rem; }
      .pair > * { grid-column: 1; }
      .pair > .theirs { grid-column: 2; border: 0; padding: 0; margin: 0; }
      .pair > .both { grid-column: 1 / -1; }
    }`));

  function make(tag, attributes = {}, ...content) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...content);
    return element;
  }

  {# --- The other edition's page: from a server as it is, from disk (where nothing can be fetched) by the search's texts #}

  async function readPage(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const read = page.querySelector("article");
    for (const [selector, name] of [["[href]", "href"], ["[src]", "src"]]) {
      for (const one of read.querySelectorAll(selector)) one.setAttribute(name, new URL(one.getAttribute(name), address).href);
    }
    return read;
  }

  function index(folder, names) {
    const before = window.publishSearch;
    const found = new Map();
    window.publishSearch = { ...before, add: (name, data) => found.set(name, data) };
    const loads = names.map((name) => new Promise((resolve, reject) => {
      const script = make("script", { src: new URL(`${name}.js`, folder) });
      script.onload = () => { script.remove(); resolve(); };
      script.onerror = () => { script.remove(); reject(new Error(name)); };
      document.head.append(script);
    }));
    return Promise.all(loads).then(() => names.map((name) => found.get(name))).finally(() => {
      if (before) window.publishSearch = before;
      else delete window.publishSearch;
    });
  }

  async function readTexts(address, key) {
    const folder = new URL("search/", address);
    const [{ chapters, shards }] = await index(folder, ["index"]);
    const number = chapters.findIndex(([one]) => one === key);
    const texts = await index(folder, [...Array(shards).keys()].map((one) => `text-${one}`));
    const rows = texts.flat().find(([one]) => one === number)?.[1] ?? [];
    const read = make("article");
    for (const [id, text, level] of rows) {
      if (read.lastChild?.id !== id) read.append(make(level ? `h${level}` : "p", { id }, text));
      {# More under one id: the rest of a list or a table; behind a paragraph, what has no id of its own. #}
      else if (!document.getElementById(id)?.matches("p, h1, h2, h3, h4, h5, h6")) read.lastChild.append(make("br"), text);
    }
    return read;
  }

  {# --- Which passages belong together #}

  {# The passages of an article with names that both editions share: ids, and what stands behind them by its kind. #}
  function passages(of) {
    const met = new Map();
    let last = "";
    return [...of.children].filter((one) => !one.matches(".part-title, .notes-title")).map((element) => {
      const id = element.id || element.querySelector("[id]")?.id;
      last = id ?? last;
      const kind = `${last} ${element.matches(".code") ? "PRE" : element.tagName}`;
      met.set(kind, (met.get(kind) ?? 0) + 1);
      return [id ?? `${kind} ${met.get(kind)}`, element];
    });
  }

  function* pairs(own, theirs) {
    const places = new Map(theirs.map(([name], at) => [name, at]));
    let next = 0;
    for (const [name, element] of own) {
      const at = places.get(name) ?? -1;
      for (; next < at; next += 1) yield [null, theirs[next][1]];
      yield [element, at < 0 ? null : theirs[at][1]];
      next = Math.max(next, at + 1);
    }
    for (; next < theirs.length; next += 1) yield [null, theirs[next][1]];
  }

  {# --- What differs #}

  let letters;

  {# Characters that regions write for one another are no difference between scripts, nor is what stands around words. #}
  async function folding(tag) {
    const script = (of) => of.split("-").find((part) => part.length === 4);
    if (script(tag) === script(document.documentElement.lang)) return (letter) => letter;
    if (!letters) {
      const [{ letters: rows }] = await index(new URL("search/", location.href), ["index"]);
      letters = new Map(rows.split(" ").flatMap((row) => [...row].map((letter) => [letter, [...row][0]])));
    }
    return (letter) => (SKIPPED.test(letter) ? "" : letters.get(letter) ?? letter.toLowerCase());
  }

  function textNodes(element) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("annotation, button")) found.push(walker.currentNode);
    return found;
  }

  {# The characters of a text that are compared, and where each begins. #}
  function units(text, fold) {
    const found = [];
    let at = 0;
    for (const letter of text) {
      const folded = fold(letter);
      if (folded && !/\s/.test(letter)) found.push([folded, at, at + letter.length]);
      at += letter.length;
    }
    return found;
  }

  {# Which units of either text have no equal in the other (Myers, An O(ND) Difference Algorithm, 1986). #}
  function differing(a, b) {
    const lone = [new Set(a.keys()), new Set(b.keys())];
    const trace = [];
    let ends = new Map([[1, 0]]);
    for (let steps = 0; steps <= Math.min(MOST, a.length + b.length); steps += 1) {
      trace.push(new Map(ends));
      for (let line = -steps; line <= steps; line += 2) {
        const down = line === -steps || (line !== steps && ends.get(line - 1) < ends.get(line + 1));
        let x = down ? ends.get(line + 1) : ends.get(line - 1) + 1;
        while (x < a.length && x - line < b.length && a[x][0] === b[x - line][0]) x += 1;
        ends.set(line, x);
        if (x < a.length || x - line < b.length) continue;
        walkBack(trace, a.length, b.length, (i, j) => { lone[0].delete(i); lone[1].delete(j); });
        return lone;
      }
    }
    return lone;
  }

  function walkBack(trace, m, n, equal) {
    let x = m, y = n;
    for (let steps = trace.length - 1; steps >= 0 && (x > 0 || y > 0); steps -= 1) {
      const ends = trace[steps], line = x - y;
      const down = line === -steps || (line !== steps && ends.get(line - 1) < ends.get(line + 1));
      const from = steps ? (down ? line + 1 : line - 1) : 0;
      const before = steps ? ends.get(from) : 0;
      while (x > before && y > before - from && (x > 0 && y > 0)) equal(--x, --y);
      if (steps) { x = before; y = before - from; }
    }
  }

  {# The stretches to mark: each whole word in which something differs, where the browser knows words. #}
  function stretches(text, all, lone, lang) {
    const marked = [...lone].sort((one, other) => one - other).map((unit) => all[unit].slice(1));
    const words = "Segmenter" in Intl ? new Intl.Segmenter(lang, { granularity: "word" }).segment(text) : null;
    const out = [];
    for (const [start, end] of marked) {
      const word = words?.containing(start);
      const [from, to] = word?.isWordLike ? [word.index, word.index + word.segment.length] : [start, end];
      if (out.length && from <= out.at(-1)[1]) out.at(-1)[1] = Math.max(out.at(-1)[1], to);
      else out.push([from, Math.max(to, end)]);
    }
    return out;
  }

  function mark(nodes, ranges) {
    let at = 0;
    const wanted = [...ranges];
    for (const start of nodes) {
      let node = start;
      const end = at + node.length;
      while (wanted.length && wanted[0][0] < end) {
        const [from, to] = wanted[0];
        const inside = from > at ? node.splitText(from - at) : node;
        const rest = Math.min(to, end) - Math.max(from, at);
        const behind = rest < inside.length ? inside.splitText(rest) : null;
        const made = make("mark", { class: "differs" });
        inside.replaceWith(made);
        made.append(inside);
        if (to > end) wanted[0] = [end, to];
        else wanted.shift();
        at = Math.min(to, end);
        if (!behind) break;
        node = behind;
      }
      at = end;
    }
  }

  function markDifferences(own, theirs, fold, lang) {
    const sides = [own, theirs].map((element) => {
      const nodes = textNodes(element);
      const text = nodes.map((node) => node.data).join("");
      return { nodes, text, all: units(text, fold) };
    });
    const lone = differing(sides[0].all, sides[1].all);
    for (const [at, { nodes, text, all }] of sides.entries()) {
      mark(nodes, stretches(text, all, lone[at], at ? lang : document.documentElement.lang));
    }
    return lone[0].size + lone[1].size;
  }

  {# --- Showing #}

  let before = null;

  function hide() {
    if (!before) return;
    const at = here();
    article.replaceChildren(...before);
    before = null;
    document.body.classList.remove("comparing");
    document.getElementById(at?.id)?.scrollIntoView();
    dispatchEvent(new Event("laid-out"));
  }

  const here = () => [...article.querySelectorAll("[id]")].find((one) => one.getClientRects().length && one.getBoundingClientRect().bottom > 80);

  function row(own, theirs, fold, lang) {
    const made = make("div", { class: "pair" });
    const mine = own?.cloneNode(true);
    const other = theirs && make("div", { class: "theirs", lang }, document.importNode(theirs, true));
    for (const one of other?.querySelectorAll("[id]") ?? []) one.removeAttribute("id");
    if (mine) made.append(make("div", {}, mine));
    if (other) made.append(other);
    const same = mine?.matches("pre, .code, figure, hr, .formula") && (!other || !markDifferences(mine, other, fold, lang));
    if (same) {
      other?.remove();
      made.firstChild.className = "both";
    } else if (!mine || !other) made.firstChild.classList.add("alone");
    else if (!mine.matches("pre, .code, figure, hr, .formula")) markDifferences(mine, other, fold, lang);
    return made;
  }

  {# Put the same page of another edition, whose link this is, beside this one; one that is shown goes first. #}
  async function show(link) {
    const address = new URL(link.getAttribute("href"), location.href);
    address.hash = "";
    const { page } = document.documentElement.dataset;
    const theirs = location.protocol === "file:" ? await readTexts(address, page) : await readPage(address);
    const fold = await folding(link.lang);
    hide();
    const at = here();
    before = [...article.children];
    const rows = [...pairs(passages(article), passages(theirs))].map(([own, other]) => row(own, other, fold, link.lang));
    const title = article.querySelector(":scope > .part-title");
    article.replaceChildren(...(title ? [title] : []), ...rows);
    document.body.classList.add("comparing");
    document.getElementById(at?.id)?.scrollIntoView();
    dispatchEvent(new Event("laid-out"));
  }

  window.publishCompare = { show, hide };
})();
