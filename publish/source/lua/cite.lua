-- Makes the citations of many texts in one start of pandoc: a document of one Div a text, its language in the attribute
-- "locale" and its CSL style in "style", becomes a JSON array of documents.
function Writer(doc, options)
  local made = {}
  for number, div in ipairs(doc.blocks) do
    local meta = doc.meta
    meta.lang = div.attributes.locale
    meta.csl = div.attributes.style
    made[number] = pandoc.write(pandoc.utils.citeproc(pandoc.Pandoc(div.content, meta)), "json")
  end
  return pandoc.json.encode(pandoc.List(made))
end
