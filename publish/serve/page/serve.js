// The preview's page: shows the book as it was built last, and again after each save where the reader stood. No
// library, no network but the server that gave this file; all text goes in as text, never as markup.
"use strict";

// What is said on this page, in the reader's language; `t` fills in the values that stand in braces.
const WORDS = JSON.parse(document.getElementById("words").textContent);
const t = (text, values = {}) =>
  (WORDS[text] || text).replace(/\{(\w+)\}/g, (field, name) => (name in values ? values[name] : field));
const SEVERITIES = { error: t("error"), warning: t("warning"), note: t("note") };
const FEW = 3; // findings of one kind that are listed one by one
const opened = new Set(); // the kinds of findings that the reader has opened
const TOP = 64; // pixels of a web page that its bar may cover
const TRAIL = 60; // ids before the one in view that its place may be found by again
const HIGH = 0.25; // where on the pane a place of the PDF is shown, as a share of its height

const $ = (id) => document.getElementById(id);
const memory = remember();
let token = memory.token || "";
let read = ""; // the address of all that is read, with its key
let edition = memory.edition || "";
let view = memory.view || ""; // a format, or two with + between them
let state = null; // what the server told last
let events = null;
let place = memory.place || null; // where the reader stands: {page, trail: [[id, top, bottom], …]}
const shown = {}; // by format: the edition and the number of the build that is shown
let papers = { sheets: [], places: {}, chapters: [] };
const frames = [frame(), frame()];
let front = frames[0];
let loading = false;

// --- beginning -------------------------------------------------------------------------------------------------------

// The address carries the token behind its #, which browsers send to nobody; it is kept for this tab only.
function remember() {
  let kept = {};
  try { kept = JSON.parse(sessionStorage.getItem("serve") || "{}"); } catch { /* forbidden, or not ours */ }
  const given = location.hash.slice(1);
  if (given.length > 30) {
    kept = { ...kept, token: given };
    history.replaceState(null, "", location.pathname);
    try { sessionStorage.setItem("serve", JSON.stringify(kept)); } catch { /* forbidden */ }
  }
  return kept;
}

function keep() {
  try { sessionStorage.setItem("serve", JSON.stringify({ token, edition, view, place })); } catch { /* forbidden */ }
}

async function ask(path, body) {
  const headers = { "X-Publish-Token": token };
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
  const data = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(data.problem), { status: answer.status });
  return data;
}

async function begin() {
  $("web").append(...frames);
  front.classList.add("front");
  $("edition").addEventListener("change", () => look($("edition").value, view));
  $("findings-open").addEventListener("click", () => openFindings($("findings").hidden));
  $("findings-close").addEventListener("click", () => openFindings(false));
  $("moved").addEventListener("click", showMoved);
  $("desk").href = `/desk/#${token}`;
  $("waiting").firstElementChild.textContent = t("The first build takes a while …");
  let start;
  try {
    start = await ask("/api/start");
  } catch (error) {
    lose(error.status === 403 ? t("This page has expired. Open the address that the terminal shows now.") : t("publish serve has gone away"));
    return;
  }
  read = `/read/${start.key}/`;
  look(edition || start.edition, view || start.format);
}

function lose(text) {
  $("status").className = "lost";
  $("status").textContent = text;
  $("waiting").firstElementChild.textContent = text;
}

// Look at an edition in a view: the server builds what is looked at, and tells of it.
function look(newEdition, newView) {
  [edition, view] = [newEdition, newView];
  keep();
  events?.close();
  const query = new URLSearchParams({ edition });
  for (const name of formatsShown()) query.append("format", name);
  events = new EventSource(`${read}events?${query}`);
  const mine = events;
  events.onmessage = (message) => { if (mine === events) take(JSON.parse(message.data)); };
  events.onerror = () => { if (mine === events) lose(mine.readyState === EventSource.CLOSED ? t("This page has expired. Open the address that the terminal shows now.") : t("publish serve has gone away")); };
}

