// Command driver runs Go's Kafka clients (franz-go, sarama, segmentio/kafka-go) on behalf of another program: one JSON object a line on
// standard input ({id, op, args}), one a line on standard output ({id, result} or {id, error: {name, message}}). Requests run side by
// side; closing standard input ends the program.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
)

// record is a record on the line protocol: key and value are base64 or null, headers are pairs.
type record struct {
	Partition int32    `json:"partition"`
	Offset    int64    `json:"offset"`
	Timestamp int64    `json:"timestamp"`
	Key       []byte   `json:"key"`
	Value     []byte   `json:"value"`
	Headers   []header `json:"headers"`
}

// header is a pair on the line protocol: its name as text, its value as base64 or null.
type header struct {
	name  string
	value []byte
}

func (h *header) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&h.name, &h.value})
}

func (h header) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{h.name, h.value})
}

// arguments of all operations; produce uses Codec, Idempotent and Records, read uses Offset or Timestamp, members of groups the last four.
type arguments struct {
	Client     string   `json:"client"`
	Bootstrap  string   `json:"bootstrap"`
	Topic      string   `json:"topic"`
	Partition  int32    `json:"partition"`
	Codec      string   `json:"codec"`
	Idempotent bool     `json:"idempotent"`
	Records    []record `json:"records"`
	Offset     *int64   `json:"offset"`
	Timestamp  *int64   `json:"timestamp"`
	Member     string   `json:"member"`
	GroupID    string   `json:"groupId"`
	Topics     []string `json:"topics"`
	Protocol   string   `json:"protocol"`
}

type request struct {
	ID   int64     `json:"id"`
	Op   string    `json:"op"`
	Args arguments `json:"args"`
}

type client struct {
	produce func(arguments) error
	read    func(arguments) ([]record, error)
}

var clients = map[string]client{
	"franz-go": {franzProduce, franzRead},
	"sarama":   {saramaProduce, saramaRead},
	"kafka-go": {segmentioProduce, segmentioRead},
}

func main() {
	var lock sync.Mutex
	out := json.NewEncoder(os.Stdout)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var asked request
		if err := json.Unmarshal(line, &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		go func() {
			answer := map[string]any{"id": asked.ID}
			if result, err := run(asked); err != nil {
				answer["error"] = map[string]string{"name": fmt.Sprintf("%T", err), "message": err.Error()}
			} else {
				answer["result"] = result
			}
			lock.Lock()
			defer lock.Unlock()
			if err := out.Encode(answer); err != nil {
				os.Exit(1)
			}
		}()
	}
}

func run(asked request) (any, error) {
	chosen, known := clients[asked.Args.Client]
	switch {
	case !known:
		return nil, errors.New("no client " + asked.Args.Client)
	case asked.Op == "produce":
		return nil, chosen.produce(asked.Args)
	case asked.Op == "read":
		records, err := chosen.read(asked.Args)
		if records == nil {
			records = []record{}
		}
		return records, err
	}
	return runMember(asked.Op, asked.Args)
}
