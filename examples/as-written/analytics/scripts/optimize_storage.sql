-- optimize_storage.sql

-- Optimize Delta tables
OPTIMIZE bronze.events
WHERE date >= current_date() - INTERVAL 7 DAYS
ZORDER BY (event_type, customer_id);

-- Vacuum old files
VACUUM bronze.events RETAIN 168 HOURS;

-- Analyze table statistics
ANALYZE TABLE bronze.events COMPUTE STATISTICS;

-- Check table health
DESCRIBE HISTORY bronze.events LIMIT 10;