const formatsShown = () => view.split("+").filter(Boolean);

// --- what is shown ---------------------------------------------------------------------------------------------------

function take(told) {
  state = told;
  const known = state.editions.find((one) => one.key === edition);
  if (!known && state.editions.length) { look(state.editions[0].key, view); return; }
  const views = known ? viewsOf(known) : [];
  if (known && !views.some((one) => one.name === view)) { look(edition, views[0]?.name || ""); return; }
  drawBar(views);
  drawFailure();
  drawFindings();
  drawPanes();
}

// A view for each format of an edition, and the first site beside the first PDF.
function viewsOf(one) {
  const site = one.formats.find((each) => each.kind === "site");
  const pdf = one.formats.find((each) => each.name === "pdf");
  const views = one.formats.map((each) => ({ name: each.name, label: each.label }));
  return site && pdf ? [...views, { name: `${site.name}+pdf`, label: t("Side by side") }] : views;
}

function drawBar(views) {
  document.title = `${state.title} · publish`;
  $("title").textContent = state.title;
  if (document.activeElement !== $("edition") || $("edition").options.length !== state.editions.length)
    $("edition").replaceChildren(...state.editions.map((one) => new Option(one.name, one.key)));
  $("edition").value = edition;
  $("views").replaceChildren(...views.map((one) => {
    const button = make("button", one.label, { type: "button", "aria-pressed": String(one.name === view) });
    button.addEventListener("click", () => look(edition, one.name));
    return button;
  }));
  const mine = Object.values(state.targets);
  const busy = state.now || mine.some((one) => one.stale);
  $("status").className = busy ? "busy" : "";
  const seconds = Math.max(0, ...mine.map((one) => one.seconds));
  $("status").textContent = busy ? state.left > 2 ? t("Building {what}, about {left} s", { what: state.now || edition, left: state.left }) : t("Building {what}", { what: state.now || edition }) : seconds ? t("Built in {seconds} s", { seconds: seconds.toFixed(1) }) : "";
}

const unique = (all) => [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
const failures = () => unique([state.failure, ...Object.values(state.targets).map((one) => one.failure)].filter(Boolean));

function drawFailure() {
  const [failure] = failures();
  $("failure").hidden = !failure;
  if (!failure) return;
  const [what, remedy, kept] = $("failure").children;
  what.replaceChildren(...placed(failure), sentence(failure.problem));
  remedy.textContent = failure.remedy ? sentence(failure.remedy) : "";
  kept.hidden = !Object.values(state.targets).some((one) => one.number);
}

const sentence = (text) => (/[?!.？！。]$/.test(text) ? text : `${text}${t(". ").trim()}`);

// The place of a finding: a way into the editor where there is one, else words to copy.
function placed(one) {
  if (!one.file) return [];
  const words = `${one.line ? `${one.file}:${one.line}` : one.file}${one.key ? ` ${one.key}` : ""}`;
  const made = one.href ? make("a", words, { href: one.href }) : make(one.opens ? "button" : "span", words);
  made.classList.add("place");
  if (one.opens) {
    made.type = "button";
    made.addEventListener("click", () => openEditor(one));
  }
  return [made, " "];
}

async function openEditor(one) {
  try {
    await ask("/api/open", { file: one.file, line: one.line });
    $("status").textContent = t("Opened in the editor");
  } catch (error) {
    $("status").className = "lost";
    $("status").textContent = error.message;
  }
}

function drawFindings() {
  const order = ["error", "warning", "note"];
  const found = unique(Object.values(state.targets).flatMap((one) => one.findings));
  const all = [...failures(), ...found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))];
  const count = Math.max(all.length, ...Object.values(state.targets).map((one) => one.count));
  const open = $("findings-open");
  open.textContent = count ? (count === 1 ? t("1 finding") : t("{count} findings", { count })) : t("No findings");
  open.disabled = !count;
  open.className = all.some((one) => one.severity === "error") ? "errors" : all.some((one) => one.severity === "warning") ? "some" : "";
  if (!count) openFindings(false);
  const rows = kinds(all).flatMap((alike) => (alike.length > FEW ? [gathered(alike)] : alike.map(findingRow)));
  if (count > all.length) rows.push(make("li", t("{count} more: see publish check in the terminal.", { count: count - all.length })));
  $("findings").querySelector("ol").replaceChildren(...rows);
}

