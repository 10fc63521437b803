-- Databricks notebook source
-- Clones every table of a catalog to another account, as tables of the same names: only what is new is copied. A table
-- that cannot be cloned does not keep the others from it; the run fails at its end and says which.
--
-- Parameters: source and target, catalogs; location, where the account keeps tables, which ends with "/"; history, how
-- long versions are kept, such as "interval 35 days". What is cloned is noted in the table holdfast.clones of the target,
-- in the folder _holdfast/clones: a recovery reads there what there is, without any metastore of the lost region.

-- COMMAND ----------

BEGIN
  -- A parameter may stand in an expression only, and EXECUTE IMMEDIATE takes a variable.
  DECLARE source STRING;
  DECLARE target STRING;
  DECLARE location STRING;
  DECLARE history STRING;
  DECLARE started TIMESTAMP;
  DECLARE statement STRING;
  DECLARE failed STRING DEFAULT '';

  SET source = :source;
  SET target = :target;
  SET location = :location;
  SET history = :history;
  SET started = current_timestamp();

  SET statement = 'CREATE TABLE IF NOT EXISTS `' || target || '`.holdfast.clones (run TIMESTAMP, layer STRING, name STRING, '
    || 'location STRING, captured TIMESTAMP, rows BIGINT) USING DELTA LOCATION ''' || location || '_holdfast/clones''';
  EXECUTE IMMEDIATE statement;

  -- A table that was dropped since is left where it is: a recovery may want it.
  FOR one AS
    SELECT table_schema AS layer, table_name AS name
    FROM IDENTIFIER(source || '.information_schema.tables')
    WHERE table_schema IN ('bronze', 'silver', 'gold') AND data_source_format = 'DELTA'
    ORDER BY table_schema, table_name
  DO
    BEGIN
      DECLARE captured TIMESTAMP;
      DECLARE layer STRING;
      DECLARE name STRING;
      DECLARE folder STRING;
      DECLARE EXIT HANDLER FOR SQLEXCEPTION
        SET failed = failed || ' ' || one.layer || '.' || one.name;

      SET captured = current_timestamp();
      SET layer = one.layer;
      SET name = one.name;
      SET folder = location || layer || '/' || name;
      SET statement = 'CREATE OR REPLACE TABLE `' || target || '`.`' || layer || '`.`' || name
        || '` DEEP CLONE `' || source || '`.`' || layer || '`.`' || name
        || '` TBLPROPERTIES (''delta.deletedFileRetentionDuration'' = ''' || history
        || ''', ''delta.logRetentionDuration'' = ''' || history
        || ''') LOCATION ''' || folder || '''';
      EXECUTE IMMEDIATE statement;
      SET statement = 'INSERT INTO `' || target || '`.holdfast.clones SELECT ?, ?, ?, ?, ?, count(*) FROM `'
        || target || '`.`' || layer || '`.`' || name || '`';
      EXECUTE IMMEDIATE statement
        USING started, layer, name, folder, captured;
    END;
  END FOR;

  IF failed <> '' THEN
    SET statement = 'SELECT raise_error(''not cloned:' || failed || ''')';
    EXECUTE IMMEDIATE statement;
  END IF;
END
