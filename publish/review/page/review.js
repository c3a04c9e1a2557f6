// The review's page: shows one place of doubt after another and sends what the editor decides. No library, no network
// but the server that gave this file; all text goes in as text, never as markup.
"use strict";

// What is said on this page, in the reader's language; `t` fills in the values that stand in braces.
const WORDS = JSON.parse(document.getElementById("words").textContent);
const t = (text, values = {}) =>
  (WORDS[text] || text).replace(/\{(\w+)\}/g, (field, name) => (name in values ? values[name] : field));

const REASONS = {
  opinions: t("the two readings differ"),
  rule: t("changed by a rule"),
  hard: t("this character is always hard to tell"),
  join: t("a word lies across markup"),
  cut: t("markup cuts a word whose length changed"),
  phrase: t("this word has another sense as well"),
  quote: t("a quotation mark without its partner"),
  name: t("a term or name that may be part of another word"),
  spelling: t("this word is spelled in two ways here"),
  asked: t("you asked about it"),
  decided: t("decided already"),
};
const VOICES = {
  opencc: "OpenCC", words: t("read by words"), lexicon: t("by frequency"), joined: t("read as one"), apart: t("read apart"),
  neighbours: t("by its neighbours"), rule: t("a rule"),
};
const SCOPES = ["place", "like", "everywhere"];
const OPENING = 500; // milliseconds between two looks at a book that is being read
const POLL = 4000; // milliseconds between two looks at the disk

const $ = (id) => document.getElementById(id);
const token = keepToken();
let book = null; // the state of one edition, as the server gave it
let at = ""; // the place that is shown
let scope = "place";
let shownChapter = ""; // the chapter in the reading column, with the edition
let noted = ""; // the place that the comment is about
let marked = null; // the word that is marked in the reading column: { unit, start, end }
let stale = false; // whether that column may read otherwise now
const ahead = []; // decisions that are shown and not yet written: { ids, form }
let waiting = 0; // steps that are not done yet
let queue = Promise.resolve();

// The address carries the token behind its #, which browsers send to nobody; it is kept for this tab only.
function keepToken() {
  const given = location.hash.slice(1);
  if (given.length > 30) {
    sessionStorage.setItem("token", given);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem("token") || "";
}

async function ask(path, body) {
  const headers = { "X-Publish-Token": token };
  if (body) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Error(t("publish does not answer: it has probably been stopped. What was decided is written."));
  }
  const data = await answer.json();
  if (answer.status === 403) throw new Error(t("This page has expired. Open the address that the terminal shows now."));
  if (data.gone) {
    await load(book.edition);
    throw new Error(t("The text has changed, and this place is gone; nothing was written."));
  }
  if (!answer.ok) throw new Error(t("Nothing was written. {problem}", data));
  return data;
}

function say(text, problem = false) {
  $("notice").textContent = text;
  $("notice").classList.toggle("problem", problem);
}