// The findings by their codes, in the order of the first of each.
function kinds(all) {
  const found = new Map();
  for (const one of all) found.set(one.code, [...(found.get(one.code) || []), one]);
  return [...found.values()];
}

function findingRow(one) {
  const row = make("li", "", { class: one.severity });
  const remedy = make("span", one.remedy ? ` ${sentence(one.remedy)}` : "", { class: "remedy" });
  row.append(make("span", SEVERITIES[one.severity], { class: "severity" }), ...placed(one),
    make("span", sentence(one.problem)), remedy, " ", make("code", one.code));
  return row;
}

// Many findings of one kind: one row that opens, so that they do not hide the others.
function gathered(alike) {
  const row = make("li", "", { class: alike[0].severity });
  const head = make("summary");
  head.append(make("span", SEVERITIES[alike[0].severity], { class: "severity" }), `${t("{count} places:", { count: alike.length })} `,
    make("span", sentence(alike[0].remedy || alike[0].problem)), " ", make("code", alike[0].code));
  const list = make("ol");
  list.append(...alike.map(findingRow));
  const box = make("details");
  box.open = opened.has(alike[0].code);
  box.addEventListener("toggle", () => (box.open ? opened.add(alike[0].code) : opened.delete(alike[0].code)));
  box.append(head, list);
  row.append(box);
  return row;
}

function openFindings(open) {
  $("findings").hidden = !open;
  $("findings-open").setAttribute("aria-expanded", String(open));
}

