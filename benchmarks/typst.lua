-- For Typst, which knows labels by name: one that stands twice stays with the first, what leads to none is no link.
local known = {}

local function once(node)
  if node.identifier == '' then return nil end
  if known[node.identifier] then node.identifier = '' end
  known[node.identifier] = true
  return node
end

return {
  { Header = once, Div = once, Span = once, Figure = once, Table = once, CodeBlock = once },
  {
    Link = function(link)
      local name = link.target:match('^#(.+)')
      if name and not known[name] then return link.content end
    end,
    Cite = function(cite) return cite.content end,
  },
}
