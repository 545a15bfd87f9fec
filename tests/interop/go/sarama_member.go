package main

import (
	"context"
	"time"

	"github.com/IBM/sarama"
)

var saramaStrategies = map[string]func() sarama.BalanceStrategy{
	"range":      sarama.NewBalanceStrategyRange,
	"roundrobin": sarama.NewBalanceStrategyRoundRobin,
	"sticky":     sarama.NewBalanceStrategySticky,
}

// saramaMember runs sarama's loop of sessions; a session is what others call a generation.
type saramaMember struct {
	inbox
	topics  []string
	group   sarama.ConsumerGroup
	session sarama.ConsumerGroupSession
	// polled is the offset after the last record that was taken of each partition.
	polled map[int32]int64
	cancel context.CancelFunc
	ended  chan struct{}
}

func saramaJoin(args arguments) (member, error) {
	config := saramaConfig()
	config.Consumer.Group.Rebalance.GroupStrategies = []sarama.BalanceStrategy{saramaStrategies[args.Protocol]()}
	config.Consumer.Group.Heartbeat.Interval = heartbeatInterval
	config.Consumer.Group.Session.Timeout = sessionTimeout
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	config.Consumer.Offsets.AutoCommit.Enable = false
	group, err := sarama.NewConsumerGroup([]string{args.Bootstrap}, args.GroupID, config)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	joined := &saramaMember{topics: args.Topics, group: group, polled: map[int32]int64{}, cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(joined.ended)
		for ctx.Err() == nil {
			if err := group.Consume(ctx, args.Topics, joined); err != nil && ctx.Err() == nil {
				joined.fail(err)
				return
			}
		}
	}()
	return joined, nil
}

// Setup is called at the start of a session.
func (m *saramaMember) Setup(session sarama.ConsumerGroupSession) error {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.session = session
	return nil
}

// Cleanup is called at the end of a session, when ConsumeClaim has returned for every partition. What was not polled by then comes again.
func (m *saramaMember) Cleanup(sarama.ConsumerGroupSession) error {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.session = nil
	m.records = nil
	m.polled = map[int32]int64{}
	return nil
}

// ConsumeClaim reads one partition for the length of a session.
func (m *saramaMember) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for {
		select {
		case from, open := <-claim.Messages():
			if !open {
				return nil
			}
			m.put(saramaRecord(from))
		case <-session.Context().Done():
			return nil
		}
	}
}

func (m *saramaMember) poll() ([]record, []string, error) {
	time.Sleep(pollTime)
	records, err := m.take()
	m.lock.Lock()
	defer m.lock.Unlock()
	for _, one := range records {
		m.polled[one.Partition] = one.Offset + 1
	}
	assignment := []string{}
	if m.session != nil {
		for topic, partitions := range m.session.Claims() {
			for _, partition := range partitions {
				assignment = append(assignment, partitionName(topic, partition))
			}
		}
	}
	return records, assignment, err
}

func (m *saramaMember) commit() error {
	m.lock.Lock()
	defer m.lock.Unlock()
	if m.session == nil {
		return nil
	}
	for partition, offset := range m.polled {
		m.session.MarkOffset(m.topics[0], partition, offset, "")
	}
	m.session.Commit()
	return nil
}

func (m *saramaMember) leave() error {
	m.cancel()
	<-m.ended
	return m.group.Close()
}