function make(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const kindOf = (name, target) =>
  name === "pdf" ? "paper" : target.home.endsWith(".html") || target.spine.length ? "web" : "file";

function drawPanes() {
  const visible = new Set();
  for (const [name, target] of Object.entries(state.targets)) {
    if (!target.number) continue;
    const kind = kindOf(name, target);
    visible.add(kind);
    const before = shown[kind];
    const same = before && before.edition === edition && before.name === name;
    if (same && before.number === target.number) continue;
    shown[kind] = { edition, name, number: target.number };
    if (kind === "web") showWeb(target, same && before.number === target.number - 1);
    else if (kind === "paper") showPaper(name, target.number);
    else showFile(target);
  }
  for (const id of ["web", "paper", "file"]) {
    // What is shown of another edition, or was shown before, stays until the new is there.
    $(id).hidden = !(visible.has(id) || (!visible.size && shown[id] && pending(id)));
  }
  $("panes").classList.toggle("old", !visible.size && !$("waiting").hidden);
  $("waiting").hidden = ["web", "paper", "file"].some((id) => !$(id).hidden);
  $("waiting").firstElementChild.textContent = failures().length ? t("The build failed") : formatsShown().length ? t("The first build takes a while …") : t("This edition does not have this format.");
  drawTurn();
  drawMoved();
}

const pending = (id) => formatsShown().some((name) => (name === "pdf") === (id === "paper"));

function showFile(target) {
  const link = $("file").querySelector("a");
  link.href = `${read}book/${target.home}`;
  link.textContent = `${t("Download")} ${target.home.split("/").pop()}`;
}

// --- the web page ----------------------------------------------------------------------------------------------------

function frame() {
  const made = document.createElement("iframe");
  made.title = t("Web page");
  made.addEventListener("load", () => arrived(made));
  return made;
}

const pathOf = (one) => decodeURI(one.contentWindow.location.pathname).split("/book/")[1] || "";

// Show the page where the reader stands, as it was built now; nothing is done where it has not changed.
function showWeb(target, next) {
  const folder = target.home.slice(0, target.home.lastIndexOf("/") + 1);
  const path = (place && pageFor(target, stem(place.page))) || firstOf(target);
  const touched = target.spine.length || target.changed.some((one) => one === path || one.startsWith(`${folder}assets/`));
  drawTurn();
  if (next && !touched && pathOf(front) === path) return;
  open(path, firstOf(target));
}

// A chapter has one name in the web pages and in the EPUB: that of its file, without the ending.
const stem = (path) => path.split("/").pop().replace(/\.x?html$/, "");
const firstOf = (target) => target.spine[0] || target.home;
const pageFor = (target, chapter) =>
  target.spine.length
    ? target.spine.find((one) => stem(one) === chapter) || ""
    : isWhole(target) ? target.home : `${target.home.slice(0, target.home.lastIndexOf("/"))}/${chapter}.html`;
// An article has one page: the first, to which the addresses of its chapters lead.
const isWhole = (target) => pathOf(front) === target.home && front.contentDocument.querySelector("article");

// An EPUB's pages do not lead to each other: reading programs turn them, and so do two buttons here.
function drawTurn() {
  const spine = state?.targets[shown.web?.name]?.spine || [];
  const at = spine.indexOf(pathOf(front));
  $("turn").hidden = !spine.length || $("web").hidden;
  for (const [id, step] of [["previous", -1], ["next", 1]]) {
    $(id).disabled = !spine[at + step];
    $(id).onclick = () => { place = null; open(spine[at + step]); };
  }
}

// A page is loaded behind the one that is seen, moved to the reader's place, and only then put before it.
function open(path, otherwise = "", target = null) {
  const spare = frames.find((one) => one !== front);
  Object.assign(spare, { purpose: { path, otherwise, target } });
  loading = true;
  spare.contentWindow.location.replace(`${read}book/${encodeURI(path)}`);
}

function arrived(one) {
  const page = one.contentDocument;
  if (!page || page.URL === "about:blank") return;
  if (one !== front && one.purpose) {
    const { path, otherwise, target } = one.purpose;
    if (page.contentType === "application/json" && otherwise && otherwise !== path) { open(otherwise); return; }
    const before = front.contentDocument;
    const there = pathOf(one); // which may be elsewhere than was asked for
    const same = pathOf(front) === there;
    if (!same && place && !target) place = { ...place, page: pageOf(there) };
    if (target) page.getElementById(target)?.scrollIntoView({ block: "center", behavior: "instant" });
    else restore(one);
    const old = same && before ? new Set([...before.querySelectorAll("[id]")].map((each) => each.id)) : null;
    const hadFocus = document.activeElement === front;
    one.classList.add("front");
    front.classList.remove("front");
    front = one;
    loading = false;
    if (hadFocus) front.focus();
    if (old) for (const each of page.querySelectorAll("body [id]")) if (!old.has(each.id)) flash(each);
    if (target) flash(page.getElementById(target));
    document.documentElement.dataset.arrived = String(Date.now());
  } else if (one !== front) {
    return;
  }
  listen(one);
  note();
  drawTurn();
}

const pageOf = (path) => path.split("/").slice(2).join("/") || path.split("/").pop();

function flash(one) {
  if (!one || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  one.animate([{ backgroundColor: "rgb(224 169 27 / 45%)" }, { backgroundColor: "rgb(224 169 27 / 0%)" }], { duration: 2500, easing: "ease-in" });
}

// A reader who follows links within the book is followed; a link to another host opens a page of its own.
function listen(one) {
  const inside = one.contentWindow;
  if (inside.heard) return;
  inside.heard = true;
  let timer = 0;
  inside.addEventListener("scroll", () => { clearTimeout(timer); timer = setTimeout(note, 80); }, { passive: true });
  inside.document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || new URL(link.href, inside.location).origin === location.origin) return;
    event.preventDefault();
    window.open(link.href, "_blank", "noopener,noreferrer");
  });
}

