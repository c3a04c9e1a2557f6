{# What a word means, shown where it stands. Definitions are loaded when the first is asked for; the list is their page. #}
(() => {
  "use strict";
  const known = new Map();
  let card;
  let loading;

  window.publishDefinitions = (all) => { for (const [id, words] of Object.entries(all)) known.set(id, words); };

  function load() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = "assets/definitions.js";
      script.onload = resolve;
      script.onerror = () => { loading = undefined; script.remove(); reject(new Error(script.src)); };
      document.head.append(script);
    });
    return loading;
  }

  async function meaning(id) {
    const here = document.getElementById(id)?.querySelector("dd");
    if (!here) await load();
    const holder = document.createElement("div");
    holder.innerHTML = here ? here.innerHTML : known.get(id);
    for (const one of holder.querySelectorAll("[id]")) one.removeAttribute("id");
    return [...holder.childNodes];
  }

  function put(link) {
    const { width, height } = card.getBoundingClientRect();
    const word = link.getBoundingClientRect();
    const column = link.closest("article").getBoundingClientRect();
    const above = word.bottom + height + 16 > innerHeight && word.top > height + 80;
    const left = Math.min(Math.max(word.left + word.width / 2 - width / 2, column.left), column.right - width);
    card.style.left = `${scrollX + Math.max(8, left)}px`;
    card.style.top = `${scrollY + (above ? word.top - height - 8 : word.bottom + 8)}px`;
  }

  async function define(link) {
    const content = await meaning(decodeURIComponent(link.hash.slice(1)));
    if (!card) {
      card = document.createElement("div");
      card.className = "note-card";
      card.popover = "auto";
      card.tabIndex = -1;
      card.setAttribute("role", "note");
      document.querySelector("main").append(card);
    }
    const name = document.createElement("p");
    const home = document.createElement("a");
    home.href = link.href;
    home.textContent = link.textContent;
    name.append(home);
    card.setAttribute("aria-label", link.textContent);
    card.replaceChildren(name, ...content);
    card.showPopover();
    put(link);
    card.focus({ preventScroll: true });
  }

  window.publishDefine = define;
})();
