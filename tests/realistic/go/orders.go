// Package orders takes orders from HTTP, tells the others, and follows payments.
package orders

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/segmentio/kafka-go"

	"example.com/shop/internal/store"
)

const (
	TopicPlaced  = "orders.placed"
	topicPayment = "payments." + "settled"
)

type Status int

const (
	StatusNew Status = iota
	StatusPaid
	StatusFailed
)

// Placed is what the others hear.
type Placed struct {
	OrderID string   `json:"orderId"`
	Items   []string `json:"items,omitempty"`
}

type Writer interface {
	WriteMessages(ctx context.Context, messages ...kafka.Message) error
}

type Service struct {
	*store.Orders
	writer Writer
	reader *kafka.Reader
	failed chan<- error
	group  string
}

type Option func(*Service)

func WithGroup(group string) Option {
	return func(s *Service) { s.group = group }
}

func New(brokers []string, orders *store.Orders, options ...Option) (*Service, error) {
	if len(brokers) == 0 {
		return nil, errors.New("no brokers")
	}
	s := &Service{Orders: orders, group: "orders"}
	for _, option := range options {
		option(s)
	}
	s.writer = &kafka.Writer{Addr: kafka.TCP(brokers...), RequiredAcks: kafka.RequireAll}
	s.reader = kafka.NewReader(kafka.ReaderConfig{Brokers: brokers, GroupID: s.group, Topic: topicPayment})
	return s, nil
}

func (s *Service) Place(ctx context.Context, id string, items ...string) (err error) {
	tx, err := s.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()
	if err := tx.Insert("orders", map[string]any{"id": id, "status": StatusNew}); err != nil {
		return err
	}
	body, _ := json.Marshal(Placed{OrderID: id, Items: items})
	message := kafka.Message{
		Topic: TopicPlaced, Key: []byte(id), Value: body,
		Headers: []kafka.Header{{Key: "source", Value: []byte("orders")}},
	}
	if err = s.writer.WriteMessages(ctx, message); err != nil {
		return
	}
	return tx.Commit()
}

func (s *Service) Run(ctx context.Context) {
	ticks := time.NewTicker(5 * time.Second)
	defer func() { _ = s.reader.Close() }()
	payments := make(chan kafka.Message, 16)
	go s.fetch(ctx, payments)
	for attempt := 0; ; attempt++ {
		select {
		case message, ok := <-payments:
			if !ok {
				return
			}
			if err := s.paid(ctx, message); err != nil {
				s.failed <- err
				continue
			}
			_ = s.reader.CommitMessages(ctx, message)
		case <-ticks.C:
			slog.Info("waiting", "attempt", attempt)
		case <-ctx.Done():
			return
		}
	}
}

func (s *Service) paid(ctx context.Context, message kafka.Message) error {
	var event any = decode(message.Value)
	switch e := event.(type) {
	case *Settled:
		return s.Update(ctx, e.OrderID, StatusPaid)
	case error:
		return e
	default:
		return store.Save[Status](ctx, string(message.Key), StatusFailed)
	}
}
