{# On the contents page: a link to where one has read, if the browser remembers it. #}
(() => {
  let last;
  try {
    last = JSON.parse(localStorage.getItem(`publish.place.${document.documentElement.dataset.book}`));
  } catch {
    return;
  }
  const entry = last && [...document.querySelectorAll(".contents a")].find((link) => link.getAttribute("href") === `${last.page}.html`);
  if (!entry) return;
  const link = document.createElement("a");
  const title = document.createElement("span");
  link.className = "resume";
  link.href = `${last.page}.html${last.id ? `#${last.id}` : ""}`;
  title.textContent = entry.textContent;
  link.append({{ (words.resume ~ "　")|tojson }}, title);
  document.querySelector(".begin").prepend(link);
})();