const element = (name, text = "", attributes = {}) => {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

// --- what is shown ---------------------------------------------------------------------------------------------------

async function load(edition = "") {
  book = await ask(`api/state?edition=${encodeURIComponent(edition)}`);
  if (book.opening) setTimeout(() => later(() => load(book.edition || edition), false), OPENING);
  showAhead();
  shownChapter = "";
  drawFrame();
  const order = places();
  if (!order.includes(at)) at = order.find(isOpen) || order[0] || "";
  draw();
}

const tag = () => (book.editions.find((one) => one.key === book.edition) || {}).tag || "";
const place = (id) => book.places[id];
const isOpen = (id) => !place(id).decided;
const question = (id) => book.questions.find((one) => one.places.includes(id));

// Whether a place has what is looked for: in its forms, in its sentence, in what it may become.
function found(one) {
  const words = $("find").value.trim();
  return !words || [...one.options, one.now, one.source.join(""), one.target.join("")].some((text) => text.includes(words));
}

function wanted(id) {
  const one = place(id);
  const chapter = $("chapter").value, reason = $("reason").value;
  return (
    (!chapter || one.chapter === chapter) &&
    (!reason || one.reason === reason) &&
    (found(one) || id === at) &&
    ($("decided").checked || !one.decided || id === at)
  );
}

// The server tells places in the order of the text, and questions with the most doubtful first.
const places = () =>
  ($("order").value === "place" ? Object.keys(book.places) : book.questions.flatMap((one) => one.places)).filter(wanted);

function inOrder(questions) {
  if ($("order").value !== "place") return questions;
  const number = new Map(Object.keys(book.places).map((id, at) => [id, at]));
  const first = (one) => Math.min(...one.places.filter(wanted).map((id) => number.get(id)));
  return [...questions].sort((a, b) => first(a) - first(b));
}

function drawFrame() {
  document.title = t("{title} · review of the conversion", book);
  $("title").textContent = book.title;
  $("file").textContent = book.file;
  $("editions").replaceChildren(
    ...book.editions.map((one) => {
      const button = element("button", one.name, { type: "button", "aria-pressed": one.key === book.edition });
      button.addEventListener("click", () => later(() => load(one.key)));
      return button;
    }),
  );
  const all = Object.values(book.places);
  fill("chapter", t("The whole book"), book.chapters.filter((one) => all.some((each) => each.chapter === one.key)), "key", "title");
  const reasons = [...new Set(all.map((one) => one.reason))].map((key) => ({ key, title: REASONS[key] || key }));
  fill("reason", t("Any reason"), reasons, "key", "title");
}

function fill(id, all, rows, key, title) {
  const before = $(id).value;
  $(id).replaceChildren(new Option(all, ""), ...rows.map((one) => new Option(one[title], one[key])));
  $(id).value = rows.some((one) => one[key] === before) ? before : "";
}

function draw() {
  drawProgress();
  drawList();
  drawPlace();
  if (!book.opening) run(drawText);
}

function drawProgress() {
  const one = book.editions.find((each) => each.key === book.edition);
  const [open, decided] = one ? [one.open, one.decided] : [0, 0];
  $("bar").max = Math.max(open + decided, 1);
  $("bar").value = decided;
  $("count").textContent = open ? t("{decided} decided, {open} to decide", { decided, open }) : t("{decided} places, all decided", { decided });
  const opening = book.opening;
  $("opening").hidden = !opening;
  if (opening) {
    $("opening").textContent = opening.total ? t("reading, {done} of {total} chapters …", opening) : t("reading …");
    $("reading-title").textContent = t("The text follows when the book is read.");
  }
  $("undo").disabled = !book.undo && !waiting;
  $("redo").disabled = !book.redo;
}

function drawList() {
  const now = at && question(at);
  const rows = inOrder(book.questions.filter((one) => one.places.some(wanted)))
    .map((one) => {
      const open = one.places.filter(isOpen).length;
      const row = element("li");
      const button = element("button", "", { type: "button" });
      if (one === now) button.setAttribute("aria-current", "true");
      if (!open) button.className = "settled";
      button.append(
        drawTerm(one),
        element("span", one.options.join("　"), { class: "forms", lang: tag() }),
        element("span", open ? (one.places.length > 1 ? t("{open} places", { open }) : "") : t("decided"), { class: "left" }),
      );
      button.addEventListener("click", () => go(one.places.filter(wanted).find(isOpen) || one.places.find(wanted)));
      row.append(button);
      return row;
    });
  $("questions").replaceChildren(...rows);
  const current = $("questions").querySelector("[aria-current]");
  if (current) reveal($("questions"), current);
}

// A term of the list, with the neighbour that its places share.
function drawTerm(one) {
  const made = element("span", "", { class: "term", lang: book.source });
  const [before, after] = one.like || ["", ""];
  const near = (text) => (text.length === 1 ? [element("span", text, { class: "near" })] : []);
  made.append(...near(before), one.term, ...near(after));
  return made;
}

// Scroll a box, and nothing but this box, so that something in it can be seen.
function reveal(box, inside) {
  const outer = box.getBoundingClientRect(), inner = inside.getBoundingClientRect();
  if (inner.top < outer.top || inner.bottom > outer.bottom)
    box.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
}

function drawPlace() {
  const none = !at;
  $("card").hidden = none;
  $("nothing").hidden = !none;
  if (none) {
    const filtered = $("chapter").value || $("reason").value;
    $("nothing").textContent = book.opening ? t("reading …") : filtered ? t("There is nothing left to decide here.") : t("This edition has nothing left to decide: sign it off.");
    return;
  }
  const one = place(at);
  const order = places();
  $("number").textContent = t("Place {number} of {count}", { number: order.indexOf(at) + 1, count: order.length });
  $("where").textContent = one.line ? `${one.file}:${one.line}` : one.file;
  $("done").hidden = !one.decided;
  $("shared").hidden = book.editions.length < 2;
  sentence("source", one.source, book.source);
  sentence("target", one.target, tag());
  $("why").textContent = [REASONS[one.reason] || one.words, one.why].filter(Boolean).join(t(". "));
  drawScopes(one);
  drawOptions(one);
  if (noted !== at) {
    $("own").hidden = true;
    $("note").value = (one.decided && one.decided.note) || "";
  }
  noted = at;
}

function sentence(id, parts, lang) {
  $(id).lang = lang;
  $(id).replaceChildren(parts[0], element("mark", parts[1]), parts[2]);
}

// Which scopes there are for a place: all like it only where there are more, and the whole book.
function scopes(one) {
  const like = question(at).like;
  if (!like) return { place: t("only here") };
  const [before, after] = like;
  const [front, behind] = [before && t(" after “{before}”", { before }), after && t(" before “{after}”", { after })];
  const found = { place: t("only here") };
  if (front || behind) found.like = t("each “{term}”{front}{behind}", { term: one.term, front, behind });
  found.everywhere = t("“{term}” in the whole book", { term: one.term });
  return found;
}

function drawScopes(one) {
  const named = scopes(one);
  if (!(scope in named)) scope = "place";
  const buttons = SCOPES.filter((key) => key in named).map((key) => {
    const button = element("button", named[key], { type: "button", role: "radio", "aria-checked": key === scope });
    button.tabIndex = key === scope ? 0 : -1;
    button.addEventListener("click", () => setScope(key));
    return button;
  });
  $("scopes").hidden = buttons.length < 2;
  if (buttons.length > 1) buttons[buttons.length - 1].append(element("kbd", "a"));
  $("scopes").replaceChildren(...buttons);
}

function setScope(key) {
  scope = key;
  const focused = $("scopes").contains(document.activeElement);
  drawScopes(place(at));
  if (focused) $("scopes").querySelector("[aria-checked=true]").focus();
}

function nextScope(step = 1) {
  const known = SCOPES.filter((key) => key in scopes(place(at)));
  setScope(known[(known.indexOf(scope) + step + known.length) % known.length]);
}

function drawOptions(one) {
  const buttons = one.options.map((form, number) => {
    const who = one.said.filter(([, said]) => said === form).map(([name]) => VOICES[name] || name);
    const notes = [...who, number === 0 ? t("what is chosen by itself") : "", one.decided && form === one.now ? t("your decision") : ""];
    const button = element("button", "", { type: "button" });
    if (form === one.now) button.className = "now";
    button.append(
      element("kbd", String(number + 1)),
      element("span", form, { class: "form", lang: tag() }),
      element("span", notes.filter(Boolean).join(" · "), { class: "who" }),
    );
    button.addEventListener("click", () => run(() => decide({ form })));
    return button;
  });
  $("options").replaceChildren(...buttons);
}

const chapterNow = () => (at ? place(at).chapter : $("chapter").value || (book.chapters[0] || {}).key || "");

async function drawText() {
  const chapter = chapterNow();
  const key = `${book.edition} ${chapter}`;
  if (key !== shownChapter || (stale && !waiting)) {
    stale = false;
    const address = `api/chapter?edition=${encodeURIComponent(book.edition)}&chapter=${encodeURIComponent(chapter)}`;
    const units = await ask(address);
    shownChapter = key;
    $("text").lang = tag();
    $("text").replaceChildren(...units.map(drawUnit));
  }
  const named = (book.chapters.find((one) => one.key === chapter) || {}).title;
  $("reading-title").textContent = named ? t("“{named}” reads now", { named }) : t("Title, authors and the like read now");
  markText();
}

// The places in the reading column as they are decided now, and the one that is shown.
function markText() {
  for (const link of $("text").querySelectorAll("a")) {
    const one = place(link.dataset.place);
    if (one) {
      link.textContent = one.target[1];
      link.classList.toggle("decided", one.decided);
    }
    if (link.dataset.place === at) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  const current = $("text").querySelector("[aria-current]");
  if (current) reveal($("text"), current);
}

function drawUnit(unit) {
  const made = element("p", "", { class: unit.kind, "data-unit": unit.unit });
  if (unit.level) made.classList.add(`level-${unit.level}`);
  for (const piece of unit.pieces) {
    if (!piece.place) {
      made.append(piece.text);
      continue;
    }
    const link = element("a", piece.text, { href: "#place" });
    link.dataset.place = piece.place;
    link.classList.toggle("decided", piece.decided);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      go(piece.place);
    });
    made.append(link);
  }
  return made;
}

