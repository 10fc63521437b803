-- Databricks notebook source
-- Clones every table of a catalog to another account, as tables of the same names: only what is new is copied. A table
-- that cannot be cloned does not keep the others from it; the run fails at its end and says which.
--
-- Parameters: source and target, catalogs; location, where the account keeps tables, which ends with "/"; history, how
-- long versions are kept, such as "interval 35 days"; serving, a table in the other region, and serving_location, where it
-- lies. As long as it has a row, people write in that region into what was cloned there: no run clones anything, whoever
-- let it begin.
--
-- The table holdfast.clones of the target, in the folder _holdfast/clones, tells a recovery what there is without any
-- metastore of the lost region. It has a row for each table that a run finds as it begins, whose `captured` is NULL, and
-- one for each that it has cloned: since when the clone lacks what is written, its version, that of the source, its rows.

-- COMMAND ----------

BEGIN
  -- A parameter may stand in an expression only, and EXECUTE IMMEDIATE takes a variable.
  DECLARE source STRING;
  DECLARE target STRING;
  DECLARE location STRING;
  DECLARE history STRING;
  DECLARE serving STRING;
  DECLARE guard STRING;
  DECLARE started TIMESTAMP;
  DECLARE statement STRING;
  DECLARE failed STRING DEFAULT '';

  SET source = :source;
  SET target = :target;
  SET location = :location;
  SET history = :history;
  SET serving = :serving;
  SET started = current_timestamp();

  SET statement = 'CREATE TABLE IF NOT EXISTS ' || serving || ' (region STRING, since TIMESTAMP) USING DELTA LOCATION '''
    || :serving_location || '''';
  EXECUTE IMMEDIATE statement;
  SET guard = 'SELECT if(count(*) > 0, raise_error(''the other region serves: nothing is cloned over what is written there''), 0) FROM '
    || serving;
  EXECUTE IMMEDIATE guard;

  -- Thousands of small commits a day: without compaction a recovery would wait for the list of what there is.
  SET statement = 'CREATE TABLE IF NOT EXISTS `' || target || '`.holdfast.clones (run TIMESTAMP, layer STRING, name STRING, '
    || 'captured TIMESTAMP, version BIGINT, source BIGINT, rows BIGINT) USING DELTA LOCATION ''' || location
    || '_holdfast/clones'' TBLPROPERTIES (''delta.autoOptimize.autoCompact'' = ''true'')';
  EXECUTE IMMEDIATE statement;
  SET statement = 'DELETE FROM `' || target || '`.holdfast.clones WHERE run < current_timestamp() - ' || history;
  EXECUTE IMMEDIATE statement;
  -- In one commit: a table that is not in the newest list was dropped or renamed. Its clone is left where it is.
  SET statement = 'INSERT INTO `' || target || '`.holdfast.clones SELECT ?, table_schema, table_name, NULL, NULL, NULL, NULL FROM `'
    || source || '`.information_schema.tables WHERE table_schema IN (''bronze'', ''silver'', ''gold'') AND data_source_format = ''DELTA''';
  EXECUTE IMMEDIATE statement USING started;

  FOR one AS
    SELECT table_schema AS layer, table_name AS name
    FROM IDENTIFIER(source || '.information_schema.tables')
    WHERE table_schema IN ('bronze', 'silver', 'gold') AND data_source_format = 'DELTA'
    ORDER BY table_schema, table_name
  DO
    -- Once more for each: the other region may have begun to serve since.
    EXECUTE IMMEDIATE guard;
    BEGIN
      DECLARE captured TIMESTAMP;
      DECLARE layer STRING;
      DECLARE name STRING;
      DECLARE cloned STRING;
      DECLARE EXIT HANDLER FOR SQLEXCEPTION
        SET failed = failed || ' ' || one.layer || '.' || one.name;

      SET captured = current_timestamp();
      SET layer = one.layer;
      SET name = one.name;
      SET cloned = '`' || target || '`.`' || layer || '`.`' || name || '`';
      -- What is written there while that region serves is told apart by the change data feed, and goes back alone.
      SET statement = 'CREATE OR REPLACE TABLE ' || cloned || ' DEEP CLONE `' || source || '`.`' || layer || '`.`' || name
        || '` TBLPROPERTIES (''delta.deletedFileRetentionDuration'' = ''' || history
        || ''', ''delta.logRetentionDuration'' = ''' || history
        || ''', ''delta.enableChangeDataFeed'' = ''true'') LOCATION ''' || location || layer || '/' || name || '''';
      EXECUTE IMMEDIATE statement;
      SET statement = 'INSERT INTO `' || target || '`.holdfast.clones SELECT ?, ?, ?, ?, version, CAST(operationParameters[''sourceVersion''] AS BIGINT), '
        || '(SELECT count(*) FROM ' || cloned || ') FROM (DESCRIBE HISTORY ' || cloned
        || ' LIMIT 10) WHERE operation = ''CLONE'' ORDER BY version DESC LIMIT 1';
      EXECUTE IMMEDIATE statement USING started, layer, name, captured;
    END;
  END FOR;

  IF failed <> '' THEN
    SET statement = 'SELECT raise_error(''not cloned:' || failed || ''')';
    EXECUTE IMMEDIATE statement;
  END IF;
END
