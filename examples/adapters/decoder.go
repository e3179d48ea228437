// A decoder and an encoder of List<UInt64>. Put yours here.
package main

import "encoding/binary"

type refusal struct {
	offset  int
	message string
}

func decode(data []byte) ([]uint64, *refusal) {
	if len(data) < 8 {
		return nil, &refusal{0, "expected 8 bytes"}
	}
	count := binary.LittleEndian.Uint64(data)
	if count > uint64(len(data)/8) {
		return nil, &refusal{0, "more items than bytes"}
	}
	items := make([]uint64, count)
	for i := range items {
		at := 8 + 8*i
		if len(data)-at < 8 {
			return nil, &refusal{at, "expected 8 bytes"}
		}
		items[i] = binary.LittleEndian.Uint64(data[at:])
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