// --- what is done ----------------------------------------------------------------------------------------------------

async function run(action) {
  try {
    await action();
  } catch (problem) {
    say(problem.message, true);
  }
}

// Steps are done one after another, in the order in which they were asked for; none is dropped.
function later(action, counts = true) {
  waiting += counts;
  queue = queue.then(async () => {
    await run(action);
    waiting -= counts;
    if (!waiting && book) draw();
  });
}

const go = (id) => {
  if (!id) return;
  if (!wanted(id)) $("chapter").value = $("reason").value = "";
  at = id;
  scope = "place";
  if (!wanted(id)) $("decided").checked = true;
  draw();
};

function step(by) {
  const order = places();
  const now = order.indexOf(at);
  if (order.length) go(order[Math.min(Math.max(now + by, 0), order.length - 1)]);
}

// The next open place behind this one, else the first one; this one where none is open.
function onward() {
  const order = places();
  const now = order.indexOf(at);
  at = [...order.slice(now + 1), ...order.slice(0, now)].find(isOpen) || at;
  scope = "place";
}

// A decision shows at once, and is written behind what was decided before it.
function decide(choice) {
  if (!at) return;
  const told = book, { edition } = book, id = at, how = scope, one = place(id);
  const form = choice.keep ? one.term : choice.form, shared = $("shared-on").checked;
  const step = { ids: settledBy(id, how), form }, note = $("note").value.trim();
  noted = "";
  const before = step.ids.map((each) => [each, { ...place(each) }]);
  ahead.push(step);
  showAhead();
  count(step.ids.length);
  onward();
  draw();
  later(async () => {
    try {
      const done = await ask("api/decide", { edition, place: id, scope: how, shared, note, ...choice });
      ahead.shift();
      const many = done.settled > 1 ? t(", {settled} places", done) : "";
      const others = done.shared.length ? t("; the same for {names}", { names: done.shared.join(t(", ")) }) : "";
      await take(done, edition, t("Written: {term} → {form}{many}{others}. u undoes it.", { term: one.term, form, many, others }));
    } catch (problem) {
      ahead.splice(ahead.indexOf(step), ahead.includes(step) ? 1 : 0);
      if (book === told) {
        for (const [each, was] of before) book.places[each] = was;
        count(-step.ids.length);
        at = id;
      }
      throw problem;
    }
  });
}

