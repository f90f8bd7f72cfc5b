// The metadata of a Parquet file, as far as this project writes and reads it.
//
// Names and field numbers are those of the published format, described in our
// own words: src/main/thrift/parquet.thrift of github.com/apache/parquet-format
// (Apache-2.0). Fields that are left out here are skipped when a file of
// somebody else is read. Numbers never change.
namespace cpp fc.projections.parquet.format

// How a value is stored, whatever it means.
enum Type {
  BOOLEAN = 0
  INT32 = 1
  INT64 = 2
  INT96 = 3
  FLOAT = 4
  DOUBLE = 5
  BYTE_ARRAY = 6
  FIXED_LEN_BYTE_ARRAY = 7
}

// What a value means, for readers from before LogicalType.
enum ConvertedType {
  UTF8 = 0
  LIST = 3
  TIMESTAMP_MICROS = 10
}

enum FieldRepetitionType {
  REQUIRED = 0
  OPTIONAL = 1
  REPEATED = 2
}

enum Encoding {
  PLAIN = 0
  RLE = 3
}

enum CompressionCodec {
  UNCOMPRESSED = 0
  ZSTD = 6
}

enum PageType {
  DATA_PAGE = 0
}

// Bounds of a column chunk; PLAIN encoded, byte arrays without their length.
// Fields 1 and 2 are an older pair with an unclear order, never written here.
struct Statistics {
  3: optional i64 null_count
  5: optional binary max_value
  6: optional binary min_value
  7: optional bool is_max_value_exact
  8: optional bool is_min_value_exact
  9: optional i64 nan_count
}

struct StringType {}
struct ListType {}
struct MicroSeconds {}

union TimeUnit {
  2: MicroSeconds MICROS
}

struct TimestampType {
  1: required bool isAdjustedToUTC
  2: required TimeUnit unit
}

// What a value means.
union LogicalType {
  1: StringType STRING
  3: ListType LIST
  8: TimestampType TIMESTAMP
}

// A column, or a group of `num_children` that follow it (depth first).
struct SchemaElement {
  1: optional Type type
  3: optional FieldRepetitionType repetition_type
  4: required string name
  5: optional i32 num_children
  6: optional ConvertedType converted_type
  10: optional LogicalType logicalType
}

struct DataPageHeader {
  1: required i32 num_values
  2: required Encoding encoding
  3: required Encoding definition_level_encoding
  4: required Encoding repetition_level_encoding
}

// Stands before each page; sizes are without this header.
struct PageHeader {
  1: required PageType type
  2: required i32 uncompressed_page_size
  3: required i32 compressed_page_size
  5: optional DataPageHeader data_page_header
}

struct KeyValue {
  1: required string key
  2: optional string value
}

// A column chunk; sizes include the page headers.
struct ColumnMetaData {
  1: required Type type
  2: required list<Encoding> encodings
  3: required list<string> path_in_schema
  4: required CompressionCodec codec
  5: required i64 num_values
  6: required i64 total_uncompressed_size
  7: required i64 total_compressed_size
  9: required i64 data_page_offset
  12: optional Statistics statistics
}

// `file_offset` is zero: the metadata is nowhere but here.
struct ColumnChunk {
  2: required i64 file_offset = 0
  3: optional ColumnMetaData meta_data
}

struct RowGroup {
  1: required list<ColumnChunk> columns
  2: required i64 total_byte_size
  3: required i64 num_rows
  5: optional i64 file_offset
  6: optional i64 total_compressed_size
  7: optional i16 ordinal
}

struct TypeDefinedOrder {}

// Says that the bounds use the order of the column's type.
union ColumnOrder {
  1: TypeDefinedOrder TYPE_ORDER
}

// The footer of a file.
struct FileMetaData {
  1: required i32 version
  2: required list<SchemaElement> schema
  3: required i64 num_rows
  4: required list<RowGroup> row_groups
  5: optional list<KeyValue> key_value_metadata
  6: optional string created_by
  7: optional list<ColumnOrder> column_orders
}