// Note where the reader stands, and have the PDF beside it follow.
function note() {
  if (loading || $("web").hidden) return;
  const path = pathOf(front);
  const [key] = path.split("/");
  if (!path || front.contentDocument.contentType === "application/json") return;
  const inside = front.contentDocument;
  const all = [...inside.querySelectorAll(inside.querySelector("main") ? "main [id]" : "body [id]")];
  let at = all.findIndex((one) => one.getBoundingClientRect().top > TOP + 40);
  at = at < 0 ? all.length - 1 : Math.max(at - 1, 0);
  const trail = all.slice(Math.max(0, at - TRAIL), at + 1).reverse().concat(all.slice(at + 1, at + 10));
  place = { page: pageOf(path), trail: trail.map((one) => { const box = one.getBoundingClientRect(); return [one.id, box.top, box.bottom]; }) };
  keep();
  if (key !== edition && state.editions.some((one) => one.key === key)) {
    shown.web = { ...shown.web, edition: key, number: 0 };
    look(key, view);
    return;
  }
  followInPaper();
  drawMoved();
}

// Move a page to where the reader stood: what stood there by itself, or what stood before it where that has gone.
function restore(one) {
  if (!place) return;
  const page = one.contentDocument;
  const found = place.trail.find(([id]) => page.getElementById(id));
  if (!found) return;
  const box = page.getElementById(found[0]).getBoundingClientRect();
  const by = found === place.trail[0] ? box.top - found[1] : box.bottom - found[2];
  one.contentWindow.scrollBy({ top: by, behavior: "instant" });
}

// --- where a change is -----------------------------------------------------------------------------------------------

function moved() {
  const [, target] = Object.entries(state?.targets || {}).find(([name, one]) => one.number && kindOf(name, one) === "web") || [];
  return target?.moved && { ...target.moved, path: pageFor(target, target.moved.chapter), number: target.number };
}

let seen = ""; // the change that the reader has been shown

function drawMoved() {
  const one = moved();
  const name = one ? `${one.path}#${one.id}@${one.number}` : "";
  if (one && !$("web").hidden && pathOf(front) === one.path && !loading) {
    const box = front.contentDocument.getElementById(one.id)?.getBoundingClientRect();
    if (box && box.bottom > 0 && box.top < front.clientHeight) seen = name;
  }
  $("moved").hidden = !one || seen === name;
  $("moved").textContent = t("Show the change");
}

function showMoved() {
  const one = moved();
  if (!one) return;
  seen = `${one.path}#${one.id}@${one.number}`;
  $("moved").hidden = true;
  if (pathOf(front) !== one.path) { open(one.path, "", one.id); return; }
  const found = front.contentDocument.getElementById(one.id);
  found?.scrollIntoView({ block: "center", behavior: "instant" });
  flash(found);
}

// --- the PDF ---------------------------------------------------------------------------------------------------------

const drawn = new IntersectionObserver((entries) => {
  for (const one of entries) if (one.isIntersecting) picture(one.target);
}, { root: $("paper"), rootMargin: "60% 0px" });

async function showPaper(name, number) {
  const here = edition;
  let told;
  try {
    told = await ask(`/api/paper?${new URLSearchParams({ edition: here, format: name })}`);
  } catch { return; }
  if (here !== edition || shown.paper.number !== number) return;
  const stood = papers.edition === here ? paperPlace() : null;
  papers = { ...told, edition: here, name, number };
  const sheets = [...$("paper").querySelectorAll(".sheet")];
  while (sheets.length > told.sheets.length) sheets.pop().remove();
  told.sheets.forEach(([width, height], index) => {
    let sheet = sheets[index];
    if (!sheet) {
      sheet = make("div", "", { class: "sheet" });
      sheet.addEventListener("click", (event) => goToWeb(index, event.offsetY / sheet.clientHeight));
      $("paper").append(sheet);
      drawn.observe(sheet);
    }
    sheet.style.aspectRatio = `${width} / ${height}`;
    sheet.dataset.number = index;
  });
  if (!(place && !$("web").hidden && followInPaper())) {
    const trail = stood || place?.trail.map(([id]) => [id, HIGH]) || [];
    const found = trail.find(([id]) => papers.places[id]);
    if (found) scrollPaper(found[0], found[1]);
  }
  for (const sheet of $("paper").querySelectorAll(".sheet")) { drawn.unobserve(sheet); drawn.observe(sheet); }
}

