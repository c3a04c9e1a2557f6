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
const DOWN = 2000; // milliseconds until a server that does not answer is asked again
const MOST = 100; // steps in a request
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
let listed = new Map(); // the rows of the list, by the id of their question
let asked = new Map(); // the question of each place
let order = []; // all places in the order in which they are asked
let filter = {}; // what the fields above the list ask for
const tab = crypto.randomUUID(); // this page: the server does each of its steps once, however often it is sent
const steps = []; // what was pressed and is not done yet: { number, act, body, kept, ids, form, done, failed }
let pressed = 0; // steps of this page so far
let heard = 0; // the last one that the server told the end of
let waiting = 0; // readings of the book that are under way
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
    const left = unkept().length;
    if (left) throw new Error(t("publish does not answer, and {left} decisions have not reached it. Start it again: the page that it opens then brings them along.", { left }));
    throw new Error(t("publish does not answer: it has probably been stopped. What was decided is kept."));
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
  const cursor = (book && book.opening && book.cursor) || "";
  const told = await ask(`api/state?edition=${encodeURIComponent(edition)}&cursor=${cursor}`);
  if (told.opening) setTimeout(() => later(() => load()), OPENING);
  const before = book;
  book = told.more ? { ...told, places: { ...book.places, ...told.places }, questions: merged(book.questions, told.questions) } : told;
  showAhead();
  if (told.more && !Object.keys(told.places).length && before.chapters.length === told.chapters.length) return drawProgress();
  if (!told.opening) shownChapter = "";
  drawFrame();
  arrange();
  if (!place(at)) at = order.find((id) => wanted(id) && isOpen(id)) || order.find(wanted) || "";
  draw();
}

// Questions of the chapters before and of those that have come; a question of both has the places of both.
function merged(before, fresh) {
  const all = new Map(before.map((one) => [one.id, one]));
  for (const one of fresh) all.set(one.id, all.has(one.id) ? { ...one, places: [...all.get(one.id).places, ...one.places] } : one);
  return [...all.values()];
}

const tag = () => (book.editions.find((one) => one.key === book.edition) || {}).tag || "";
const place = (id) => book.places[id];
const isOpen = (id) => !place(id).decided;
const question = (id) => asked.get(id);

// What the fields ask for, read once and not for each of thousands of places.
function readFilter() {
  const [chapter, reason, words] = ["chapter", "reason", "find"].map((id) => $(id).value.trim());
  filter = { chapter, reason, words, decided: $("decided").checked };
}

// Whether a place has what is looked for: in its forms, in its sentence, in what it may become.
const found = (one) =>
  !filter.words || [...one.options, one.now, one.source.join(""), one.target.join("")].some((text) => text.includes(filter.words));

function wanted(id) {
  const one = place(id);
  return (
    (!filter.chapter || one.chapter === filter.chapter) &&
    (!filter.reason || one.reason === filter.reason) &&
    (id === at || ((filter.decided || !one.decided) && found(one)))
  );
}

// The server tells places in the order of the text, and questions with the most doubtful first.
function arrange() {
  readFilter();
  asked = new Map(book.questions.flatMap((one) => one.places.map((id) => [id, one])));
  const inText = $("order").value === "place", number = new Map(Object.keys(book.places).map((id, nth) => [id, nth]));
  const questions = inText ? [...book.questions].sort((a, b) => number.get(a.places[0]) - number.get(b.places[0])) : book.questions;
  order = inText ? [...number.keys()] : questions.flatMap((one) => one.places);
  listed = new Map(questions.map((one) => [one.id, listRow(one)]));
  $("questions").replaceChildren(...[...listed.values()].map((one) => one.row));
}

const places = () => order.filter(wanted);

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
  const all = Object.values(book.places), within = new Set(all.map((one) => one.chapter));
  fill("chapter", t("The whole book"), book.chapters.filter((one) => within.has(one.key)), "key", "title");
  const reasons = [...new Set(all.map((one) => one.reason))].map((key) => ({ key, title: REASONS[key] || key }));
  fill("reason", t("Any reason"), reasons, "key", "title");
}

