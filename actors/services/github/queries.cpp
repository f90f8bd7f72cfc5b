#include "actors/services/github/queries.hpp"

#include <cassert>

namespace fc::actors::services {

namespace {

std::string_view file(std::string_view name) {
  for (const auto& each : graphql_texts())
    if (each.name.starts_with(name)
        && each.name.substr(name.size()) == ".graphql")
      return each.text;
  assert(!"a query that is not below queries/");
  return {};
}

} // namespace

std::string graphql_document(std::string_view name, std::string_view fragment) {
  std::string text{file(name)};
  if (!fragment.empty())
    text.append("\n").append(file(fragment));
  return text;
}

} // namespace fc::actors::services
