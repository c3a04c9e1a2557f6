-- For the script's PDF: each note as a span of the class "footnote", which the print stylesheet sets at the foot of the page.
function Note(note)
  return pandoc.Span(pandoc.utils.blocks_to_inlines(note.content), pandoc.Attr("", {"footnote"}))
end
