"""Who is asking, and what has their site chosen? Everything Atlassian Connect lives here."""
