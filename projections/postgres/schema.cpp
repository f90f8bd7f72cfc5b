#include "projections/postgres/schema.hpp"

namespace fc::projections::postgres {

namespace {

/// Roles that are given what a table's readers may do; the REST layer takes
/// them on.
constexpr std::string_view public_roles = "anon, authenticated";

/// What an operator grants to readers of their own.
constexpr std::string_view reader_role = "fc_reader";

} // namespace

std::string qualified(std::string_view schema, const table& x) {
  return std::string{schema} + "." + std::string{x.name};
}

std::string names_of(std::span<const column> columns) {
  std::string result;
  for (const auto& x : columns)
    result += (result.empty() ? "" : ", ") + std::string{x.name};
  return result;
}

std::string_view type_name(column_type x) {
  switch (x) {
  case column_type::boolean:
    return "boolean";
  case column_type::integer:
    return "integer";
  case column_type::bigint:
    return "bigint";
  case column_type::real:
    return "double precision";
  case column_type::text:
    return "text";
  case column_type::texts:
    return "text[]";
  case column_type::uuid:
    return "uuid";
  case column_type::document:
    return "jsonb";
  case column_type::time:
    return "timestamp with time zone";
  }
  return "text";
}

std::string create_statement(std::string_view schema, const table& x) {
  const auto name = qualified(schema, x);
  std::string columns;
  for (std::size_t i = 0; i < x.columns.size(); ++i)
    columns += (i == 0 ? "" : ", ") + std::string{x.columns[i].name} + " "
               + std::string{type_name(x.columns[i].type)}
               + (i < x.key ? " not null" : "");
  // Default privileges of an installation must not open a table for a moment.
  return "create table " + name + " (" + columns + "); revoke all on " + name
         + " from public, anon, authenticated, service_role, fc_reader";
}

std::vector<std::string>
index_statements(std::string_view schema, const table& x) {
  const auto name = qualified(schema, x);
  std::vector<std::string> result{"alter table " + name + " add primary key ("
                                  + names_of(x.columns.first(x.key)) + ")"};
  for (const auto& each : x.indexes)
    result.push_back(
      "create index on " + name + " using " + std::string{each.method} + " ("
      + std::string{each.columns} + ")"
      + (each.where.empty() ? "" : " where " + std::string{each.where}));
  return result;
}

std::vector<std::string>
access_statements(std::string_view schema, const table& x) {
  const auto name = qualified(schema, x);
  std::vector<std::string> result{
    "alter table " + name + " enable row level security",
    "grant select on " + name + " to service_role",
    // Where Supabase made the role it passes all policies; elsewhere it may
    // not.
    "create policy service_read on " + name
      + " for select to service_role using (true)",
    // The operator's own readers see all rows, whatever their role passes.
    "grant select on " + name + " to " + std::string{reader_role},
    "create policy reader_read on " + name + " for select to "
      + std::string{reader_role} + " using (true)"};
  if (x.readers == audience::staff)
    return result;
  const std::string roles{public_roles};
  result.push_back("grant select on " + name + " to " + roles);
  result.push_back("create policy public_read on " + name + " for select to "
                   + roles + " using (true)");
  return result;
}

std::string structure_of(const table& x) {
  std::string result;
  for (const auto& each : x.columns)
    result += (result.empty() ? "" : ", ") + std::string{each.name} + " "
              + std::string{type_name(each.type)};
  return result;
}

std::string_view structure_query() {
  return "select coalesce(string_agg(attname || ' ' || "
         "format_type(atttypid, atttypmod), ', ' order by attnum), '') "
         "from pg_attribute where attrelid = to_regclass($1) and attnum > 0 "
         "and not attisdropped";
}

} // namespace fc::projections::postgres
