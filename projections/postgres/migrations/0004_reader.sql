-- For readers of the operator's own, such as a dashboard: whoever is granted
-- fc_reader reads every table and writes none. What it may read is granted with
-- the tables.
do $$
begin
  if not exists (select from pg_roles where rolname = 'fc_reader') then
    create role fc_reader nologin noinherit;
  end if;
end
$$;
grant usage on schema public to fc_reader;
revoke all on schema fc_data from fc_reader;
