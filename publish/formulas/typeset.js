// What publish asks of MathJax, whose parts mathjax.js lays out: typeset(tex, display, width) gives JSON.
//
// A formula becomes one piece of drawing, or, inside a line, several at whose edges the line may end; lengths are in
// em. Glyphs are flattened into one path a colour, in thousandths of an em from the baseline, downwards.
const typeset = (() => {
  const { mathjax, TeX, SVG, MathJaxTexFont, MathJaxMhchemFontExtension, liteAdaptor, RegisterHTMLHandler, SerializedMmlVisitor, STATE, TEXCLASS } = parts;
  // Han are drawn with the edition's font: what MathJax has no glyph for is as wide as these say.
  const adaptor = liteAdaptor();
  const WIDE = /[\u1100-\u115f\u2014\u2018-\u201d\u2026\u2460-\u24ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3ffff}]/u;
  adaptor.nodeSize = (node) => [[...adaptor.textContent(node)].reduce((sum, char) => sum + (WIDE.test(char) ? 1 : 0.55), 0), 0.8];
  RegisterHTMLHandler(adaptor);
  // Neither autoload nor require, which would fetch; neither noerrors nor noundefined: an error is told as one.
  // physics is left out, as it takes other packages' names (\div, \abs).
  const packages = (
    "base ams amscd boldsymbol braket bussproofs cancel cases centernot color colortbl empheq enclose extpfeil gensymb " +
    "mathtools mhchem newcommand textcomp textmacros unicode units upgreek verb configmacros"
  ).split(" ");
  // What authors know from packages that MathJax has not.
  const macros = {
    argmax: "\\operatorname*{argmax}",
    argmin: "\\operatorname*{argmin}",
    bm: ["\\boldsymbol{#1}", 1],
    hdots: "\\ldots",
    bold: ["\\mathbf{#1}", 1],
    llbracket: "\\mathopen{[\\mkern-3.2mu[}",
    rrbracket: "\\mathclose{]\\mkern-3.2mu]}",
    mathbbm: ["\\mathbb{#1}", 1],
    mathds: ["\\mathbb{#1}", 1],
    textcircled: ["\\enclose{circle}{\\scriptstyle #1}", 1],
  };
  // What KaTeX has besides, in which many write: names of HTML's characters, of sets, of functions.
  const LIKE = {
    alef: "aleph", alefsym: "aleph", bull: "bullet", clubs: "clubsuit", Dagger: "ddagger", diamonds: "diamondsuit",
    empty: "emptyset", exist: "exists", hearts: "heartsuit", image: "Im", infin: "infty", isin: "in", lang: "langle",
    rang: "rangle", larr: "leftarrow", Larr: "Leftarrow", lArr: "Leftarrow", rarr: "rightarrow", Rarr: "Rightarrow",
    rArr: "Rightarrow", harr: "leftrightarrow", hArr: "Leftrightarrow", Harr: "Leftrightarrow", lrarr: "leftrightarrow",
    lrArr: "Leftrightarrow", Lrarr: "Leftrightarrow", uarr: "uparrow", uArr: "Uparrow", Uarr: "Uparrow",
    darr: "downarrow", dArr: "Downarrow", Darr: "Downarrow", plusmn: "pm", real: "Re", sdot: "cdot", sect: "S",
    spades: "spadesuit", sub: "subset", sube: "subseteq", supe: "supseteq", thetasym: "vartheta", weierp: "wp",
    and: "land", or: "lor", ang: "angle", underbar: "underline",
  };
  for (const [name, like] of Object.entries(LIKE)) macros[name] = `\\${like}`;
  for (const [name, letter] of Object.entries({
    Alpha: "A", Beta: "B", Epsilon: "E", Zeta: "Z", Eta: "H", Iota: "I", Kappa: "K", Mu: "M", Nu: "N", Omicron: "O",
    Rho: "P", Tau: "T", Chi: "X",
  })) macros[name] = `\\mathrm{${letter}}`;
  for (const [name, letter] of Object.entries({
    N: "N", natnums: "N", R: "R", Reals: "R", reals: "R", Z: "Z", cnums: "C", Complex: "C",
  })) macros[name] = `\\mathbb{${letter}}`;
  for (const name of ["arctg", "arcctg", "ch", "cosec", "cotg", "ctg", "cth", "sh", "tg", "th"]) {
    macros[name] = `\\operatorname{${name}}`;
  }
  const formatError = (_jax, error) => { throw error; };
  const lineleading = 0.5;
  MathJaxTexFont.addExtension(MathJaxMhchemFontExtension);  // the arrows of reactions
  const output = new SVG({
    fontData: new MathJaxTexFont(),
    fontCache: "none",
    mtextInheritFont: false,
    displayOverflow: "linebreak",
    linebreaks: { inline: true, width: "100%", lineleading },
  });
  const EM = 16, EX = EM * output.font.params.x_height;
  const mathml = new SerializedMmlVisitor();

  // --- matrices of SVG: [a, b, c, d, e, f] ---
  const times = (m, n) => [
    m[0] * n[0] + m[2] * n[1], m[1] * n[0] + m[3] * n[1], m[0] * n[2] + m[2] * n[3], m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4], m[1] * n[4] + m[3] * n[5] + m[5],
  ];
  const one = (name, [a = 0, b, c = 0, ...rest]) => {
    if (name === "translate") return [1, 0, 0, 1, a, b ?? 0];
    if (name === "scale") return [a, 0, 0, b ?? a, 0, 0];
    if (name === "matrix") return [a, b, c, ...rest];
    const turn = (a * Math.PI) / 180, cos = Math.cos(turn), sin = Math.sin(turn), x = b ?? 0, y = c;
    return [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
  };
  const matrix = (text, from) => {
    let made = from;
    for (const [, name, values] of (text || "").matchAll(/(translate|scale|rotate|matrix)\(([^)]*)\)/g))
      made = times(made, one(name, (values.match(/-?[\d.]+/g) || []).map(Number)));
    return made;
  };
  const number = (value) => String(Math.round(value) || 0);
  const point = (m, x, y) => number(m[0] * x + m[2] * y + m[4]) + " " + number(m[1] * x + m[3] * y + m[5]);
  const path = (d, m, box) => {
    let out = "";
    for (const [, command, values] of d.matchAll(/([MLCZ])([^MLCZ]*)/g)) {
      const found = (values.match(/-?[\d.]+/g) || []).map(Number);
      out += command;
      for (let at = 0; at < found.length; at += 2) {
        let [x, y] = [found[at], found[at + 1]];
        if (box) [x, y] = box(x, y);
        out += (at ? " " : "") + point(m, x, y);
      }
    }
    return out;
  };
  const rectangle = (x, y, w, h) => `M${x} ${y}L${x + w} ${y}L${x + w} ${y + h}L${x} ${y + h}Z`;

  // --- a drawing of MathJax's, flattened ---
  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  class Drawing {
    constructor() { this.fills = new Map(); this.rest = []; }
    fill(colour, d) { this.fills.set(colour, (this.fills.get(colour) || "") + d); }
    get body() {
      const fills = [...this.fills].map(([colour, d]) => `<path fill="${escaped(colour)}" d="${d}"/>`);
      return fills.join("") + this.rest.join("");
    }
    stroke(d, m, colour, width, dashes) {
      const thick = number(width * Math.sqrt(Math.abs(m[0] * m[3] - m[1] * m[2])));
      const dash = dashes ? ` stroke-dasharray="${number(dashes)}"` : "";
      this.rest.push(`<path fill="none" stroke="${escaped(colour)}" stroke-width="${thick}"${dash} d="${path(d, m)}"/>`);
    }
    add(node, before, colour, pen, clip) {
      const kind = adaptor.kind(node);
      if (kind === "#text" || kind === "#comment" || kind === "title") return;
      const get = (name) => adaptor.getAttribute(node, name);
      const num = (name) => Number(get(name) || 0);
      const m = matrix(get("transform"), before);
      // An outline that is only for its stroke (\boxed) has no fill; MathJax's style sheet says so of the lines of a table.
      const ruled = kind === "line" || get("fill") === "none" || get("data-frame");
      colour = get("fill") && get("fill") !== "none" && get("fill") !== "currentColor" ? get("fill") : colour;
      pen = get("stroke") && get("stroke") !== "currentColor" ? get("stroke") : colour;
      const thick = num("stroke-width") || 60, dashes = /mjx-(dashed|dotted)/.test(get("class") || "") ? thick * 2 : 0;
      if (kind === "path" && !ruled) {
        this.fill(colour, path(get("d"), m, clip && clip(get("transform"))));
      } else if (kind === "path") {
        this.stroke(get("d"), m, pen, thick, dashes);
      } else if (kind === "rect") {
        const d = rectangle(num("x"), num("y"), num("width"), num("height"));
        if (ruled) this.stroke(d, m, pen, thick, dashes);
        else this.fill(colour, path(d, m));
      } else if (kind === "line") {
        this.stroke(`M${num("x1")} ${num("y1")}L${num("x2")} ${num("y2")}`, m, pen, thick, dashes);
      } else if (kind === "ellipse") {
        const [x, y, a, b] = ["cx", "cy", "rx", "ry"].map(num), [i, j] = [a * 0.5523, b * 0.5523];
        const d = `M${x - a} ${y}C${x - a} ${y + j} ${x - i} ${y + b} ${x} ${y + b}C${x + i} ${y + b} ${x + a} ${y + j} ${x + a} ${y}`;
        this.stroke(`${d}C${x + a} ${y - j} ${x + i} ${y - b} ${x} ${y - b}C${x - i} ${y - b} ${x - a} ${y - j} ${x - a} ${y}Z`, m, pen, thick);
      } else if (kind === "polygon") {
        this.fill(colour, path(`M${get("points").trim().replace(/\s+/, "L").replace(/[\s,]+/g, " ")}Z`, m));
      } else if (kind === "text") {
        const size = parseFloat(get("font-size")) || 1000, scale = Math.abs(m[3]);
        const bold = get("font-weight") === "bold" || /bold/.test(get("data-variant") || "") ? ' font-weight="bold"' : "";
        this.rest.push(
          `<text x="${number(m[4])}" y="${number(m[5])}" font-size="${number(size * scale)}" fill="${escaped(colour)}"${bold}>` +
          `${escaped(adaptor.textContent(node))}</text>`
        );
      } else if (kind === "svg" && get("viewBox")) {
        // The middle of a stretched brace: bars, of which the box shows a part, so that their corners are kept within.
        const [x, y, w, h] = get("viewBox").split(" ").map(Number);
        const sx = num("width") / w, sy = num("height") / h;
        const inner = times(m, [sx, 0, 0, sy, num("x") - x * sx, num("y") - y * sy]);
        const within = (transform) => {
          const [a, , , d, e, f] = matrix(transform, [1, 0, 0, 1, 0, 0]);
          const held = (value, low, size) => Math.min(Math.max(value, low), low + size);
          return (px, py) => [(held(px * a + e, x, w) - e) / a, (held(py * d + f, y, h) - f) / d];
        };
        for (const child of adaptor.childNodes(node)) this.add(child, inner, colour, pen, within);
      } else {
        for (const child of adaptor.childNodes(node)) this.add(child, m, colour, pen, clip);
      }
    }
  }
  const { REL, BIN, PUNCT, OPEN, CLOSE } = TEXCLASS;
  // The bar of a condition, P(A | B), parts nothing.
  const signs = (sign) => [REL, BIN].includes(sign.texClass) && sign.getText() !== "\u2223";
  // Marks of Chinese part what they list, as in text.
  const lists = (node) => node.isToken && /^[、，；。]$/.test(node.getText());
  const braced = (node) => node.isKind("TeXAtom") && node.texClass === TEXCLASS.ORD;
  const arrow = (node) => node.isKind("TeXAtom") && node.texClass === REL && !node.isEmbellished;
  const quad = (node) => node.isKind("mspace") && parseFloat(node.attributes.get("width")) >= 1;
  // A line ends behind a sign, which is not repeated (GB/T 3102.11-1993).
  const behind = (root) => root.walkTree((node) => {
    if (!node.isKind || !node.isKind("mo")) return;
    if (signs(node)) node.attributes.set("linebreakstyle", "after");
    else if (node.texClass !== PUNCT && node.attributes.get("linebreak") === "auto") node.attributes.set("linebreak", "nobreak");
  });
  // A line ends between terms, not within the parentheses of one.
  const hold = (root) => root.walkTree((node) => {
    let depth = 0;
    for (const child of node.childNodes || []) {
      const sign = child && child.isEmbellished ? child.coreMO() : null;
      if (!sign) continue;
      depth = Math.max(depth + (sign.texClass === OPEN ? 1 : sign.texClass === CLOSE ? -1 : 0), 0);
      if (depth && signs(sign) && sign.attributes.get("linebreak") === "auto") sign.attributes.set("linebreak", "nobreak");
    }
  });
  // MathJax marks the breaks inside a line before signs only. Signs that follow each other at once stay together.
  let breaks = [];
  output.markInlineBreaks = function (node) {
    if (!node) return;
    let before = null, marked = false, depth = 0;
    const mark = (made) => { breaks.push({ depth, ...made }); marked = true; };
    for (const child of node.childNodes) {
      // A sign in braces is none, as a bond: CH2=CH2.
      const sign = child.isEmbellished && !braced(child) ? child.coreMO() : null;
      if (before && !(sign && [REL, BIN, PUNCT].includes(sign.texClass))) {
        for (const one of [before, before.coreMO()]) one.setProperty("forcebreak", true);
        before.setProperty("breakable", true);
        mark({ relation: before.coreMO().texClass === REL });
      }
      const seam = child.isKind("mspace") && child.getProperty("seam");
      if (seam) {
        for (const name of ["forcebreak", "breakable"]) child.setProperty(name, true);
        mark({ relation: seam === "relation", listed: seam === "listed" });
      }
      const first = child === node.childNodes[0];
      before = !first && sign && signs(sign) ? child : null;
      depth += sign && sign.texClass === OPEN ? 1 : sign && sign.texClass === CLOSE ? -1 : 0;
      if (child.isKind("mstyle") && !child.attributes.get("style") && !child.attributes.hasExplicit("mathbackground")) {
        this.markInlineBreaks(child.childNodes[0]);
        if (child.getProperty("process-breaks")) {
          child.setProperty("inline-breaks", true);
          child.childNodes[0].setProperty("inline-breaks", true);
          node.parent.setProperty("process-breaks", "true");
        }
      }
    }
    if (marked) for (const one of [node, node.parent]) one.setProperty("process-breaks", true);
  };
  // The braces that mhchem puts around a reaction hold no line together. Where MathJax knows no
  // break, behind an arrow with words above it, a wide space, a mark of Chinese, stands a space of no width for one.
  const unpack = (row, chemical) => {
    const blank = (child) => child && child.isKind("mtext") && child.getText() === "\u00a0";
    const parts = row.childNodes.flatMap((child) => (chemical && braced(child) ? child.childNodes[0].childNodes : [child]));
    row.setChildren(parts.flatMap((child, at) => {
      const opened = [...Array(3).keys()].map((back) => parts[at - back]).find((one) => !blank(one));
      if (!opened || ![arrow, quad, lists].some((kind) => kind(opened)) || blank(parts[at + 1]) || at + 1 === parts.length) return [child];
      const seam = row.factory.create("mspace", { width: "0" });
      seam.setProperty("seam", arrow(opened) && opened === child ? "relation" : "listed");
      return [child, seam];
    }));
  };
  // A line may end in a formula as in TeX (The TeXbook, chapter 18), but a short one is kept whole, and so are sums in
  // short ones, and what parentheses hold.
  const WHOLE = 4, SUMS = 8, WITHIN = 24, LEAST = 1.2;
  const space = ({ relation, listed }) => (listed ? 0 : relation ? 5 : 4) / 18;
  const mayEnd = ({ relation, listed, depth }, whole) => whole >= (depth ? WITHIN : relation || listed ? WHOLE : SUMS);
  const drawn = (container) => {
    const found = adaptor.childNodes(container).filter((child) => adaptor.kind(child) === "svg");
    const box = (svg) => adaptor.getAttribute(svg, "viewBox").split(" ").map((value) => Number(value) / 1000);
    const whole = found.reduce((sum, svg) => sum + box(svg)[2], 0);
    const pieces = [], spaces = [];
    let piece = null, left = whole;
    found.forEach((svg, at) => {
      const [, top, width, height] = box(svg);
      const gap = at ? breaks[at - 1] : null;
      if (!piece || (gap && mayEnd(gap, whole) && piece.width >= LEAST && left >= LEAST)) {
        if (piece) spaces.push(space(gap));
        pieces.push((piece = { width: 0, height: 0, depth: 0, drawing: new Drawing() }));
      } else if (gap) {
        piece.width += space(gap);
      }
      for (const child of adaptor.childNodes(svg))
        piece.drawing.add(child, [1, 0, 0, 1, piece.width * 1000, 0], "currentColor", "currentColor");
      piece.width += width;
      piece.height = Math.max(piece.height, -top);
      piece.depth = Math.max(piece.depth, height + top);
      left -= width;
    });
    return { pieces: pieces.map(({ drawing, ...sizes }) => ({ ...sizes, body: drawing.body })), spaces };
  };

  const set = (tex, display, width, held) => {
    // New for each formula: what one defines, another does not know.
    const document = mathjax.document("", {
      InputJax: new TeX({ packages, macros, formatError, maxBuffer: 1 << 17, maxMacros: 10000 }),
      OutputJax: output,
    });
    const item = new document.options.MathItem(tex, document.inputJax[0], display);
    item.start.node = adaptor.body(document.document);
    item.setMetrics(EM, EX, width * EM, 1);
    item.compile(document);
    const written = mathml.visitTree(item.root, document);
    unpack(item.root.childNodes[0], /\\(ce|cee|cf)(?![A-Za-z])/.test(tex));
    item.root.setTeXclass(null);
    behind(item.root);
    if (held) hold(item.root);
    output.options.linebreaks.inline = !display;
    breaks = [];
    item.typeset(document);
    return { mathml: written, ...drawn(item.typesetRoot) };
  };

  return (tex, display, width) => {
    try {
      const made = set(tex, display, width, display);
      const fits = !display || made.pieces.every((piece) => piece.width <= width + 0.01);
      return JSON.stringify(fits ? made : set(tex, display, width, false));
    } catch (error) {
      return JSON.stringify({ error: String(error.message || error) });
    }
  };
})();
