-- Reads the literature of many files in one start of pandoc.
-- Input: a JSON array of {name, text, format}; output: a document whose metadata has each file's as "file1", "file2" …
local ALL = pandoc.MetaInlines{pandoc.Cite({pandoc.Str("@*")}, {pandoc.Citation("*", "NormalCitation")})}
local BIBTEX = {biblatex = ".bib", bibtex = ".bibtex"}

-- pandoc's own readers of these make small letters of an English title's capitals, names among them. As the literature
-- of a text that is not English, it stays as typed.
local function as_literature(text, suffix)
  return pandoc.system.with_temporary_directory("literature", function (folder)
    local path = pandoc.path.join{folder, "literature" .. suffix}
    local file = assert(io.open(path, "w"))
    file:write(text)
    file:close()
    local meta = {bibliography = pandoc.MetaString(path), lang = pandoc.MetaString("zh"), nocite = ALL}
    return pandoc.utils.references(pandoc.Pandoc({}, meta))
  end)
end

local function read(source, options)
  if BIBTEX[source.format] then
    return as_literature(source.text, BIBTEX[source.format])
  end
  return pandoc.read(source.text, source.format, options).meta.references or {}
end

function Reader(sources, options)
  local meta = {}
  for number, source in ipairs(pandoc.json.decode(sources[1].text, false)) do
    local ok, found = pcall(read, source, options)
    if not ok then
      error("\n<<" .. source.name .. ">>" .. tostring(found), 0)
    end
    meta["file" .. number] = pandoc.MetaList(found)
  end
  return pandoc.Pandoc({}, meta)
end
