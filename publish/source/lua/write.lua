-- Writes many chapters in one start of pandoc: a document of one Div a chapter becomes a JSON array of HTML texts.
function Writer(doc, options)
  local pages = {}
  for index, div in ipairs(doc.blocks) do
    pages[index] = pandoc.write(pandoc.Pandoc(div.content), "html5", options)
  end
  return pandoc.json.encode(pandoc.List(pages))
end
