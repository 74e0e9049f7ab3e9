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
    outcome INTEGER REFERENCES "outcomes" (id),
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
, scope TEXT NOT NULL DEFAULT '', owner TEXT, asked_by TEXT, begun_at INTEGER) STRICT;
CREATE INDEX exchanges_by_text ON exchanges (text) WHERE text IS NOT NULL;
CREATE INDEX exchanges_by_reused ON exchanges (reuses) WHERE reuses IS NOT NULL;
CREATE TABLE "outcomes" (
    id INTEGER PRIMARY KEY,
    summary TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE bodies (
    id INTEGER PRIMARY KEY REFERENCES exchanges (id) ON DELETE CASCADE,
    record TEXT NOT NULL,
    packed BLOB NOT NULL
, digest BLOB) STRICT;
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    num_iid TEXT NOT NULL,
    title TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (pairs, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0');
CREATE TABLE items (
    num_iid TEXT PRIMARY KEY,
    starred INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE "blocks" (
    host TEXT NOT NULL,
    key TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    PRIMARY KEY (host, key)
) STRICT;
CREATE TABLE programs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    program TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX exchanges_by_time ON exchanges (started_at, scope, question, total_ms, answers) WHERE answers > 0;
CREATE INDEX exchanges_by_day ON exchanges (scope, key, beijing_day, id, billing);
CREATE INDEX exchanges_by_item ON exchanges (scope, num_iid, id);
CREATE INDEX exchanges_that_tell ON exchanges (scope, key, id) WHERE api_info IS NOT NULL;
CREATE INDEX exchanges_by_question ON exchanges (scope, question, started_at + total_ms, id) WHERE answers > 0;
CREATE INDEX exchanges_in_doubt ON exchanges (scope, question) WHERE billing = 2 AND answers = 0 AND reuses IS NULL;
CREATE TABLE items_of_others (
    asked_by TEXT NOT NULL,
    num_iid TEXT NOT NULL,
    starred INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (asked_by, num_iid)
) STRICT;
CREATE TABLE programs_of_others (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    asked_by TEXT NOT NULL,
    program TEXT NOT NULL,
    UNIQUE (asked_by, program)
) STRICT;
CREATE VIEW v_calls AS SELECT
    exchanges.id,
    strftime('%Y-%m-%dT%H:%M:%fZ', exchanges.started_at / 1000.0, 'unixepoch') AS started_at,
    date(exchanges.beijing_day * 86400, 'unixepoch') AS beijing_day,
    exchanges.scope AS gateway,
    exchanges.host,
    exchanges.key AS key_fingerprint,
    substr(exchanges.question, 1, instr(exchanges.question || '?', '?') - 1) AS api,
    nullif(exchanges.num_iid, '') AS num_iid,
    CASE
        WHEN exchanges.reuses IS NOT NULL THEN 'store'
        ELSE CASE exchanges.billing WHEN 0 THEN 'free' WHEN 1 THEN 'billed' ELSE 'unknown' END
    END AS cost,
    CASE WHEN json_valid(outcomes.summary) THEN CASE json_type(outcomes.summary, '$.outcome')
        WHEN 'object' THEN (SELECT key FROM json_each(outcomes.summary, '$.outcome') LIMIT 1)
        ELSE json_extract(outcomes.summary, '$.outcome')
    END END AS outcome,
    CASE WHEN json_valid(outcomes.summary) THEN json_extract(outcomes.summary, '$.code') END AS error_code,
    CASE WHEN json_valid(outcomes.summary) THEN json_extract(outcomes.summary, '$.words') END AS message,
    CASE WHEN json_valid(outcomes.summary) THEN json_extract(outcomes.summary, '$.status') END AS http_status,
    exchanges.used,
    exchanges.allowed,
    exchanges.api_info,
    exchanges.execution_time,
    exchanges.total_ms,
    exchanges.size,
    exchanges.reuses AS reused_call,
    exchanges.asked_by
FROM exchanges LEFT JOIN outcomes ON outcomes.id = exchanges.outcome;
CREATE VIEW v_answers AS SELECT
    v_calls.id,
    v_calls.started_at,
    v_calls.gateway,
    v_calls.api,
    v_calls.num_iid,
    CASE exchanges.answers WHEN 1 THEN 'item' WHEN 2 THEN 'no_item' ELSE 'other' END AS answer,
    texts.title,
    exchanges.price,
    exchanges.stock,
    v_calls.size,
    v_calls.asked_by
FROM v_calls JOIN exchanges ON exchanges.id = v_calls.id LEFT JOIN texts ON texts.id = exchanges.text
WHERE exchanges.answers > 0;
CREATE VIEW v_items AS SELECT
    asked.gateway,
    asked.num_iid,
    newest.title,
    newest.price,
    newest.stock,
    newest.started_at AS answered_at,
    asked.last_asked_at,
    asked.calls,
    coalesce(items.starred, 0) AS starred,
    nullif(items.note, '') AS note,
    newest.asked_by
FROM (
    SELECT scope AS gateway, num_iid, count(*) FILTER (WHERE reuses IS NULL) AS calls,
        strftime('%Y-%m-%dT%H:%M:%fZ', max(started_at) / 1000.0, 'unixepoch') AS last_asked_at
    FROM exchanges WHERE num_iid <> '' GROUP BY scope, num_iid
) AS asked
LEFT JOIN v_answers AS newest ON newest.id = (
    SELECT id FROM exchanges
    WHERE scope = asked.gateway AND exchanges.num_iid = asked.num_iid AND answers = 1
    ORDER BY exchanges.started_at + total_ms DESC, id DESC LIMIT 1
)
LEFT JOIN items ON items.num_iid = asked.num_iid;
