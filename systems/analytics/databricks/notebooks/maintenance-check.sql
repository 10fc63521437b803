-- Databricks notebook source
-- Whether a runtime reads what is there: a row of every table of the lake, before anything is led to it.
--
-- Parameter: catalog.

-- COMMAND ----------

BEGIN
  DECLARE catalog STRING;
  DECLARE statement STRING;
  DECLARE tables INT DEFAULT 0;

  SET catalog = :catalog;
  FOR one AS
    SELECT table_schema AS layer, table_name AS name
    FROM IDENTIFIER(catalog || '.information_schema.tables')
    WHERE table_schema IN ('bronze', 'silver', 'gold') AND data_source_format = 'DELTA'
  DO
    SET statement = 'SELECT count(*) FROM (SELECT * FROM `' || catalog || '`.`' || one.layer || '`.`' || one.name || '` LIMIT 1)';
    EXECUTE IMMEDIATE statement;
    SET tables = tables + 1;
  END FOR;

  IF tables = 0 THEN
    SET statement = 'SELECT raise_error(''this runtime sees no table of the lake'')';
    EXECUTE IMMEDIATE statement;
  END IF;
END
