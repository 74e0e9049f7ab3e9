-- One row a call, written before it is sent. All times are milliseconds since 1970, in UTC.
CREATE TABLE exchanges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at INTEGER NOT NULL,
    -- Days since 1970 by Beijing's clock, by which the vendor counts.
    beijing_day INTEGER NOT NULL,
    -- Empty where another API than item_get is asked.
    num_iid TEXT NOT NULL,
    question TEXT NOT NULL,
    host TEXT NOT NULL,
    -- Which key, never the key.
    key TEXT NOT NULL,
    call TEXT NOT NULL,
    -- While it is under way: until when the session that sent it is to be waited for.
    lease_until INTEGER,
    -- Once it has ended; null before, and for ever if obx itself ended first.
    conclusion INTEGER REFERENCES conclusions (id),
    -- 0 free, 1 billed, 2 unknown.
    billing INTEGER NOT NULL DEFAULT 2,
    -- Whether it answers its question: 0 no, 1 by an item, 2 by saying that there is none,
    -- 3 by what another API than item_get gives.
    answers INTEGER NOT NULL DEFAULT 0,
    used INTEGER,
    allowed INTEGER,
    execution_time TEXT,
    total_ms INTEGER NOT NULL DEFAULT 0,
    size INTEGER NOT NULL DEFAULT 0,
    text INTEGER REFERENCES texts (id),
    -- As the answer wrote them: the whole of api_info, and the item's price and stock.
    api_info TEXT,
    price TEXT,
    stock TEXT,
    -- Nothing was sent: this stored answer was shown.
    reuses INTEGER REFERENCES exchanges (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX exchanges_by_question ON exchanges (question, id) WHERE answers > 0;
-- Holds all that is asked of it, so that a day is read without its rows.
CREATE INDEX exchanges_by_time ON exchanges (started_at, question, total_ms, answers) WHERE answers > 0;
-- With all that a count of a day's calls asks for: it is made before each of them.
CREATE INDEX exchanges_by_day ON exchanges (key, beijing_day, id, billing);
CREATE INDEX exchanges_by_item ON exchanges (num_iid, id);
CREATE INDEX exchanges_by_text ON exchanges (text) WHERE text IS NOT NULL;
CREATE INDEX exchanges_that_tell ON exchanges (key, id) WHERE api_info IS NOT NULL;
CREATE INDEX exchanges_by_reused ON exchanges (reuses) WHERE reuses IS NOT NULL;
CREATE INDEX exchanges_under_way ON exchanges (question) WHERE conclusion IS NULL;

-- What came of calls, once for all that ended alike.
CREATE TABLE conclusions (
    id INTEGER PRIMARY KEY,
    told TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE bodies (
    id INTEGER PRIMARY KEY REFERENCES exchanges (id) ON DELETE CASCADE,
    record TEXT NOT NULL,
    packed BLOB NOT NULL
) STRICT;

-- What can be searched for, once for all answers that say the same.
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    num_iid TEXT NOT NULL,
    title TEXT NOT NULL
) STRICT;

-- Pairs of neighbouring characters, so that any part of a Chinese or Latin word is found.
CREATE VIRTUAL TABLE search USING fts5 (pairs, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0');

CREATE TABLE items (
    num_iid TEXT PRIMARY KEY,
    starred INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT ''
) STRICT;

-- What stops further calls until a day turns, or for good.
CREATE TABLE latches (
    host TEXT NOT NULL,
    key TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    PRIMARY KEY (host, key)
) STRICT;
