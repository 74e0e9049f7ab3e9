-- What people may read with SQL of their own, documented in docs/storage.md. These names stay when tables change. They have
-- no compressed body, no parameter of a call, and of a key its fingerprint alone.
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
    exchanges.reuses AS reused_call
FROM exchanges LEFT JOIN outcomes ON outcomes.id = exchanges.outcome;

-- Calls that brought what can be shown again: an item, "no such item", or the result of another API.
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
    v_calls.size
FROM v_calls JOIN exchanges ON exchanges.id = v_calls.id LEFT JOIN texts ON texts.id = exchanges.text
WHERE exchanges.answers > 0;

-- Every item that was asked for, with what its newest answer says.
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
    nullif(items.note, '') AS note
FROM (
    SELECT scope AS gateway, num_iid, count(*) FILTER (WHERE reuses IS NULL) AS calls,
        strftime('%Y-%m-%dT%H:%M:%fZ', max(started_at) / 1000.0, 'unixepoch') AS last_asked_at,
        max(id) FILTER (WHERE answers = 1) AS newest
    FROM exchanges WHERE num_iid <> '' GROUP BY scope, num_iid
) AS asked
LEFT JOIN v_answers AS newest ON newest.id = asked.newest
LEFT JOIN items ON items.num_iid = asked.num_iid;
