#include "projections/parquet/footer.hpp"

#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <exception>
#include <memory>
#include <parquet_types.h>

namespace fc::projections::parquet {

namespace {

namespace thrift = apache::thrift;
using events::bytes;
using memory = thrift::transport::TMemoryBuffer;
using protocol = thrift::protocol::TCompactProtocolT<memory>;

template <class T>
bytes serialise(const T& x) {
  const auto buffer = std::make_shared<memory>();
  protocol out{buffer};
  x.write(&out);
  std::uint8_t* data = nullptr;
  std::uint32_t size = 0;
  buffer->getBuffer(&data, &size);
  return {data, data + size};
}

format::Type::type stored_as(column_type x) {
  switch (x) {
  case column_type::boolean:
    return format::Type::BOOLEAN;
  case column_type::int32:
    return format::Type::INT32;
  case column_type::int64:
  case column_type::timestamp_micros:
    return format::Type::INT64;
  case column_type::float64:
  case column_type::list_float64:
    return format::Type::DOUBLE;
  case column_type::utf8:
  case column_type::bytes:
  case column_type::list_utf8:
    break;
  }
  return format::Type::BYTE_ARRAY;
}

bool is_list(const column& x) {
  return levels_of(x).repetition > 0;
}

format::SchemaElement leaf(const std::string& name, column_type type,
                           format::FieldRepetitionType::type repetition) {
  format::SchemaElement x;
  x.__set_name(name);
  x.__set_type(stored_as(type));
  x.__set_repetition_type(repetition);
  format::LogicalType meaning;
  if (type == column_type::utf8 || type == column_type::list_utf8) {
    meaning.__set_STRING({});
    x.__set_logicalType(meaning);
    x.__set_converted_type(format::ConvertedType::UTF8);
  } else if (type == column_type::timestamp_micros) {
    format::TimestampType time;
    time.__set_isAdjustedToUTC(true);
    format::TimeUnit unit;
    unit.__set_MICROS({});
    time.__set_unit(unit);
    meaning.__set_TIMESTAMP(time);
    x.__set_logicalType(meaning);
    x.__set_converted_type(format::ConvertedType::TIMESTAMP_MICROS);
  }
  return x;
}

format::SchemaElement group(const std::string& name, std::size_t children) {
  format::SchemaElement x;
  x.__set_name(name);
  x.__set_num_children(static_cast<std::int32_t>(children));
  return x;
}

void put_schema(std::vector<format::SchemaElement>& to, const column& x) {
  using repetition = format::FieldRepetitionType;
  const auto own = x.optional ? repetition::OPTIONAL : repetition::REQUIRED;
  if (!is_list(x)) {
    to.push_back(leaf(x.name, x.type, own));
    return;
  }
  // The three levels of the format: the list, its slots, their elements.
  auto outer = group(x.name, 1);
  outer.__set_repetition_type(own);
  format::LogicalType meaning;
  meaning.__set_LIST({});
  outer.__set_logicalType(meaning);
  outer.__set_converted_type(format::ConvertedType::LIST);
  auto slots = group("list", 1);
  slots.__set_repetition_type(repetition::REPEATED);
  to.push_back(outer);
  to.push_back(slots);
  to.push_back(leaf("element", x.type, repetition::REQUIRED));
}

format::Statistics statistics_of(const column& shape, const bounds& seen) {
  format::Statistics x;
  x.__set_null_count(seen.nulls);
  if (stored_as(shape.type) == format::Type::DOUBLE)
    x.__set_nan_count(seen.nans);
  if (seen.min && seen.max) {
    x.__set_min_value(*seen.min);
    x.__set_max_value(*seen.max);
    x.__set_is_min_value_exact(true);
    x.__set_is_max_value_exact(true);
  }
  return x;
}

format::ColumnChunk chunk_of(const column& shape, const chunk_info& chunk) {
  format::ColumnMetaData x;
  x.__set_type(stored_as(shape.type));
  x.__set_encodings({format::Encoding::PLAIN, format::Encoding::RLE});
  std::vector<std::string> path{shape.name};
  if (is_list(shape))
    path.insert(path.end(), {"list", "element"});
  x.__set_path_in_schema(path);
  x.__set_codec(format::CompressionCodec::ZSTD);
  x.__set_num_values(chunk.seen.values);
  x.__set_total_uncompressed_size(chunk.uncompressed);
  x.__set_total_compressed_size(chunk.compressed);
  x.__set_data_page_offset(chunk.offset);
  x.__set_statistics(statistics_of(shape, chunk.seen));
  format::ColumnChunk result;
  result.__set_file_offset(0);
  result.__set_meta_data(x);
  return result;
}

format::RowGroup
group_of(const std::vector<column>& columns, const group_info& group) {
  format::RowGroup x;
  x.__set_num_rows(group.rows);
  x.__set_file_offset(group.chunks.front().offset);
  std::int64_t uncompressed = 0;
  std::int64_t compressed = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    x.columns.push_back(chunk_of(columns[i], group.chunks[i]));
    uncompressed += group.chunks[i].uncompressed;
    compressed += group.chunks[i].compressed;
  }
  x.__set_total_byte_size(uncompressed);
  x.__set_total_compressed_size(compressed);
  return x;
}

/// Top-level names of a depth-first schema.
std::vector<std::string>
top_level(const std::vector<format::SchemaElement>& all) {
  std::vector<std::string> names;
  std::size_t inner = 0; // elements left of the groups we are in
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (inner == 0)
      names.push_back(all[i].name);
    else
      --inner;
    if (all[i].num_children > 0)
      inner += static_cast<std::size_t>(all[i].num_children);
  }
  return names;
}

} // namespace

