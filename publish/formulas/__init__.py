"""Formulas: TeX read for what an edition changes in it, and set by MathJax as drawings and MathML."""
