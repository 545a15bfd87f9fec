package main

import (
	"context"
	"errors"
	"time"

	kafka "github.com/segmentio/kafka-go"
)

var segmentioBalancers = map[string]kafka.GroupBalancer{
	"range":      kafka.RangeGroupBalancer{},
	"roundrobin": kafka.RoundRobinGroupBalancer{},
}

// segmentioMember stands on kafka-go's ConsumerGroup, as its Reader does, which does not tell what it is assigned.
type segmentioMember struct {
	inbox
	topic      string
	group      *kafka.ConsumerGroup
	generation *kafka.Generation
	polled     map[int]int64
	ended      chan struct{}
}

func segmentioJoin(args arguments) (member, error) {
	group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID:                args.GroupID,
		Brokers:           []string{args.Bootstrap},
		Topics:            args.Topics,
		GroupBalancers:    []kafka.GroupBalancer{segmentioBalancers[args.Protocol]},
		HeartbeatInterval: heartbeatInterval,
		SessionTimeout:    sessionTimeout,
		RebalanceTimeout:  sessionTimeout,
		JoinGroupBackoff:  pollTime,
		// It reads the answer to JoinGroup under this deadline, so a join must not take longer.
		Timeout: sessionTimeout,
	})
	if err != nil {
		return nil, err
	}
	joined := &segmentioMember{topic: args.Topics[0], group: group, ended: make(chan struct{})}
	go joined.run(args.Bootstrap)
	return joined, nil
}

func (m *segmentioMember) run(bootstrap string) {
	defer close(m.ended)
	for {
		generation, err := m.group.Next(context.Background())
		if errors.Is(err, kafka.ErrGroupClosed) {
			return
		}
		// A member that lost a rebalance hears of it as an error and asks for the next generation.
		if err != nil {
			continue
		}
		m.lock.Lock()
		m.generation, m.polled, m.records = generation, map[int]int64{}, nil
		m.lock.Unlock()
		for _, assigned := range generation.Assignments[m.topic] {
			generation.Start(func(ctx context.Context) { m.read(ctx, bootstrap, generation, assigned) })
		}
	}
}

func (m *segmentioMember) read(ctx context.Context, bootstrap string, generation *kafka.Generation, from kafka.PartitionAssignment) {
	reader := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{bootstrap}, Topic: m.topic, Partition: from.ID, MaxWait: 100 * time.Millisecond})
	defer reader.Close()
	if err := reader.SetOffset(from.Offset); err != nil {
		m.fail(err)
		return
	}
	for {
		message, err := reader.FetchMessage(ctx)
		if err != nil {
			return
		}
		to := record{Partition: int32(message.Partition), Offset: message.Offset, Timestamp: message.Time.UnixMilli(), Key: message.Key, Value: message.Value, Headers: []header{}}
		for _, h := range message.Headers {
			to.Headers = append(to.Headers, header{h.Key, h.Value})
		}
		m.lock.Lock()
		if m.generation == generation {
			m.records = append(m.records, to)
		}
		m.lock.Unlock()
	}
}

func (m *segmentioMember) poll() ([]record, []string, error) {
	time.Sleep(pollTime)
	records, err := m.take()
	m.lock.Lock()
	defer m.lock.Unlock()
	for _, one := range records {
		m.polled[int(one.Partition)] = one.Offset + 1
	}
	assignment := []string{}
	if m.generation != nil {
		for _, assigned := range m.generation.Assignments[m.topic] {
			assignment = append(assignment, partitionName(m.topic, int32(assigned.ID)))
		}
	}
	return records, assignment, err
}

func (m *segmentioMember) commit() error {
	m.lock.Lock()
	generation, offsets := m.generation, m.polled
	m.polled = map[int]int64{}
	m.lock.Unlock()
	if generation == nil || len(offsets) == 0 {
		return nil
	}
	return generation.CommitOffsets(map[string]map[int]int64{m.topic: offsets})
}

func (m *segmentioMember) leave() error {
	err := m.group.Close()
	<-m.ended
	return err
}
