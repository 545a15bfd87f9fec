package main

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const patience = 20 * time.Second

var franzCodecs = map[string]kgo.CompressionCodec{
	"none":   kgo.NoCompression(),
	"gzip":   kgo.GzipCompression(),
	"snappy": kgo.SnappyCompression(),
	"lz4":    kgo.Lz4Compression(),
	"zstd":   kgo.ZstdCompression(),
}

func franzProduce(args arguments) error {
	options := []kgo.Opt{
		kgo.SeedBrokers(args.Bootstrap),
		kgo.ProducerBatchCompression(franzCodecs[args.Codec]),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
	}
	if !args.Idempotent {
		options = append(options, kgo.DisableIdempotentWrite())
	}
	producer, err := kgo.NewClient(options...)
	if err != nil {
		return err
	}
	defer producer.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	records := make([]*kgo.Record, 0, len(args.Records))
	for _, from := range args.Records {
		to := &kgo.Record{Topic: args.Topic, Partition: args.Partition, Key: from.Key, Value: from.Value}
		if from.Timestamp > 0 {
			to.Timestamp = time.UnixMilli(from.Timestamp)
		}
		for _, h := range from.Headers {
			to.Headers = append(to.Headers, kgo.RecordHeader{Key: h.name, Value: h.value})
		}
		records = append(records, to)
	}
	return producer.ProduceSync(ctx, records...).FirstErr()
}

func franzRead(args arguments) ([]record, error) {
	start := kgo.NewOffset()
	if args.Timestamp != nil {
		start = start.AfterMilli(*args.Timestamp)
	} else {
		start = start.At(*args.Offset)
	}
	consumer, err := kgo.NewClient(
		kgo.SeedBrokers(args.Bootstrap),
		kgo.FetchMaxWait(100*time.Millisecond),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{args.Topic: {args.Partition: start}}),
	)
	if err != nil {
		return nil, err
	}
	defer consumer.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ends, err := kadm.NewClient(consumer).ListEndOffsets(ctx, args.Topic)
	if err != nil {
		return nil, err
	}
	end, found := ends.Lookup(args.Topic, args.Partition)
	if !found || end.Err != nil {
		return nil, fmt.Errorf("no end offset: %w", end.Err)
	}
	var records []record
	for next := int64(-1); next < end.Offset; {
		fetches := consumer.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return nil, err
		}
		fetches.EachRecord(func(from *kgo.Record) {
			records = append(records, franzRecord(from))
			next = from.Offset + 1
		})
	}
	return records, nil
}

func franzRecord(from *kgo.Record) record {
	to := record{Partition: from.Partition, Offset: from.Offset, Timestamp: from.Timestamp.UnixMilli(), Key: from.Key, Value: from.Value, Headers: []header{}}
	for _, h := range from.Headers {
		to.Headers = append(to.Headers, header{h.Key, h.Value})
	}
	return to
}
