-- What each table holds and up to where it followed the log. Nobody but the
-- owner reads it.
create table fc_data.projections (
  projection text primary key,
  version int not null,
  position bigint not null,
  head text not null,
  row_count bigint not null,
  content bigint not null,
  structure text not null,
  written_at timestamptz not null default now()
);
alter table fc_data.projections enable row level security;
revoke all on fc_data.projections from public;
