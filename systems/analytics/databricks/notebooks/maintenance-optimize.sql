-- Databricks notebook source
-- Small files are put together, a day at a time, and sorted by what people filter by: of the newest days as often as tables
-- are cloned, since a clone has to copy once more what is put together, and has minutes for it. What is sorted already stays
-- as it is. A table that fails does not keep the others from it; the run fails at its end and says which.
--
-- Parameters: catalog, whose tables with folders by date, an event_type and a customer_id are worked on; oldest and newest,
-- the days, counted back from today; statistics, "true" where those of the tables are to be computed as well.

-- COMMAND ----------

BEGIN
  DECLARE catalog STRING;
  DECLARE began TIMESTAMP;
  DECLARE oldest INT;
  DECLARE newest INT;
  DECLARE statistics STRING;
  DECLARE statement STRING;
  DECLARE failed STRING DEFAULT '';

  SET catalog = :catalog;
  SET began = current_timestamp();
  SET oldest = CAST(:oldest AS INT);
  SET newest = CAST(:newest AS INT);
  SET statistics = :statistics;

  FOR one AS
    SELECT table_schema AS layer, table_name AS name
    FROM IDENTIFIER(catalog || '.information_schema.columns')
    WHERE table_schema IN ('bronze', 'silver', 'gold')
      AND (column_name IN ('event_type', 'customer_id') OR (column_name = 'date' AND partition_index IS NOT NULL))
    GROUP BY table_schema, table_name
    HAVING count(*) = 3
    ORDER BY table_schema, table_name
  DO
    BEGIN
      DECLARE full_name STRING;
      DECLARE day DATE;
      DECLARE optimized BIGINT;
      DECLARE written BIGINT;
      DECLARE EXIT HANDLER FOR SQLEXCEPTION
        SET failed = failed || ' ' || one.layer || '.' || one.name;

      SET full_name = '`' || catalog || '`.`' || one.layer || '`.`' || one.name || '`';
      SET day = date_sub(current_date(), oldest);
      WHILE day <= date_sub(current_date(), newest) DO
        SET statement = 'OPTIMIZE ' || full_name || ' WHERE date = DATE''' || day || ''' ZORDER BY (event_type, customer_id)';
        EXECUTE IMMEDIATE statement;
        SET day = date_add(day, 1);
      END WHILE;
      IF statistics = 'true' THEN
        SET statement = 'ANALYZE TABLE ' || full_name || ' COMPUTE STATISTICS';
        EXECUTE IMMEDIATE statement;
      END IF;

      -- The document looks at ten versions; a stream writes ten in a minute.
      SET statement = 'SELECT count_if(operation = ''OPTIMIZE'' AND timestamp >= ?), count_if(operation IN (''WRITE'', ''STREAMING UPDATE'', ''MERGE'') AND timestamp >= ? - INTERVAL 1 DAY) '
        || 'FROM (DESCRIBE HISTORY ' || full_name || ' LIMIT 1000)';
      EXECUTE IMMEDIATE statement INTO optimized, written USING began, began;
      -- What was written since yesterday and has not been put together by now was passed over.
      IF newest = 0 AND optimized = 0 AND written > 0 THEN
        SET failed = failed || ' ' || one.layer || '.' || one.name || ' (no OPTIMIZE in its history)';
      END IF;
    END;
  END FOR;

  IF failed <> '' THEN
    SET statement = 'SELECT raise_error(''not optimized:' || failed || ''')';
    EXECUTE IMMEDIATE statement;
  END IF;
END
