-- Databricks notebook source
-- Files that no version of so many hours needs are deleted, of tables and of their clones: a clone that nobody vacuums
-- keeps every file that it ever copied. A table that fails does not keep the others from it; the run fails at its end and
-- says which.
--
-- Parameters: catalogs, their names with blanks between; retain_hours.

-- COMMAND ----------

BEGIN
  DECLARE catalogs STRING;
  DECLARE hours INT;
  DECLARE statement STRING;
  DECLARE failed STRING DEFAULT '';

  SET catalogs = :catalogs;
  SET hours = CAST(:retain_hours AS INT);

  FOR one AS
    SELECT table_catalog AS catalog, table_schema AS layer, table_name AS name
    FROM system.information_schema.tables
    WHERE array_contains(split(catalogs, ' '), table_catalog)
      AND table_schema IN ('bronze', 'silver', 'gold') AND data_source_format = 'DELTA'
    ORDER BY table_catalog, table_schema, table_name
  DO
    BEGIN
      DECLARE EXIT HANDLER FOR SQLEXCEPTION
        SET failed = failed || ' ' || one.catalog || '.' || one.layer || '.' || one.name;

      SET statement = 'VACUUM `' || one.catalog || '`.`' || one.layer || '`.`' || one.name || '` RETAIN ' || hours || ' HOURS';
      EXECUTE IMMEDIATE statement;
    END;
  END FOR;

  IF failed <> '' THEN
    SET statement = 'SELECT raise_error(''not vacuumed:' || failed || ''')';
    EXECUTE IMMEDIATE statement;
  END IF;
END
