// What an adapter needs besides a decoder: the lines of questions, their fields, and base64.
#pragma once
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

inline const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

inline std::string base64(std::string_view data) {
  std::string text;
  text.reserve((data.size() + 2) / 3 * 4);
  for (size_t at = 0; at < data.size(); at += 3) {
    uint32_t bits = 0;
    for (size_t i = 0; i < 3; i++) bits = bits << 8 | (at + i < data.size() ? uint8_t(data[at + i]) : 0);
    for (size_t i = 0; i < 4; i++) text += at + i > data.size() ? '=' : alphabet[bits >> (18 - 6 * i) & 63];
  }
  return text;
}

inline std::string unbase64(std::string_view text) {
  static const std::vector<uint8_t> values = [] {
    std::vector<uint8_t> table(256);
    for (int i = 0; i < 64; i++) table[uint8_t(alphabet[i])] = uint8_t(i);
    return table;
  }();
  std::string data;
  data.reserve(text.size() / 4 * 3);
  uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    if (c == '=') break;
    bits = bits << 6 | values[uint8_t(c)];
    if ((count += 6) >= 8) data += char(bits >> (count -= 8));
  }
  return data;
}

// A question of nix-wire. Enough of JSON for it: it writes no spaces, and no text has a quotation mark.
struct Question {
  std::string_view line;

  // What stands behind a key, from `skip` characters on, up to one of the ends.
  std::string_view field(std::string_view key, size_t skip, const char *ends) const {
    std::string quoted = '"' + std::string(key) + "\":";
    size_t at = line.find(quoted);
    if (at == line.npos) return {};
    at += quoted.size() + skip;
    return line.substr(at, line.find_first_of(ends, at) - at);
  }
  std::string_view number(std::string_view key) const { return field(key, 0, ",}"); }
  std::string_view text(std::string_view key) const { return field(key, 1, "\""); }
  // What stands between brackets.
  std::string_view list(std::string_view key) const { return field(key, 1, "]"); }
  bool wants(std::string_view what) const { return list("want").find(what) != line.npos; }
};

// Answers each line of the input. What is there is answered together: a line alone costs more than its answer.
template <class Answer> int answerAll(Answer answer) {
  std::string input, output;
  std::vector<char> chunk(1 << 16);
  for (ssize_t size; (size = read(STDIN_FILENO, chunk.data(), chunk.size())) > 0;) {
    input.append(chunk.data(), size_t(size));
    size_t start = 0;
    for (size_t end; (end = input.find('\n', start)) != input.npos; start = end + 1) {
      Question question{std::string_view(input).substr(start, end - start)};
      output.append("{\"id\":").append(question.number("id")).append(",").append(answer(question)).append("}\n");
    }
    input.erase(0, start);
    std::fwrite(output.data(), 1, output.size(), stdout);
    std::fflush(stdout);
    output.clear();
  }
  return 0;
}
