-- Reads the literature of many files in one start of pandoc.
-- Input: a JSON array of {name, text, format}; output: a document whose metadata has each file's as "file1", "file2" …
function Reader(sources, options)
  local meta = {}
  for number, source in ipairs(pandoc.json.decode(sources[1].text, false)) do
    local ok, doc = pcall(pandoc.read, source.text, source.format, options)
    if not ok then
      error("\n<<" .. source.name .. ">>" .. tostring(doc), 0)
    end
    meta["file" .. number] = pandoc.MetaList(doc.meta.references or {})
  end
  return pandoc.Pandoc({}, meta)
end
