#pragma once

#include <span>
#include <string>
#include <string_view>

namespace fc::actors::services {

/// A GraphQL text as it stands below `queries/`.
struct graphql_text {
  std::string_view name; ///< File name.
  std::string_view text;
};

/// All of them, by name; embedded.
std::span<const graphql_text> graphql_texts() noexcept;

/// The text of a file, e.g. "search_merged", and of the fragments it spreads,
/// behind it. The file must exist.
std::string
graphql_document(std::string_view name, std::string_view fragment = {});

} // namespace fc::actors::services
