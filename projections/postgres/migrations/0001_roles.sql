-- The roles of Supabase's REST layer. They are there on Supabase; elsewhere they
-- are made, so that the same grants and policies hold.
do $$
declare
  each text;
begin
  foreach each in array array['anon', 'authenticated', 'service_role'] loop
    if not exists (select from pg_roles where rolname = each) then
      execute format('create role %I nologin noinherit', each);
    end if;
  end loop;
end
$$;
