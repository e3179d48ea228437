// A decoder behind the adapter protocol: g++ -O2 -o adapter adapter.cpp
#include "decoder.hpp"
#include "lines.hpp"
using std::string;

string decoded(const Question &question) {
  try {
    Items items = decode(unbase64(question.text("bytes")));
    string answer = R"("accepts":true)";
    if (question.wants("value")) {
      string list;
      for (uint64_t item : items) list += (list.empty() ? "" : ",") + std::to_string(item);
      answer += ",\"value\":[" + list + "]";
    }
    if (question.wants("bytes")) answer += ",\"bytes\":\"" + base64(encode(items)) + "\"";
    return answer;
  } catch (const Refusal &refusal) {
    return "\"accepts\":false,\"offset\":" + std::to_string(refusal.offset) + ",\"message\":\"" + refusal.message + "\"";
  }
}

string encoded(const Question &question) {
  Items items;
  string list(question.list("value"));
  for (size_t at = 0; (at = list.find_first_of("0123456789", at)) != string::npos;) {
    size_t end;
    items.push_back(std::stoull(list.substr(at), &end));
    at += end;
  }
  return "\"bytes\":\"" + base64(encode(items)) + "\"";
}

string answer(const Question &question) {
  if (question.text("do") == "describe")
    return R"("adapter":1,"name":"list","types":["List<UInt64>"],"can":["decode","value","bytes","offset","encode"])";
  if (question.text("type") != "List<UInt64>") return R"("skip":"only List<UInt64> is known")";
  return question.text("do") == "encode" ? encoded(question) : decoded(question);
}

int main() { return answerAll(answer); }
