// A decoder and an encoder of List<UInt64>. Put yours here.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

using Items = std::vector<uint64_t>;

struct Refusal { size_t offset; const char *message; };

inline uint64_t integer(const std::string &data, size_t at) {
  if (data.size() - at < 8) throw Refusal{at, "expected 8 bytes"};
  uint64_t value = 0;
  for (int i = 7; i >= 0; i--) value = value << 8 | uint8_t(data[at + i]);
  return value;
}

inline Items decode(const std::string &data) {
  uint64_t count = integer(data, 0);
  if (count > data.size() / 8) throw Refusal{0, "more items than bytes"};
  Items items;
  for (uint64_t i = 0; i < count; i++) items.push_back(integer(data, 8 + 8 * i));
  if (data.size() != 8 + 8 * count) throw Refusal{8 + 8 * count, "bytes behind the list"};
  return items;
}

inline std::string encode(const Items &items) {
  std::string data;
  auto put = [&](uint64_t n) { for (int i = 0; i < 8; i++) data += char(n >> 8 * i); };
  put(items.size());
  for (uint64_t item : items) put(item);
  return data;
}
