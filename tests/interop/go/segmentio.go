package main

import (
	"context"
	"errors"
	"io"
	"time"

	kafka "github.com/segmentio/kafka-go"
)

var segmentioCodecs = map[string]kafka.Compression{
	"gzip":   kafka.Gzip,
	"snappy": kafka.Snappy,
	"lz4":    kafka.Lz4,
	"zstd":   kafka.Zstd,
}

func segmentioProduce(args arguments) error {
	if args.Idempotent {
		return errors.New("kafka-go has no idempotent producer")
	}
	// A transport of its own, because the shared one keeps what it knows of topics for seconds.
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	writer := &kafka.Writer{
		Transport:    transport,
		Addr:         kafka.TCP(args.Bootstrap),
		Topic:        args.Topic,
		RequiredAcks: kafka.RequireAll,
		BatchTimeout: 5 * time.Millisecond,
		Compression:  segmentioCodecs[args.Codec],
		Balancer:     kafka.BalancerFunc(func(kafka.Message, ...int) int { return int(args.Partition) }),
	}
	defer writer.Close()
	messages := make([]kafka.Message, 0, len(args.Records))
	for _, from := range args.Records {
		to := kafka.Message{Key: from.Key, Value: from.Value}
		if from.Timestamp > 0 {
			to.Time = time.UnixMilli(from.Timestamp)
		}
		for _, h := range from.Headers {
			to.Headers = append(to.Headers, kafka.Header{Key: h.name, Value: h.value})
		}
		messages = append(messages, to)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return writer.WriteMessages(ctx, messages...)
}

// segmentioRead speaks Fetch and ListOffsets through kafka-go's Client: its Reader decodes the same way, but polls.
func segmentioRead(args arguments) ([]record, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: kafka.TCP(args.Bootstrap), Transport: transport}
	end, err := segmentioOffset(ctx, client, args, kafka.LastOffsetOf(int(args.Partition)))
	if err != nil {
		return nil, err
	}
	var next int64
	if args.Timestamp != nil {
		at := kafka.TimeOffsetOf(int(args.Partition), time.UnixMilli(*args.Timestamp))
		if next, err = segmentioOffset(ctx, client, args, at); err != nil || next < 0 {
			return nil, err
		}
	} else {
		next = *args.Offset
	}
	var records []record
	for next < end {
		fetched, err := client.Fetch(ctx, &kafka.FetchRequest{
			Topic: args.Topic, Partition: int(args.Partition), Offset: next, MinBytes: 1, MaxBytes: 10 << 20, MaxWait: 100 * time.Millisecond,
		})
		if err != nil {
			return nil, err
		}
		if fetched.Error != nil {
			return nil, fetched.Error
		}
		for {
			from, err := fetched.Records.ReadRecord()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, err
			}
			to, err := segmentioRecord(from, args.Partition)
			if err != nil {
				return nil, err
			}
			if to.Offset >= next {
				records = append(records, to)
				next = to.Offset + 1
			}
		}
	}
	return records, nil
}

func segmentioRecord(from *kafka.Record, partition int32) (record, error) {
	to := record{Partition: partition, Offset: from.Offset, Timestamp: from.Time.UnixMilli(), Headers: []header{}}
	for _, h := range from.Headers {
		to.Headers = append(to.Headers, header{h.Key, h.Value})
	}
	var err error
	if from.Key != nil {
		if to.Key, err = kafka.ReadAll(from.Key); err != nil {
			return to, err
		}
	}
	if from.Value != nil {
		to.Value, err = kafka.ReadAll(from.Value)
	}
	return to, err
}

func segmentioOffset(ctx context.Context, client *kafka.Client, args arguments, of kafka.OffsetRequest) (int64, error) {
	answer, err := client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{args.Topic: {of}}})
	if err != nil {
		return 0, err
	}
	for _, partition := range answer.Topics[args.Topic] {
		if partition.Partition != int(args.Partition) {
			continue
		}
		if partition.Error != nil {
			return 0, partition.Error
		}
		if partition.LastOffset >= 0 {
			return partition.LastOffset, nil
		}
		for offset := range partition.Offsets {
			return offset, nil
		}
	}
	return -1, nil
}
