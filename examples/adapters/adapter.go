// A decoder of List<UInt64> behind the adapter protocol: go build adapter.go
package main

import (
	"encoding/binary"
	"encoding/json"
	"os"
)

type refusal struct {
	offset  int
	message string
}

// Put a decoder of yours here.
func decode(data []byte) ([]uint64, *refusal) {
	if len(data) < 8 {
		return nil, &refusal{0, "expected 8 bytes"}
	}
	count := binary.LittleEndian.Uint64(data)
	if count > uint64(len(data)/8-1) {
		return nil, &refusal{0, "more items than bytes"}
	}
	items := make([]uint64, count)
	for i := range items {
		items[i] = binary.LittleEndian.Uint64(data[8+8*i:])
	}
	if end := 8 + 8*len(items); end != len(data) {
		return nil, &refusal{end, "bytes behind the list"}
	}
	return items, nil
}

func encode(items []uint64) []byte {
	data := binary.LittleEndian.AppendUint64(nil, uint64(len(items)))
	for _, item := range items {
		data = binary.LittleEndian.AppendUint64(data, item)
	}
	return data
}

type fields map[string]any

func answer(do, kind string, data []byte, value []uint64) fields {
	switch {
	case do == "describe":
		can := []string{"decode", "value", "bytes", "offset", "encode"}
		return fields{"adapter": 1, "name": "list", "types": []string{"List<UInt64>"}, "can": can}
	case kind != "List<UInt64>":
		return fields{"skip": "only List<UInt64> is known"}
	case do == "encode":
		return fields{"bytes": encode(value)}
	}
	items, refused := decode(data)
	if refused != nil {
		return fields{"accepts": false, "offset": refused.offset, "message": refused.message}
	}
	return fields{"accepts": true, "value": items, "bytes": encode(items)}
}

func main() {
	questions, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var question struct {
			ID       int
			Do, Type string
			Bytes    []byte
			Value    []uint64
		}
		if questions.Decode(&question) != nil {
			return
		}
		told := answer(question.Do, question.Type, question.Bytes, question.Value)
		told["id"] = question.ID
		answers.Encode(told)
	}
}
