package main

import (
	"errors"
	"fmt"
	"sort"
	"sync"
	"time"
)

const (
	pollTime          = 100 * time.Millisecond
	heartbeatInterval = 200 * time.Millisecond
	sessionTimeout    = 20 * time.Second
)

// member is a member of a consumer group.
type member interface {
	// poll returns the records that came since it was asked last, after a tenth of a second at most, and what is assigned.
	poll() ([]record, []string, error)
	// commit commits every record that was polled.
	commit() error
	leave() error
}

var joins = map[string]func(arguments) (member, error){
	"franz-go": franzJoin,
	"sarama":   saramaJoin,
	"kafka-go": segmentioJoin,
}

var (
	membersLock sync.Mutex
	members     = map[string]member{}
)

// runMember carries out the operations of group members; each has a name that the other program chose.
func runMember(op string, args arguments) (any, error) {
	if op == "join" {
		joined, err := joins[args.Client](args)
		if err != nil {
			return nil, err
		}
		membersLock.Lock()
		defer membersLock.Unlock()
		members[args.Member] = joined
		return nil, nil
	}
	membersLock.Lock()
	chosen, known := members[args.Member]
	membersLock.Unlock()
	if !known {
		return nil, errors.New("no member " + args.Member)
	}
	switch op {
	case "poll":
		records, assignment, err := chosen.poll()
		if records == nil {
			records = []record{}
		}
		sort.Strings(assignment)
		return map[string]any{"records": records, "assignment": assignment}, err
	case "commitPolled":
		return nil, chosen.commit()
	default:
		membersLock.Lock()
		delete(members, args.Member)
		membersLock.Unlock()
		return nil, chosen.leave()
	}
}

// inbox collects what background readers got until somebody polls.
type inbox struct {
	lock    sync.Mutex
	records []record
	err     error
}

func (in *inbox) put(one record) {
	in.lock.Lock()
	defer in.lock.Unlock()
	in.records = append(in.records, one)
}

func (in *inbox) fail(err error) {
	in.lock.Lock()
	defer in.lock.Unlock()
	in.err = err
}

func (in *inbox) take() ([]record, error) {
	in.lock.Lock()
	defer in.lock.Unlock()
	taken := in.records
	in.records = nil
	return taken, in.err
}

func partitionName(topic string, partition int32) string {
	return fmt.Sprintf("%s-%d", topic, partition)
}
