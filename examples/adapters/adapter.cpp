// A decoder of List<UInt64> behind the adapter protocol: g++ -O2 adapter.cpp
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>
using std::string;
using Items = std::vector<uint64_t>;

struct Refusal { size_t offset; const char *message; };

uint64_t integer(const string &data, size_t at) {
  if (data.size() - at < 8) throw Refusal{at, "expected 8 bytes"};
  uint64_t value = 0;
  for (int i = 7; i >= 0; i--) value = value << 8 | uint8_t(data[at + i]);
  return value;
}

// Put a decoder of yours here.
Items decode(const string &data) {
  uint64_t count = integer(data, 0);
  if (count > data.size() / 8) throw Refusal{0, "more items than bytes"};
  Items items;
  for (uint64_t i = 0; i < count; i++) items.push_back(integer(data, 8 + 8 * i));
  if (data.size() != 8 + 8 * count) throw Refusal{8 + 8 * count, "bytes behind the list"};
  return items;
}

string encode(const Items &items) {
  string data;
  auto put = [&](uint64_t n) { for (int i = 0; i < 8; i++) data += char(n >> 8 * i); };
  put(items.size());
  for (uint64_t item : items) put(item);
  return data;
}

const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

string base64(const string &data) {
  string text;
  for (size_t at = 0; at < data.size(); at += 3) {
    uint32_t bits = 0;
    for (size_t i = 0; i < 3; i++) bits = bits << 8 | (at + i < data.size() ? uint8_t(data[at + i]) : 0);
    for (size_t i = 0; i < 4; i++) text += at + i > data.size() ? '=' : alphabet[bits >> (18 - 6 * i) & 63];
  }
  return text;
}

string unbase64(const string &text) {
  string data;
  uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    if (c == '=') break;
    bits = bits << 6 | uint32_t(alphabet.find(c));
    if ((count += 6) >= 8) data += char(bits >> (count -= 8));
  }
  return data;
}

// What stands behind a key, up to one of the ends: enough for the questions of nix-wire.
string field(const string &line, const string &key, const char *ends) {
  size_t at = line.find("\"" + key + "\":");
  if (at == string::npos) return "";
  at += key.size() + 3;
  return line.substr(at, line.find_first_of(ends, at + 1) - at);
}

string quoted(const string &line, const string &key) {
  string text = field(line, key, "\"");
  return text.empty() ? text : text.substr(1);
}

string answer(const string &line) {
  string what = quoted(line, "do");
  if (what == "describe")
    return R"("adapter":1,"name":"list","types":["List<UInt64>"],"can":["decode","value","bytes","offset","encode"])";
  if (quoted(line, "type") != "List<UInt64>") return R"("skip":"only List<UInt64> is known")";
  if (what == "encode") {
    Items items;
    string list = field(line, "value", "]");
    for (size_t at = 0; (at = list.find_first_of("0123456789", at)) != string::npos;) {
      size_t end;
      items.push_back(std::stoull(list.substr(at), &end));
      at += end;
    }
    return "\"bytes\":\"" + base64(encode(items)) + "\"";
  }
  try {
    Items items = decode(unbase64(quoted(line, "bytes")));
    string list;
    for (uint64_t item : items) list += (list.empty() ? "" : ",") + std::to_string(item);
    return "\"accepts\":true,\"value\":[" + list + "],\"bytes\":\"" + base64(encode(items)) + "\"";
  } catch (const Refusal &refusal) {
    return "\"accepts\":false,\"offset\":" + std::to_string(refusal.offset) + ",\"message\":\"" + refusal.message + "\"";
  }
}

int main() {
  std::ios::sync_with_stdio(false);
  for (string line; std::getline(std::cin, line);) {
    std::cout << "{\"id\":" << field(line, "id", ",") << "," << answer(line) << "}\n";
    // The next question may be there already.
    if (std::cin.rdbuf()->in_avail() == 0) std::cout << std::flush;
  }
}
