-- Reading a table needs its schema. Which tables each role reads is granted with
-- the tables.
grant usage on schema public to anon, authenticated, service_role;
revoke all on schema fc_data from public, anon, authenticated, service_role;
-- Default privileges of an installation may have given them these.
revoke all on all tables in schema fc_data from public, anon, authenticated, service_role;
