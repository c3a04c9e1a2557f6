-- Reads many Markdown texts in one start of pandoc, each with link and note names of its own.
-- Input: a JSON array of {name, text}; output: a document of one Div a text, its name in the attribute "name".
-- Says on standard error which text comes next, so that pandoc's warnings can be told apart.
function Reader(sources, options)
  local blocks = pandoc.Blocks{}
  for number, source in ipairs(pandoc.json.decode(sources[1].text, false)) do
    io.stderr:write("[INFO] text " .. number .. "\n")
    local ok, doc = pcall(pandoc.read, source.text, source.format, options)
    if not ok then
      error("\n<<" .. source.name .. ">>" .. tostring(doc), 0)
    end
    blocks:insert(pandoc.Div(doc.blocks, pandoc.Attr("", {}, {name = source.name})))
  end
  return pandoc.Pandoc(blocks)
end