// The open places that a decision settles; the server tells of others with the same words around them.
function settledBy(id, how) {
  const like = question(id).places, { term } = place(id);
  const met = how === "place" ? [id] : how === "like" ? like : Object.keys(book.places).filter((each) => place(each).term === term);
  return met.filter((each) => each === id || isOpen(each));
}

// What is decided and not yet written, laid over what the server told.
function showAhead() {
  for (const { ids, form } of ahead) {
    for (const one of ids.map(place).filter(Boolean)) {
      Object.assign(one, { decided: true, now: form, target: [one.target[0], form, one.target[2]] });
    }
  }
}

function count(settled) {
  const one = book.editions.find((each) => each.key === book.edition);
  one.open = Math.max(0, one.open - settled);
  one.decided += settled;
}

// What the server has changed, put into the page; the place moves on where another decision has settled it.
async function take(done, edition, words) {
  const open = at && isOpen(at);
  if (done.reload) {
    await load(book.edition);
  } else {
    book.revision = done.revision;
    book.undo = done.undo;
    book.redo = done.redo;
    if (!ahead.length) book.editions = done.editions;
    if (edition === book.edition) Object.assign(book.places, done.places);
    showAhead();
  }
  stale = true;
  if (open && !isOpen(at)) onward();
  draw();
  say([done.notice, words].filter(Boolean).join(""));
}

const undo = () =>
  later(async () => {
    if (!book.undo) return;
    const done = await ask("api/undo", {});
    const back = Object.keys(done.places || {}).find((id) => done.places[id].term === (done.row || "").split(":")[0]);
    if (back && place(back)) at = back;
    await take(done, book.edition, t("Undone."));
  });

const redo = () =>
  later(async () => {
    if (!book.redo) return;
    await take(await ask("api/redo", {}), book.edition, t("Done again."));
  });

// All that is open in the chapter of the reading column stays as it reads.
function settle() {
  const { edition } = book, chapter = chapterNow(), shared = $("shared-on").checked;
  const left = Object.values(book.places).filter((one) => one.chapter === chapter && !one.decided).length;
  if (!left || !confirm(t("Settle {left} places of this chapter as they read now?", { left }))) return;
  later(async () => {
    const done = await ask("api/settle", { edition, chapter, shared });
    await take(done, edition, t("Settled: {settled} places. u undoes it.", done));
  });
}

