#pragma once

#include <string>
#include <string_view>

/// Pieces of a page for a browser.
namespace fc::replay::html {

/// Text for content and attribute values: markup escaped; bytes that are not
/// UTF-8, control characters and characters that turn the direction of text
/// replaced.
std::string escaped(std::string_view x);

/// `<name>text</name>`, the text escaped.
std::string element(std::string_view name, std::string_view text);

/// The style sheet: light and dark, narrow screens, paper.
std::string_view style() noexcept;

} // namespace fc::replay::html