function fill(id, all, rows, key, title) {
  const before = $(id).value;
  $(id).replaceChildren(new Option(all, ""), ...rows.map((one) => new Option(one[title], one[key])));
  $(id).value = rows.some((one) => one[key] === before) ? before : "";
}

function draw() {
  readFilter();
  drawProgress();
  drawList();
  drawPlace();
  if (!book.opening) run(drawText);
}

function drawProgress() {
  const open = order.filter(isOpen).length, decided = order.length - open;
  $("bar").max = Math.max(open + decided, 1);
  $("bar").value = decided;
  $("count").textContent = open ? t("{decided} decided, {open} to decide", { decided, open }) : t("{decided} places, all decided", { decided });
  const opening = book.opening;
  $("opening").hidden = !opening;
  if (opening) {
    $("opening").textContent = opening.total ? t("reading, {done} of {total} chapters …", opening) : t("reading …");
    $("reading-title").textContent = t("The text follows when the book is read.");
  }
  $("undo").disabled = !book.undo && !steps.length;
  $("redo").disabled = !book.redo;
}

// Which rows of the list are seen, how many places each has left, which one is the current; only what differs is touched.
function drawList() {
  const now = at && question(at), left = new Map(), seen = new Set();
  for (const id of order) {
    const one = asked.get(id);
    if (isOpen(id)) left.set(one, (left.get(one) || 0) + 1);
    if (wanted(id)) seen.add(one);
  }
  for (const { one, row, button, count } of listed.values()) {
    const open = left.get(one) || 0;
    const text = open ? (one.places.length > 1 ? t("{open} places", { open }) : "") : t("decided");
    if (row.hidden === seen.has(one)) row.hidden = !seen.has(one);
    if (count.textContent !== text) {
      count.textContent = text;
      button.classList.toggle("settled", !open);
    }
    if (one !== now && button.hasAttribute("aria-current")) button.removeAttribute("aria-current");
  }
  if (!now) return;
  const { row, button } = listed.get(now.id);
  button.setAttribute("aria-current", "true");
  reveal($("questions"), row);
}

