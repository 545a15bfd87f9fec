package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

var franzBalancers = map[string]kgo.GroupBalancer{
	"range":              kgo.RangeBalancer(),
	"roundrobin":         kgo.RoundRobinBalancer(),
	"sticky":             kgo.StickyBalancer(),
	"cooperative-sticky": kgo.CooperativeStickyBalancer(),
	// The balancer only says which assignor of the broker to ask for: uniform.
	"consumer": kgo.StickyBalancer(),
}

type franzMember struct {
	client   *kgo.Client
	lock     sync.Mutex
	assigned map[string]bool
}

func franzJoin(args arguments) (member, error) {
	joined := &franzMember{assigned: map[string]bool{}}
	options := []kgo.Opt{
		kgo.SeedBrokers(args.Bootstrap),
		kgo.ConsumerGroup(args.GroupID),
		kgo.ConsumeTopics(args.Topics...),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.Balancers(franzBalancers[args.Protocol]),
		kgo.DisableAutoCommit(),
		kgo.HeartbeatInterval(heartbeatInterval),
		kgo.SessionTimeout(sessionTimeout),
		kgo.FetchMaxWait(100 * time.Millisecond),
		kgo.OnPartitionsAssigned(func(_ context.Context, _ *kgo.Client, added map[string][]int32) { joined.note(added, true) }),
		kgo.OnPartitionsRevoked(func(_ context.Context, _ *kgo.Client, removed map[string][]int32) { joined.note(removed, false) }),
		kgo.OnPartitionsLost(func(_ context.Context, _ *kgo.Client, lost map[string][]int32) { joined.note(lost, false) }),
	}
	if args.Protocol == "consumer" {
		options = append(options, kgo.ServerSideBalancer())
	}
	var err error
	joined.client, err = kgo.NewClient(options...)
	return joined, err
}

func (m *franzMember) note(partitions map[string][]int32, isMine bool) {
	m.lock.Lock()
	defer m.lock.Unlock()
	for topic, indexes := range partitions {
		for _, partition := range indexes {
			if isMine {
				m.assigned[partitionName(topic, partition)] = true
			} else {
				delete(m.assigned, partitionName(topic, partition))
			}
		}
	}
}

func (m *franzMember) poll() ([]record, []string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), pollTime)
	defer cancel()
	fetches := m.client.PollFetches(ctx)
	if err := fetches.Err(); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, nil, err
	}
	var records []record
	fetches.EachRecord(func(from *kgo.Record) { records = append(records, franzRecord(from)) })
	m.lock.Lock()
	defer m.lock.Unlock()
	assignment := []string{}
	for partition := range m.assigned {
		assignment = append(assignment, partition)
	}
	return records, assignment, nil
}

func (m *franzMember) commit() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return m.client.CommitUncommittedOffsets(ctx)
}

func (m *franzMember) leave() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	defer m.client.Close()
	return m.client.LeaveGroupContext(ctx)
}
