-- The fleet's store: what nauditd's sink `clickhouse` inserts, or what comes from Kafka (kafka-clickhouse.sql).
-- For ClickHouse 22.2 and later: clickhouse-client --multiquery < clickhouse.sql

CREATE DATABASE IF NOT EXISTS audit;

-- Equal rows of a delivery that was repeated become one when parts are merged; SELECT … FINAL shows them so at once. For several
-- replicas: ReplicatedReplacingMergeTree, which remembers tokens of inserts by itself.
CREATE TABLE IF NOT EXISTS audit.events (
  time DateTime64(3),
  id String,
  node LowCardinality(String),
  action LowCardinality(String),
  kind LowCardinality(String),
  outcome LowCardinality(String),
  auid UInt32,
  uid UInt32,
  pid UInt32,
  exe String,
  key Array(LowCardinality(String)),
  event String CODEC(ZSTD)
) ENGINE = ReplacingMergeTree
PARTITION BY toDate(time)
ORDER BY (node, time, id)
TTL toDate(time) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 1000;

-- How much each node sends, by the hour. Counts what is inserted, so a repeated delivery counts twice.
CREATE MATERIALIZED VIEW IF NOT EXISTS audit.by_hour
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (node, hour, kind, action, outcome)
POPULATE AS SELECT toStartOfHour(time) AS hour, node, kind, action, outcome, count() AS events
FROM audit.events GROUP BY hour, node, kind, action, outcome;

-- Logins and sessions, small and kept apart.
CREATE MATERIALIZED VIEW IF NOT EXISTS audit.logins
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (node, time, id)
POPULATE AS SELECT time, id, node, action, outcome, auid, uid, exe,
  visitParamExtractString(visitParamExtractRaw(event, 'subject'), 'address') AS address
FROM audit.events WHERE kind = 'user-login';
