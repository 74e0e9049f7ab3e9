-- jq programs over a response that were kept: the greater the id, the later.
CREATE TABLE programs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    program TEXT NOT NULL UNIQUE
) STRICT;
