-- Who asked, as on a server; for an item that is who asked for its newest answer.
DROP VIEW v_items;
DROP VIEW v_answers;
DROP VIEW v_calls;
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
