// A decoder behind the adapter protocol: go build -o adapter adapter.go decoder.go
package main

import (
	"encoding/json"
	"os"
)

// Bytes are base64 in JSON.
type question struct {
	ID       int
	Do, Type string
	Bytes    []byte
	Value    []uint64
}

func answer(q question) map[string]any {
	switch {
	case q.Do == "describe":
		can := []string{"decode", "value", "bytes", "offset", "encode"}
		return map[string]any{"adapter": 1, "name": "list", "types": []string{"List<UInt64>"}, "can": can}
	case q.Type != "List<UInt64>":
		return map[string]any{"skip": "only List<UInt64> is known"}
	case q.Do == "encode":
		return map[string]any{"bytes": encode(q.Value)}
	}
	items, refused := decode(q.Bytes)
	if refused != nil {
		return map[string]any{"accepts": false, "offset": refused.offset, "message": refused.message}
	}
	return map[string]any{"accepts": true, "value": items, "bytes": encode(items)}
}

func main() {
	questions, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var q question
		if questions.Decode(&q) != nil {
			return
		}
		told := answer(q)
		told["id"] = q.ID
		answers.Encode(told)
	}
}