function listRow(one) {
  const row = element("li"), button = element("button", "", { type: "button" }), count = element("span", "", { class: "left" });
  button.append(drawTerm(one), element("span", one.options.join("　"), { class: "forms", lang: tag() }), count);
  button.addEventListener("click", () => go(one.places.filter(wanted).find(isOpen) || one.places.find(wanted)));
  row.append(button);
  return { one, row, button, count };
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
  const shown = places();
  $("number").textContent = t("Place {number} of {count}", { number: shown.indexOf(at) + 1, count: shown.length });
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
  if (buttons.length > 1) {
    const last = buttons[buttons.length - 1];
    last.append(element("kbd", "a"));
    last.lastChild.ariaHidden = "true";
    last.setAttribute("aria-keyshortcuts", "a");
  }
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
  if (key !== shownChapter || (stale && !waiting && !steps.length)) {
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
      if (link.textContent !== one.target[1]) link.textContent = one.target[1];
      link.classList.toggle("decided", Boolean(one.decided));
    }
    if (link.dataset.place === at) link.setAttribute("aria-current", "true");
    else if (link.hasAttribute("aria-current")) link.removeAttribute("aria-current");
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

// The book is read again by one after another.
function later(action) {
  waiting += 1;
  queue = queue.then(async () => {
    await run(action);
    waiting -= 1;
  });
}

// --- steps: shown at once, kept by the server a moment later, done by it in their order --------------------------------

const unkept = () => steps.filter((one) => !one.kept);

function take(step) {
  pressed += 1;
  steps.push({ ...step, number: pressed, kept: false });
  remember();
  send();
}

let sending = false, listening = false;

// One request at a time, with all that has been pressed since the last: so nothing can overtake anything.
async function send() {
  if (sending) return;
  sending = true;
  try {
    for (let mine = unkept(); mine.length; mine = unkept()) {
      await ask("api/steps", parcel(mine.slice(0, MOST)));
      for (const one of mine.slice(0, MOST)) one.kept = true;
      remember();
      listen();
    }
  } catch (problem) {
    say(problem.message, true);
    setTimeout(send, DOWN);
  }
  sending = false;
}

// What comes of the steps is told by another request, which waits for it.
async function listen() {
  if (listening) return;
  listening = true;
  try {
    while (steps.some((one) => one.kept)) {
      const { done } = await ask("api/steps", parcel([]));
      for (const one of done) if (one.number > heard) await hear(one);
    }
  } catch (problem) {
    say(problem.message, true);
    setTimeout(listen, DOWN);
  }
  listening = false;
}

const parcel = (some) => ({ tab, seen: heard, steps: some.map(({ number, act, body }) => ({ number, act, body })) });

async function hear(told) {
  heard = told.number;
  const step = steps.shift();
  if (told.problem === undefined) {
    await run(() => step.done(told));
  } else {
    if (step.failed) step.failed();
    if (told.gone) await run(() => load(book.edition));
    const gone = told.gone && step.act !== "settle";
    say(gone ? t("The text has changed, and this place is gone; nothing was written.") : t("Nothing was written. {problem}", told), true);
  }
  if (!steps.length) draw();
}

// What has not reached the server is sent once more when the page ends, as browsers still do then, and stands in the
// browser's own store for a page of the same book and port that is opened later.
const STORE = "publish-desk";
const stored = () => JSON.parse(localStorage.getItem(STORE) || "{}");

function remember() {
  if (!book) return;
  const kept = stored(), mine = unkept();
  if (mine.length) kept[tab] = { file: book.id, ...parcel(mine) };
  else delete kept[tab];
  if (mine.length || localStorage.getItem(STORE)) localStorage.setItem(STORE, JSON.stringify(kept));
}

// What an earlier page could not bring to a server that had been stopped.
async function bring() {
  for (const [name, left] of Object.entries(stored())) {
    if (name === tab || left.file !== book.id) continue;
    await ask("api/steps", { tab: left.tab, seen: 0, steps: left.steps });
    const rest = stored();
    delete rest[name];
    localStorage.setItem(STORE, JSON.stringify(rest));
    say(t("{count} decisions of an earlier page have been brought.", { count: left.steps.length }));
    await load(book.edition);
  }
}

addEventListener("pagehide", () => {
  const left = unkept();
  for (let at = 0; at < left.length; at += MOST)
    fetch("api/steps", {
      method: "POST",
      keepalive: true,
      headers: { "X-Publish-Token": token, "Content-Type": "application/json" },
      body: JSON.stringify(parcel(left.slice(at, at + MOST))),
    });
});

const go = (id) => {
  if (!id) return;
  readFilter();
  if (!wanted(id)) $("chapter").value = $("reason").value = "";
  at = id;
  scope = "place";
  draw();
};

function step(by) {
  const shown = places();
  const now = shown.indexOf(at);
  if (shown.length) go(shown[Math.min(Math.max(now + by, 0), shown.length - 1)]);
}

// The next open place behind this one, else the first one; this one where none is open.
function onward() {
  const now = order.indexOf(at);
  const next = (id) => isOpen(id) && wanted(id);
  at = order.slice(now + 1).find(next) || order.slice(0, now).find(next) || at;
  scope = "place";
}

// A decision shows at once, and is written behind what was decided before it.
function decide(choice) {
  if (!at) return;
  const { edition } = book, id = at, how = scope, one = place(id);
  const form = choice.keep ? one.term : choice.form, shared = $("shared-on").checked;
  const ids = settledBy(id, how), note = $("note").value.trim();
  noted = "";
  const before = ids.map((each) => [each, { ...place(each) }]);
  // As it was before, on the page that still shows it.
  const back = () => {
    if (book.edition !== edition) return;
    for (const [each, was] of before) if (place(each)) book.places[each] = was;
    if (place(id)) at = id;
  };
  const step = { act: "decide", body: { edition, place: id, scope: how, shared, note, ...choice }, edition, ids, form, back, failed: back };
  step.done = (done) => {
    const many = done.settled > 1 ? t(", {settled} places", done) : "";
    const others = done.shared.length ? t("; the same for {names}", { names: done.shared.join(t(", ")) }) : "";
    return put(done, edition, t("Written: {term} → {form}{many}{others}. u undoes it.", { term: one.term, form, many, others }));
  };
  take(step);
  showAhead();
  onward();
  draw();
}

// The open places that a decision settles; the server tells of others with the same words around them.
function settledBy(id, how) {
  const like = question(id).places, { term } = place(id);
  const met = how === "place" ? [id] : how === "like" ? like : Object.keys(book.places).filter((each) => place(each).term === term);
  return met.filter((each) => each === id || isOpen(each));
}

// What is decided and not yet done, laid over what the server told; what is undone already is not.
function showAhead() {
  const left = [];
  for (const one of steps) {
    if (one.act === "decide") left.push(one);
    else if (one.act === "undo") left.pop();
  }
  for (const { ids, form, edition } of left) {
    if (edition !== book.edition) continue;
    for (const one of ids.map(place).filter(Boolean)) {
      Object.assign(one, { decided: one.decided || true, now: form, target: [one.target[0], form, one.target[2]] });
    }
  }
}

// What the server has changed, put into the page; the place moves on where another decision has settled it.
async function put(done, edition, words) {
  const open = at && isOpen(at);
  if (done.reload) {
    await load(book.edition);
  } else {
    book.revision = done.revision;
    book.undo = done.undo;
    book.redo = done.redo;
    book.editions = done.editions;
    if (edition === book.edition) Object.assign(book.places, done.places);
    showAhead();
  }
  stale = true;
  readFilter();
  if (open && !isOpen(at)) onward();
  draw();
  say([done.notice, words].filter(Boolean).join(""));
}

function undo() {
  const ahead = steps.filter((one) => one.act === "decide").length - steps.filter((one) => one.act === "undo").length;
  if (!book.undo && ahead <= 0) return;
  if (ahead > 0 && steps.at(-1).act === "decide") steps.at(-1).back();
  const { edition } = book;
  take({
    act: "undo",
    body: {},
    done: (done) => {
      const back = Object.keys(done.places || {}).find((id) => done.places[id].term === (done.row || "").split(":")[0]);
      if (back && place(back) && steps.length === 0) at = back;
      return put(done, edition, t("Undone."));
    },
  });
  draw();
}

function redo() {
  if (!book.redo) return;
  const { edition } = book;
  take({ act: "redo", body: {}, done: (done) => put(done, edition, t("Done again.")) });
}

// All that is open in the chapter of the reading column stays as it reads.
function settle() {
  const { edition } = book, chapter = chapterNow(), shared = $("shared-on").checked;
  const left = Object.values(book.places).filter((one) => one.chapter === chapter && !one.decided).length;
  if (!left || !confirm(t("Settle {left} places of this chapter as they read now?", { left }))) return;
  const body = { edition, chapter, shared };
  take({ act: "settle", body, done: (done) => put(done, edition, t("Settled: {settled} places. u undoes it.", done)) });
  say(t("Settling {left} places …", { left }));
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
  const body = { edition, place: id, ...(keep ? { keep } : { form }) };
  take({ act: "glossary", body, done: (done) => put(done, edition, t("In the glossary: {term} → {form}. u undoes it.", { term: one.term, form })) });
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
    readFilter();
    if (id === "order") arrange();
    else if (!at || !wanted(at) || !isOpen(at)) at = order.find((one) => one !== at && wanted(one) && isOpen(one)) || order.find(wanted) || "";
    draw();
  });

async function look() {
  if (!book || book.opening || waiting || steps.length || document.hidden) return;
  const now = await ask("api/revision");
  if (now.revision === book.revision || waiting || steps.length) return;
  await load(book.edition);
  say(now.notice || t("The text or the decisions were changed elsewhere, and have been read again."));
}

// What has been pressed reaches the server even now, but not one that does not answer.
addEventListener("beforeunload", (event) => {
  if (unkept().length && $("notice").classList.contains("problem")) event.preventDefault();
});

run(async () => {
  await load();
  await bring();
});
setInterval(() => run(look), POLL);
