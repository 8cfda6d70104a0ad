package shop.orders;

import static java.util.Objects.requireNonNull;
import static shop.orders.Topics.*;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.annotation.Exchange;
import org.springframework.amqp.rabbit.annotation.Queue;
import org.springframework.amqp.rabbit.annotation.QueueBinding;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.web.bind.annotation.*;
import shop.orders.model.Order;
import shop.payments.PaymentEvent;
import shop.payments.PaymentEvent.Refused;

/** Orders: takes them, tells the others, follows the payments. */
@RestController
@RequestMapping(path = "/orders", produces = "application/json")
public class OrdersController extends BaseController implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OrdersController.class);
    private static final int RETRIES = 3;
    private static final String[] REGIONS = {"eu", "us"};
    private static final Map<String, String> OWNERS = new HashMap<>();

    static {
        OWNERS.put(PLACED, "orders");
    }

    private static final String INSERT = """
        insert into orders (id, status)
        values (?, 'new')\
        """;

    @Value("${shop.prefix:shop}")
    private String prefix;

    private final KafkaTemplate<String, OrderEvent> kafka;
    private final DataSource database;

    public OrdersController(KafkaTemplate<String, OrderEvent> kafka, DataSource database) {
        super("orders");
        this.kafka = requireNonNull(kafka);
        this.database = database;
    }

    @PostMapping
    public Map<String, Object> place(@RequestBody @Valid Order order) throws SQLException {
        if (order.items().isEmpty()) {
            throw new IllegalArgumentException("order " + order.id() + " is empty");
        } else if (order.express()) {
            log.info("express order {}", order.id());
        }
        try (Connection connection = database.getConnection();
             var statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, order.id());
            statement.executeUpdate();
            publish(new OrderEvent.Placed(order.id(), order.items()));
        } catch (SQLException | IllegalStateException error) {
            log.warn("order {} is not stored", order.id(), error);
            throw error;
        } finally {
            metrics.count("place");
        }
        return Map.of("id", order.id(), "status", order.express() ? "express" : "normal");
    }

    private void publish(OrderEvent event) {
        for (String region : REGIONS) {
            for (int attempt = 1; attempt <= RETRIES; attempt++) {
                ProducerRecord<String, OrderEvent> record =
                    new ProducerRecord<>(Channel.of(event).topic(prefix) + '.' + region, event.orderId(), event);
                CompletableFuture<?> sent = kafka.send(record)
                    .orTimeout(10, TimeUnit.SECONDS)
                    .whenComplete((result, error) -> {
                        if (error != null) {
                            log.warn("attempt failed", error);
                        }
                    });
                if (!sent.isCompletedExceptionally()) break;
            }
        }
    }

    @KafkaListener(topics = {SETTLED, "${shop.refunds}"}, groupId = "orders", properties = "max.poll.records=10")
    public void onSettled(ConsumerRecord<String, ? extends PaymentEvent> record) {
        switch (record.value()) {
            case PaymentEvent.Settled settled when settled.amount() > 0 -> update(settled.orderId(), "paid");
            case Refused(String orderId, var reason) -> {
                update(orderId, "failed");
                publish(new OrderEvent.Cancelled(orderId, reason));
            }
            default -> throw new PaymentUnknown(record.key());
        }
    }

    @RabbitListener(bindings = @QueueBinding(
        value = @Queue("orders.shipped"),
        exchange = @Exchange(value = "shipping", type = "topic"),
        key = {"shipped.#", "returned.*"}))
    void onShipped(Object message) {
        synchronized (this) {
            if (message instanceof Shipped shipped && shipped.orderId() != null) {
                update(shipped.orderId(), "shipped");
            }
        }
    }

    private void update(String id, String status) {
        jdbc.execute(new Work("update " + id) {
            @Override
            public void run(Connection connection) throws SQLException {
                connection.prepareStatement(sql()).execute();
                kafka.sendDefault(id, OrderEvent.changed(id, status));
            }
        });
        watchers().stream().filter(Watcher::active).map(Notice::new).forEach(this::notify);
    }

    @Override
    public void close() {
        kafka.destroy();
    }

    enum Channel {
        ORDERS("orders.placed", Duration.ofDays(7)),
        CANCELLATIONS("orders.cancelled", Duration.ofDays(1)) {
            @Override
            String topic(String prefix) {
                return "legacy-" + super.topic(prefix);
            }
        };

        private final String topic;
        private final Duration retention;

        Channel(String topic, Duration retention) {
            this.topic = topic;
            this.retention = retention;
        }

        String topic(String prefix) {
            return prefix + "." + topic;
        }

        static Channel of(OrderEvent event) {
            return switch (event) {
                case OrderEvent.Placed placed -> ORDERS;
                case OrderEvent.Cancelled cancelled -> CANCELLATIONS;
            };
        }
    }
}

final class Topics {
    static final String PLACED = "orders.placed";
    static final String SETTLED = "payments." + "settled";

    private Topics() {}
}

sealed interface OrderEvent permits OrderEvent.Placed, OrderEvent.Cancelled {
    String orderId();

    default String name() {
        return getClass().getSimpleName();
    }

    static OrderEvent changed(String id, String status) {
        return new Cancelled(id, status);
    }

    record Placed(String orderId, List<@NotNull Item> items) implements OrderEvent {
        public Placed {
            items = List.copyOf(items);
        }
    }

    record Cancelled(String orderId, @JsonProperty("why") String reason) implements OrderEvent {}
}
