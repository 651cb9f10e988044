"""Sets articles on sheets: compose (HTML), print, place, number and merge. Knows no Confluence."""