// Put a page's picture in place of the older one, when it is there: nothing flickers.
function picture(sheet) {
  const width = Math.round(sheet.clientWidth * Math.min(devicePixelRatio, 2) / 50) * 50;
  const address = `${read}sheet/${papers.edition}/${papers.name}/${sheet.dataset.number}.png?width=${width}&build=${papers.number}`;
  if (sheet.dataset.address === address) return;
  sheet.dataset.address = address;
  const image = new Image();
  image.alt = String(Number(sheet.dataset.number) + 1);
  image.addEventListener("load", () => {
    if (sheet.dataset.address === address) sheet.querySelectorAll("img").forEach((one) => one.remove()), sheet.prepend(image);
  });
  image.src = address;
}

// The ids around the place that is read, the nearest first, each with its height on the pane as a share of that.
function paperPlace() {
  const pane = $("paper");
  const sheets = [...pane.querySelectorAll(".sheet")];
  if (!sheets.length || !pane.clientHeight) return null;
  return Object.entries(papers.places)
    .filter(([, [page]]) => sheets[page])
    .map(([id, [page, share]]) => [id, (sheets[page].offsetTop + share * sheets[page].offsetHeight - pane.scrollTop) / pane.clientHeight])
    .sort(([, a], [, b]) => Math.abs(a - HIGH) - Math.abs(b - HIGH));
}

function scrollPaper(id, high) {
  const [page, share] = papers.places[id];
  const pane = $("paper");
  const sheet = pane.querySelectorAll(".sheet")[page];
  pane.scrollTop = sheet.offsetTop + share * sheet.offsetHeight - high * pane.clientHeight;
  pane.querySelector(".marker")?.remove();
  const marker = make("div", "", { class: "marker" });
  marker.style.top = `${share * 100}%`;
  sheet.append(marker);
}

// Where no web page is seen, the reader stands where the PDF is open: whoever changes to another view goes on from there.
let turning = 0;
$("paper").addEventListener("scroll", () => {
  clearTimeout(turning);
  turning = setTimeout(() => {
    if (!$("web").hidden || $("paper").hidden || papers.edition !== edition) return;
    const around = (paperPlace() || []).filter(([id]) => papers.places[id][2] >= 0).slice(0, TRAIL);
    if (!around.length) return;
    const chapter = papers.chapters[papers.places[around[0][0]][2]];
    place = { page: `${chapter}.html`, trail: around.map(([id]) => [id, TOP + 40, TOP + 40]) };
    keep();
  }, 150);
}, { passive: true });

// Open the PDF at the paragraph that the web page shows; whether it has it.
function followInPaper() {
  if ($("paper").hidden || !place || papers.edition !== edition) return false;
  const found = place.trail.find(([id]) => papers.places[id]);
  if (found) scrollPaper(found[0], HIGH);
  return Boolean(found);
}

// Go to the paragraph of the web page that stands where a page of the PDF was clicked.
function goToWeb(number, share) {
  if ($("web").hidden) return;
  const before = Object.entries(papers.places)
    .filter(([, [page, high, chapter]]) => chapter >= 0 && (page < number || (page === number && high <= share)))
    .sort(([, a], [, b]) => b[0] - a[0] || b[1] - a[1]);
  if (!before.length) return;
  const [id, [, , chapter]] = before[0];
  open(pageFor(state.targets[shown.web.name], papers.chapters[chapter]), "", id);
}

new ResizeObserver(() => {
  for (const sheet of $("paper").querySelectorAll(".sheet")) { drawn.unobserve(sheet); drawn.observe(sheet); }
  if (!$("web").hidden) followInPaper();
}).observe($("paper"));

begin();
