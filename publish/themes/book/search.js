/* The search of the whole book: loaded when it is first asked for, from a server or from disk. */
(() => {
  "use strict";
  const words = {{ {"search": words.search_in_book, "close": words.close, "headings": words.headings, "hits": words.hits, "more": words.more_hits, "first": words.first_hits, "none": words.no_hits, "failed": words.search_failed}|tojson }};
  const folder = new URL("../search/", document.currentScript.src);
  const look = document.createElement("style");
  look.textContent = {{ sheet|tojson }};
  document.head.prepend(look);
  const SHOWN = 4; // hits of a chapter before it is asked for more
  const MOST = 400; // hits at all
  const FORMS = 16; // ways of writing one phrase
  const SKIPPED = /[\p{P}\p{S}\p{Z}\p{Cc}\p{Cf}]/u;

  // --- The index, in scripts that call `add`

  const waiting = new Map();
  const loaded = new Map();

  function load(name) {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((resolve, reject) => {
        waiting.set(name, resolve);
        const script = document.createElement("script");
        script.src = new URL(`${name}.js`, folder);
        script.onerror = () => { loaded.delete(name); script.remove(); reject(new Error(name)); };
        document.head.append(script);
      }));
    }
    return loaded.get(name);
  }

  // --- Characters and words that mean the same

  let letters;

  async function readIndex() {
    const index = await load("index");
    letters ??= new Map(index.letters.split(" ").flatMap((row) => [...row].map((letter) => [letter, [...row][0]])));
    return index;
  }

  function foldLetter(letter) {
    const code = letter.codePointAt(0);
    const plain = code > 0xff00 && code < 0xff5f ? String.fromCodePoint(code - 0xfee0) : letter;
    if (SKIPPED.test(plain)) return "";
    const lower = plain.toLowerCase();
    const one = [...lower].length === 1 ? lower : plain;
    return letters.get(one) ?? one;
  }

  /** A text folded, and for each place in it the place in the text where its letter begins and ends. */
  function fold(text) {
    let folded = "";
    const from = [];
    const to = [];
    let at = 0;
    for (const letter of text) {
      const one = foldLetter(letter);
      for (let unit = 0; unit < one.length; unit += 1) {
        from.push(at);
        to.push(at + letter.length);
      }
      folded += one;
      at += letter.length;
    }
    return { folded, from, to };
  }

  /** A phrase as this edition may write it: with its own words in the place of other regions'. */
  function forms(phrase, index) {
    const found = [phrase];
    for (const [other, ...own] of index.words) {
      for (const form of found.filter((one) => one.includes(other))) {
        for (const word of own) {
          const made = form.replaceAll(other, word);
          if (found.length < FORMS && !found.includes(made)) found.push(made);
        }
      }
    }
    return found;
  }

  // --- Finding

  function pairs(phrase) {
    const units = [...phrase];
    return units.length === 1 ? units : units.slice(1).map((unit, at) => units[at] + unit);
  }

  async function shardsOf(pair, index) {
    const bucket = [...pair].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % index.buckets;
    const text = ` ${await load(`pairs-${bucket}`)} `;
    const at = text.indexOf(` ${pair}:`);
    if (at < 0) return new Set();
    const begin = at + pair.length + 2;
    return new Set([...text.slice(begin, text.indexOf(" ", begin))].map((letter) => letter.charCodeAt(0) - 0x100));
  }

  /** The shards that may hold each of the phrases in one of its forms. */
  async function candidates(phrases, index) {
    const every = [...Array(index.shards).keys()];
    if (!index.buckets) return every;
    let left = every;
    for (const phrase of phrases) {
      const here = new Set();
      for (const form of phrase) {
        const sets = await Promise.all(pairs(form).map((pair) => shardsOf(pair, index)));
        for (const shard of every) if (sets.every((set) => set.has(shard))) here.add(shard);
      }
      left = left.filter((shard) => here.has(shard));
    }
    return left;
  }

  const foldedRows = new WeakMap();

  function rangesIn(row, phrases) {
    if (!foldedRows.has(row)) foldedRows.set(row, fold(row[1]));
    const { folded, from, to } = foldedRows.get(row);
    const ranges = [];
    for (const phrase of phrases) {
      const before = ranges.length;
      for (const form of phrase) {
        for (let at = folded.indexOf(form); at >= 0; at = folded.indexOf(form, at + form.length)) {
          ranges.push([from[at], to[at + form.length - 1]]);
        }
      }
      if (ranges.length === before) return [];
    }
    return joined(ranges);
  }

  function joined(ranges) {
    const out = [];
    for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
      const last = out.at(-1);
      if (last && from <= last[1]) last[1] = Math.max(last[1], to);
      else out.push([from, to]);
    }
    return out;
  }

  {# Letters may be pinyin: "ruanjian", "xi'an", the last syllable not yet whole. Nothing but whole syllables before it. #}
  let readings;

  async function readPinyin() {
    if (readings) return readings;
    readings = new Map();
    for (const [syllable, chars] of Object.entries(await load("pinyin"))) {
      for (const char of chars) readings.set(char, [...(readings.get(char) ?? []), syllable]);
    }
    return readings;
  }

  {# Where a spelling that begins at a letter of a folded text ends; -1 where it does not fit. #}
  function ending(letters, at, spelling, done, whole) {
    const left = spelling.slice(done).replace(/^'/, "");
    if (!left) return at;
    for (const syllable of readings.get(letters[at]) ?? []) {
      if (left.startsWith(syllable)) {
        const end = ending(letters, at + 1, left, syllable.length, whole + 1);
        if (end >= 0) return end;
      } else if (whole && syllable.startsWith(left)) return at + 1;
    }
    return -1;
  }

  function spelledIn(row, spelling, least) {
    if (!foldedRows.has(row)) foldedRows.set(row, fold(row[1]));
    const { folded, from, to } = foldedRows.get(row);
    const letters = [...folded];
    const ranges = [];
    let unit = 0;
    for (let at = 0; at < letters.length; at += 1) {
      const end = ending(letters, at, spelling, 0, 0);
      if (end >= at + least) {
        const length = letters.slice(at, end).join("").length;
        ranges.push([from[unit], to[unit + length - 1]]);
      }
      unit += letters[at].length;
    }
    return joined(ranges);
  }

  async function spelled(query, index, least, current) {
    const spelling = query.toLowerCase().replaceAll("ü", "v").split(/[\s'’]+/u).filter(Boolean).join("'");
    if (!/^[a-z']{2,}$/.test(spelling)) return [];
    await readPinyin();
    const hits = [];
    for (let shard = 0; shard < index.shards && current(); shard += 1) {
      for (const [chapter, rows] of await load(`text-${shard}`)) {
        for (const row of rows) {
          const ranges = spelledIn(row, spelling, least);
          if (ranges.length) hits.push({ chapter, row, ranges });
          if (hits.length >= MOST) return hits;
        }
      }
    }
    return hits;
  }

  async function find(query, current) {
    const found = await findAsTyped(query, current);
    if (found.cut || !current()) return found;
    {# Words of other languages look like one syllable (long, can), rarely like several: one counts only by itself. #}
    const more = await spelled(query, found.index, found.hits.length ? 2 : 1, current);
    const known = new Set(found.hits.map((hit) => hit.row));
    const hits = [...found.hits, ...more.filter((hit) => !known.has(hit.row))];
    return { ...found, hits, cut: hits.length >= MOST };
  }

  async function findAsTyped(query, current) {
    const index = await readIndex();
    const phrases = query.split(/\s+/u).map((word) => fold(word).folded).filter(Boolean).map((phrase) => forms(phrase, index));
    const hits = [];
    if (!phrases.length) return { hits, index, cut: false };
    for (const shard of await candidates(phrases, index)) {
      for (const [chapter, rows] of await load(`text-${shard}`)) {
        for (const row of rows) {
          const ranges = rangesIn(row, phrases);
          if (ranges.length) hits.push({ chapter, row, ranges });
          if (hits.length >= MOST) return { hits, index, cut: true };
        }
      }
      if (!current()) break;
    }
    return { hits, index, cut: false };
  }

  // --- Showing

  function make(tag, attributes = {}, ...content) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...content);
    return element;
  }

  function snippet(text, ranges, whole) {
    const start = whole ? 0 : Math.max(0, ranges[0][0] - 24);
    const end = whole ? text.length : Math.min(text.length, Math.max(ranges[0][1] + 56, start + 88));
    const out = [start ? "…" : ""];
    let at = start;
    for (const [from, to] of ranges) {
      if (from >= end) break;
      out.push(text.slice(at, from), make("mark", {}, text.slice(from, to)));
      at = to;
    }
    out.push(at < end ? text.slice(at, end) : "", end < text.length ? "…" : "");
    return out;
  }

  function address(key, id, phrase) {
    const fragment = id ? `#${id}` : "";
    const marked = fragment && "fragmentDirective" in document ? `:~:text=${encodeURIComponent(phrase).replaceAll("-", "%2D")}` : "";
    return `${key}.html${fragment}${marked}`;
  }

  function hitLink({ chapter, row: [id, text, level], ranges }, index) {
    const key = index.chapters[chapter][0];
    const link = make("a", { href: address(key, id, text.slice(...ranges[0])) }, ...snippet(text, ranges, level));
    return make("li", {}, link);
  }

  function group(title, hits, index, shown) {
    const list = make("ol", {}, ...hits.slice(0, shown).map((hit) => hitLink(hit, index)));
    const section = make("section", {}, make("h2", {}, title, make("small", {}, words.hits.replace("{}", hits.length))), list);
    if (hits.length > shown) {
      const more = make("button", { type: "button", class: "more" }, words.more.replace("{}", hits.length - shown));
      more.addEventListener("click", () => {
        const rest = hits.slice(shown).map((hit) => hitLink(hit, index));
        list.append(...rest);
        more.remove();
        rest[0].querySelector("a").focus();
      });
      section.append(more);
    }
    return section;
  }

  function groups({ hits, index }) {
    const headings = hits.filter((hit) => hit.row[2]);
    const out = headings.length ? [group(words.headings, headings, index, 2 * SHOWN)] : [];
    index.chapters.forEach(([key, title], chapter) => {
      const here = hits.filter((hit) => hit.chapter === chapter && !hit.row[2]);
      if (here.length) out.push(group(make("a", { href: `${key}.html` }, title), here, index, SHOWN));
    });
    return out;
  }

  const field = make("input", { type: "search", "aria-label": words.search, placeholder: words.search, autocomplete: "off", spellcheck: "false", enterkeyhint: "search" });
  const close = make("button", { type: "submit", class: "close", "aria-label": words.close }, "×");
  const status = make("p", { role: "status", class: "status" });
  const results = make("div", { class: "results" });
  const form = make("form", { method: "dialog", role: "search" }, field, close);
  const dialog = make("dialog", { class: "search", "aria-label": words.search }, form, status, results);
  document.body.append(dialog);

  let asked = 0;

  async function run() {
    const number = asked += 1;
    const query = field.value.trim();
    remember(query);
    try {
      const found = query ? await find(query, () => number === asked) : { hits: [] };
      if (number !== asked) return;
      const count = found.cut ? words.first.replace("{}", MOST) : words.hits.replace("{}", found.hits.length);
      status.textContent = !query ? "" : found.hits.length ? count : words.none.replace("{}", query);
      results.replaceChildren(...(found.hits.length ? groups(found) : []));
      results.scrollTop = 0;
      dialog.dataset.query = query; // answered
    } catch {
      if (number === asked) status.textContent = words.failed;
    }
  }

  function remember(query) {
    try { sessionStorage.setItem("publish.query", query); } catch { /* forbidden */ }
  }

  function remembered() {
    try { return sessionStorage.getItem("publish.query") ?? ""; } catch { return ""; }
  }

  let timer = 0;
  field.addEventListener("input", (event) => {
    if (event.isComposing) return; // letters of an input method, no characters yet
    clearTimeout(timer);
    timer = setTimeout(run, 120);
  });
  field.addEventListener("compositionend", run);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault(); // which would only empty the field
      dialog.close();
    }
    if (event.isComposing || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    const stops = [field, ...results.querySelectorAll("a, button")];
    const at = stops.indexOf(document.activeElement);
    if (event.key === "Enter") {
      if (at !== 0) return;
      event.preventDefault();
      clearTimeout(timer);
      run();
      return;
    }
    event.preventDefault();
    stops[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), stops.length - 1)].focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest(".results a")) dialog.close();
  });

  function open() {
    if (dialog.open) return;
    dialog.showModal();
    if (!field.value && remembered()) {
      field.value = remembered();
      run();
    }
    field.select();
    readIndex().catch(() => { status.textContent = words.failed; });
  }

  window.publishSearch = { add: (name, data) => waiting.get(name)?.(data), open };
  open();
})();