// The word that is marked in the reading column, as places in the text of its paragraph.
function markedWord() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed || !$("text").contains(chosen.anchorNode)) return null;
  const range = chosen.getRangeAt(0), inside = range.startContainer.parentElement.closest("#text p");
  if (!inside || !inside.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.setStart(inside, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = [...before.toString()].length, length = [...range.toString()].length;
  return length ? { unit: Number(inside.dataset.unit), start, end: start + length } : null;
}

function correct() {
  const word = markedWord() || marked, { edition } = book;
  if (!word) return;
  later(async () => {
    const made = await ask("api/ask", { edition, ...word });
    getSelection().removeAllRanges();
    await load(edition);
    go(made.place);
    writeOwn();
  });
}

const openSource = () =>
  at && run(async () => {
    const { href } = await ask("api/open", { edition: book.edition, place: at });
    if (href) location.href = href;
    else say(t("Opened in the editor"));
  });

function addTerm() {
  if (!at) return;
  const { edition, glossary } = book, id = at, one = place(id), form = one.now;
  const keep = form === one.term;
  const text = keep ? t("“{term}” as a name to keep", one) : `“${one.term} → ${form}”`;
  if (!confirm(t("Put {text} into {glossary}? It then holds for the whole book, whatever stands around it.", { text, glossary }))) return;
  later(async () => {
    const done = await ask("api/glossary", { edition, place: id, ...(keep ? { keep } : { form }) });
    await take(done, edition, t("In the glossary: {term} → {form}. u undoes it.", { term: one.term, form }));
  });
}

function writeOwn() {
  if (!at) return;
  $("own").hidden = false;
  $("own-form").lang = tag();
  $("own-form").value = place(at).now;
  $("own-form").select();
  $("own-form").focus();
}

function help() {
  if ($("help").open) $("help").close();
  else $("help").showModal();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  a: () => at && nextScope(),
  p: () => decide({ keep: true }),
  e: writeOwn,
  g: addTerm,
  u: undo,
  r: redo,
  c: correct,
  o: openSource,
  n: () => $("note").focus(),
  "/": () => $("find").focus(),
  "?": help,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !book || event.isComposing) return;
  const inField = event.target.matches("input:not([type=checkbox]), select");
  if (event.key === "Escape" && !$("own").hidden) $("own").hidden = true;
  if (inField || ($("help").open && event.key !== "?")) return;
  if (event.target.getAttribute("role") === "radio" && event.key.startsWith("Arrow")) {
    event.preventDefault();
    return nextScope(["ArrowLeft", "ArrowUp"].includes(event.key) ? -1 : 1);
  }
  const number = Number(event.key);
  if (number >= 1 && at && place(at).options[number - 1]) {
    event.preventDefault();
    return decide({ form: place(at).options[number - 1] });
  }
  const action = KEYS[event.key];
  if (action) {
    event.preventDefault();
    action();
  }
});

$("undo").addEventListener("click", undo);
$("redo").addEventListener("click", redo);
$("settle").addEventListener("click", settle);
$("correct").addEventListener("click", correct);
$("where").addEventListener("click", openSource);
// A press on the button would take the selection away before it is read.
document.addEventListener("selectionchange", () => {
  const word = markedWord();
  if (word || document.activeElement !== $("correct")) marked = word;
  $("correct").disabled = !marked;
});
$("correct").addEventListener("pointerdown", (event) => event.preventDefault());
$("note").addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === "Escape") $("note").blur();
});
$("find").addEventListener("input", () => draw());
$("protect").addEventListener("click", () => decide({ keep: true }));
$("glossary").addEventListener("click", addTerm);
$("write").addEventListener("click", writeOwn);
$("previous").addEventListener("click", () => step(-1));
$("next").addEventListener("click", () => step(1));
$("help-open").addEventListener("click", help);
$("help-close").addEventListener("click", help);
$("own-cancel").addEventListener("click", () => { $("own").hidden = true; });
$("own").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = $("own-form").value.trim();
  if (form) decide({ form });
});
for (const id of ["chapter", "reason", "order", "decided"])
  $(id).addEventListener("change", () => {
    const order = places();
    if (id === "order") return draw();
    if (!at || !wanted(at) || !order.includes(at) || !isOpen(at)) at = order.find(isOpen) || order[0] || "";
    draw();
  });

async function look() {
  if (!book || book.opening || waiting || document.hidden) return;
  const now = await ask("api/revision");
  if (now.revision === book.revision || waiting) return;
  await load(book.edition);
  say(now.notice || t("The text or the decisions were changed elsewhere, and have been read again."));
}

addEventListener("beforeunload", (event) => {
  if (waiting) event.preventDefault();
});

run(() => load());
setInterval(() => run(look), POLL);