bytes page_header(std::int32_t values, std::size_t uncompressed,
                  std::size_t compressed) {
  format::DataPageHeader data;
  data.__set_num_values(values);
  data.__set_encoding(format::Encoding::PLAIN);
  data.__set_definition_level_encoding(format::Encoding::RLE);
  data.__set_repetition_level_encoding(format::Encoding::RLE);
  format::PageHeader x;
  x.__set_type(format::PageType::DATA_PAGE);
  x.__set_uncompressed_page_size(static_cast<std::int32_t>(uncompressed));
  x.__set_compressed_page_size(static_cast<std::int32_t>(compressed));
  x.__set_data_page_header(data);
  return serialise(x);
}

bytes file_footer(const std::vector<column>& columns,
                  const std::vector<group_info>& groups,
                  const std::map<std::string, std::string>& metadata) {
  format::FileMetaData x;
  x.__set_version(1);
  x.__set_created_by("fc-data");
  x.schema.push_back(group("schema", columns.size()));
  std::vector<format::ColumnOrder> orders(columns.size());
  for (auto& order : orders)
    order.__set_TYPE_ORDER({});
  x.__set_column_orders(orders);
  for (const auto& shape : columns)
    put_schema(x.schema, shape);
  for (const auto& one : groups) {
    auto written = group_of(columns, one);
    if (x.row_groups.size() <= 0x7FFF) // optional, and 16 bits only
      written.__set_ordinal(static_cast<std::int16_t>(x.row_groups.size()));
    x.num_rows += one.rows;
    x.row_groups.push_back(written);
  }
  std::vector<format::KeyValue> pairs;
  for (const auto& [key, value] : metadata) {
    format::KeyValue pair;
    pair.__set_key(key);
    pair.__set_value(value);
    pairs.push_back(pair);
  }
  x.__set_key_value_metadata(pairs);
  auto raw = serialise(x);
  const auto size = static_cast<std::uint32_t>(raw.size());
  const auto* first = reinterpret_cast<const std::uint8_t*>(&size);
  raw.insert(raw.end(), first, first + sizeof(size));
  raw.insert(raw.end(), magic.begin(), magic.end());
  return raw;
}

events::expected<file_info> parse_footer(events::byte_view raw) {
  format::FileMetaData x;
  try {
    // Thrift reads only, its buffer is just not declared so.
    const auto buffer = std::make_shared<memory>(
      const_cast<std::uint8_t*>(raw.data()),
      static_cast<std::uint32_t>(raw.size()), memory::OBSERVE);
    protocol in{buffer};
    x.read(&in);
  } catch (const std::exception& e) {
    return events::make_error(events::ec::corrupt,
                              std::string{"the footer cannot be read: "}
                                + e.what());
  }
  file_info info;
  info.rows = x.num_rows;
  info.row_groups = x.row_groups.size();
  info.columns = top_level(x.schema);
  info.created_by = x.created_by;
  for (const auto& pair : x.key_value_metadata)
    info.metadata.emplace(pair.key, pair.value);
  return info;
}

} // namespace fc::projections::parquet
