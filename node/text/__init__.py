"""Words and markup: cleaning, Markdown, folding for search, summaries."""
