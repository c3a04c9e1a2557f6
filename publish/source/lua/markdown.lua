-- Writes many chapters as Markdown in one start of pandoc: a document of one Div a chapter becomes a JSON array of texts.
local FORMAT = "markdown-smart-raw_attribute-raw_tex-simple_tables-multiline_tables-citations-example_lists"

function Writer(doc, options)
  options.wrap_text = "none"
  options.reference_location = "document"
  local pages = {}
  for index, div in ipairs(doc.blocks) do
    pages[index] = pandoc.write(pandoc.Pandoc(div.content), FORMAT, options)
  end
  return pandoc.json.encode(pandoc.List(pages))
end
