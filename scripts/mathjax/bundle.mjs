// Bundles parts.js into publish/formulas/mathjax/mathjax.js, the same bytes from the same versions.
import { copyFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const into = "../../publish/formulas/mathjax/";

await build({
  entryPoints: [here("parts.js")],
  outfile: here(`${into}mathjax.js`),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "ascii",
  legalComments: "none",
  banner: { js: "/* MathJax 4.1.3 with its TeX font and mhchemParser; Apache-2.0, see LICENSE */" },
  plugins: [
    { name: "font", setup: (one) => one.onResolve({ filter: /^#default-font\// }, () => ({ path: here("nofont.js") })) },
  ],
});
await copyFile(here("node_modules/@mathjax/src/LICENSE"), here(`${into}LICENSE`));
