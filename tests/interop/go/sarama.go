package main

import (
	"errors"
	"time"

	"github.com/IBM/sarama"
)

var saramaCodecs = map[string]sarama.CompressionCodec{
	"none":   sarama.CompressionNone,
	"gzip":   sarama.CompressionGZIP,
	"snappy": sarama.CompressionSnappy,
	"lz4":    sarama.CompressionLZ4,
	"zstd":   sarama.CompressionZSTD,
}

func saramaConfig() *sarama.Config {
	config := sarama.NewConfig()
	config.Version = sarama.MaxVersion
	config.Producer.Return.Successes = true
	config.Producer.RequiredAcks = sarama.WaitForAll
	config.Producer.Partitioner = sarama.NewManualPartitioner
	config.Consumer.MaxWaitTime = 100 * time.Millisecond
	return config
}

// saramaBytes keeps null apart from empty, which sarama does by a nil Encoder.
func saramaBytes(bytes []byte) sarama.Encoder {
	if bytes == nil {
		return nil
	}
	return sarama.ByteEncoder(bytes)
}

func saramaProduce(args arguments) error {
	config := saramaConfig()
	config.Producer.Compression = saramaCodecs[args.Codec]
	if args.Idempotent {
		config.Producer.Idempotent = true
		config.Net.MaxOpenRequests = 1
	}
	producer, err := sarama.NewSyncProducer([]string{args.Bootstrap}, config)
	if err != nil {
		return err
	}
	defer producer.Close()
	messages := make([]*sarama.ProducerMessage, 0, len(args.Records))
	for _, from := range args.Records {
		to := &sarama.ProducerMessage{Topic: args.Topic, Partition: args.Partition, Key: saramaBytes(from.Key), Value: saramaBytes(from.Value)}
		if from.Timestamp > 0 {
			to.Timestamp = time.UnixMilli(from.Timestamp)
		}
		for _, h := range from.Headers {
			to.Headers = append(to.Headers, sarama.RecordHeader{Key: []byte(h.name), Value: h.value})
		}
		messages = append(messages, to)
	}
	return producer.SendMessages(messages)
}

func saramaRead(args arguments) ([]record, error) {
	client, err := sarama.NewClient([]string{args.Bootstrap}, saramaConfig())
	if err != nil {
		return nil, err
	}
	defer client.Close()
	end, err := client.GetOffset(args.Topic, args.Partition, sarama.OffsetNewest)
	if err != nil {
		return nil, err
	}
	var start int64
	if args.Timestamp != nil {
		if start, err = client.GetOffset(args.Topic, args.Partition, *args.Timestamp); err != nil {
			return nil, err
		}
		if start < 0 {
			return nil, nil
		}
	} else {
		start = *args.Offset
	}
	consumer, err := sarama.NewConsumerFromClient(client)
	if err != nil {
		return nil, err
	}
	defer consumer.Close()
	partition, err := consumer.ConsumePartition(args.Topic, args.Partition, start)
	if err != nil {
		return nil, err
	}
	defer partition.Close()
	var records []record
	late := time.After(patience)
	for next := start; next < end; {
		select {
		case from := <-partition.Messages():
			records = append(records, saramaRecord(from))
			next = from.Offset + 1
		case <-late:
			return nil, errors.New("the records did not come")
		}
	}
	return records, nil
}

func saramaRecord(from *sarama.ConsumerMessage) record {
	to := record{Partition: from.Partition, Offset: from.Offset, Timestamp: from.Timestamp.UnixMilli(), Key: from.Key, Value: from.Value, Headers: []header{}}
	for _, h := range from.Headers {
		to.Headers = append(to.Headers, header{string(h.Key), h.Value})
	}
	return to
}
