-- Databricks notebook source
-- Reads the events of a span again from every namespace, and writes those into a table that it lacks; of one that is there
-- twice, both count once. Only together are all namespaces read at once: of two statements that write one table the second
-- is refused. The table is read for that span alone: files name the times that they hold.
--
-- Parameters: target, a table with the columns of bronze.events; namespaces, with spaces between; topic; credential, the
-- service credential by which they are read; since and until, in seconds since 1970; late, how many seconds what a producer
-- says of the time of an event may be off.

-- COMMAND ----------

BEGIN
  -- A parameter may stand in an expression only, and EXECUTE IMMEDIATE takes a variable.
  DECLARE target STRING;
  DECLARE topic STRING;
  DECLARE credential STRING;
  DECLARE since BIGINT;
  DECLARE until BIGINT;
  DECLARE late BIGINT;
  DECLARE span STRING;
  DECLARE sent STRING;
  DECLARE statement STRING;

  SET target = :target;
  SET topic = :topic;
  SET credential = :credential;
  SET since = CAST(:since AS BIGINT);
  SET until = CAST(:until AS BIGINT);
  SET late = CAST(:late AS BIGINT);

  SET span = ' BETWEEN timestamp_seconds(' || since || ' - ' || late || ') AND timestamp_seconds(' || until || ' + ' || late || ')';
  SET sent = 'SELECT date, event_type, customer_id, event_time, partition_id, sequence_number, body FROM ' || target || ' WHERE false';
  FOR one AS
    SELECT explode(split(:namespaces, ' ')) AS namespace
  DO
    SET sent = sent || ' UNION ALL SELECT to_date(timestamp), value::string:event_type::string, value::string:customer_id::string, '
      || 'timestamp, partition, offset, value::string FROM read_kafka(bootstrapServers => ''' || one.namespace
      || '.servicebus.windows.net:9093'', subscribe => ''' || topic || ''', startingTimestamp => ''' || since
      || '000'', endingTimestamp => ''' || until || '000'', `databricks.serviceCredential` => ''' || credential || ''')';
  END FOR;

  SET statement = 'MERGE INTO ' || target || ' AS held USING (SELECT * FROM (' || sent || ') WHERE event_time' || span || ') AS sent '
    || 'ON held.event_time' || span || ' AND held.date BETWEEN to_date(timestamp_seconds(' || since || ' - ' || late
    || ')) AND to_date(timestamp_seconds(' || until || ' + ' || late || ')) AND held.date = sent.date '
    || 'AND held.partition_id = sent.partition_id AND held.sequence_number = sent.sequence_number AND held.body = sent.body '
    || 'WHEN NOT MATCHED THEN INSERT *';
  EXECUTE IMMEDIATE statement;
END
