{# How a page looks: colours, size, face, lines, readings above characters. Loaded when it is first asked for. #}
(() => {
  "use strict";
  const words = {{ {"colours": words.colours, "automatic": words.automatic, "light": words.light, "sepia": words.sepia, "dark": words.dark, "size": words.text_size, "smaller": words.smaller, "larger": words.larger, "face": words.face, "serif": words.serif, "sans": words.sans, "leading": words.line_height, "width": words.line_length, "usual": words.usual, "close": words.close_lines, "open": words.open_lines, "narrow": words.narrow, "wide": words.wide, "readings": words.readings, "shown": words.shown, "hidden": words.hidden}|tojson }};
  const look = document.createElement("style");
  look.textContent = {{ sheet|tojson }};
  document.head.prepend(look);

  const { display, keep, make, all, sizes } = window.publishPage;
  window.publishDisplay = (sheet) => {
    {# The paragraph that is read stays where it is while the lines around it change. #}
    function kept(change) {
      const at = window.publishAsked?.place();
      change();
      keep();
      if (at?.id) document.getElementById(at.id)?.scrollIntoView();
    }

    function choice(name, legend, values) {
      const labels = Object.entries(values).map(([value, word]) => {
        const input = make("input", { type: "radio", name: `-${name}`, value, change() { kept(() => { display[name] = value; }); } });
        input.checked = (display[name] ?? "") === value;
        return make("label", { "data-value": value }, input, make("span", {}, word));
      });
      return make("fieldset", { class: name }, make("legend", {}, legend), ...labels);
    }

    function steps() {
      const step = (by, word) => make("button", {
        type: "button", "aria-label": word, class: `step${by}`,
        click() { kept(() => { display.size = Math.min(Math.max(display.size + by, 0), sizes - 1); }); },
      }, "字");
      return make("fieldset", { class: "size" }, make("legend", {}, words.size), step(-1, words.smaller), step(1, words.larger));
    }

    sheet.append(
      choice("theme", words.colours, { auto: words.automatic, light: words.light, sepia: words.sepia, dark: words.dark }),
      steps(),
      choice("face", words.face, { serif: words.serif, sans: words.sans }),
      choice("leading", words.leading, { close: words.close, "": words.usual, open: words.open }),
      choice("width", words.width, { narrow: words.narrow, "": words.usual, wide: words.wide }));
    if (all("article rt").length) sheet.append(choice("readings", words.readings, { "": words.shown, none: words.hidden }));
  };
})();
