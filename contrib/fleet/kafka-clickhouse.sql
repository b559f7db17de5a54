-- nauditd → Kafka → ClickHouse: reads the topic that the sink `kafka` fills into audit.events (clickhouse.sql first).
-- The position in the topic moves after the rows are stored: at least once; what comes twice is one row when parts are merged.

CREATE TABLE IF NOT EXISTS audit.topic (event String)
ENGINE = Kafka
SETTINGS kafka_broker_list = 'kafka1.example:9092',
  kafka_topic_list = 'audit',
  kafka_group_name = 'clickhouse',
  kafka_format = 'JSONAsString';

CREATE MATERIALIZED VIEW IF NOT EXISTS audit.from_topic TO audit.events AS
SELECT
  parseDateTime64BestEffort(visitParamExtractString(event, 'time'), 3) AS time,
  visitParamExtractString(event, 'id') AS id,
  visitParamExtractString(event, 'node') AS node,
  visitParamExtractString(event, 'action') AS action,
  visitParamExtractString(event, 'kind') AS kind,
  visitParamExtractString(event, 'outcome') AS outcome,
  toUInt32(visitParamExtractUInt(visitParamExtractRaw(event, 'subject'), 'auid')) AS auid,
  toUInt32(visitParamExtractUInt(visitParamExtractRaw(event, 'subject'), 'uid')) AS uid,
  toUInt32(visitParamExtractUInt(visitParamExtractRaw(event, 'subject'), 'pid')) AS pid,
  visitParamExtractString(event, 'how') AS exe,
  extractAll(visitParamExtractRaw(event, 'keys'), '"((?:[^"\\\\]|\\\\.)*)"') AS key,
  event
FROM audit.topic;
