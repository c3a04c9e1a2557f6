// In the place of MathJax's default font, which is three times as large: we give it another (parts.js).
export const Font = { fontName: "none", DefaultFont: class {} };
