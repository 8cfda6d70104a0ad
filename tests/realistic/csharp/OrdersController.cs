// Orders: takes them, tells the others, follows the payments.
using System.Text.Json;
using Confluent.Kafka;
using MassTransit;
using Microsoft.AspNetCore.Mvc;
using static Shop.Contracts.Topics;
using Db = Shop.Storage.OrdersContext;

namespace Shop.Orders;

#nullable enable

public enum OrderStatus : byte
{
    New,
    Paid = 10,
    [Obsolete] Failed,
}

/// <summary>What the others hear.</summary>
public record OrderPlaced(
    [property: JsonPropertyName("orderId")] Guid OrderId,
    string Region,
    List<OrderItem> Items,
    string? Coupon = null)
{
    public decimal Total => Items.Sum(item => item.Quantity * item.UnitPrice);
}

public record struct OrderItem(string Sku, int Quantity, decimal UnitPrice);

public interface IOrderPublisher
{
    string Prefix { get; }

    Task PublishAsync<T>(string topic, T message, CancellationToken token = default) where T : class;
}

public sealed class KafkaOptions
{
    public const string Section = "Kafka";
    public required string Brokers { get; init; } = "localhost:9092";
    public string Prefix { get; set; } = Environment.GetEnvironmentVariable("TOPIC_PREFIX") ?? "shop";
}

public sealed class KafkaPublisher : IOrderPublisher, IDisposable
{
    private const int Retries = 3;
    private static readonly string[] Regions = { "eu", "us" };

    private readonly IProducer<string, string> _producer;
    private readonly KafkaOptions _options;
    private readonly ILogger<KafkaPublisher> _log;

    public KafkaPublisher(IOptions<KafkaOptions> options, ILogger<KafkaPublisher> log)
        : this(new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = options.Value.Brokers,
            Acks = Acks.All,
            EnableIdempotence = true,
        }).Build(), options.Value, log)
    {
    }

    internal KafkaPublisher(IProducer<string, string> producer, KafkaOptions options, ILogger<KafkaPublisher> log) =>
        (_producer, _options, _log) = (producer, options, log);

    public string Prefix => _options.Prefix;

    public event EventHandler<OrderPlaced>? Published;

    public async Task PublishAsync<T>(string topic, T message, CancellationToken token = default) where T : class
    {
        for (var attempt = 1; attempt <= Retries; attempt++)
        {
            try
            {
                foreach (var region in Regions)
                {
                    var result = await _producer.ProduceAsync($"{Prefix}.{region}.{topic}", new Message<string, string>
                    {
                        Key = (message as OrderPlaced)?.OrderId.ToString() ?? "none",
                        Value = JsonSerializer.Serialize(message),
                        Headers = new() { { "type", Encoding.UTF8.GetBytes(typeof(T).Name) } },
                    }, token);
                    _log.LogInformation("{Topic} at {Offset}", result.Topic, result.Offset);
                }
                if (message is OrderPlaced placed)
                    Published?.Invoke(this, placed);
                return;
            }
            catch (ProduceException<string, string> error) when (!error.Error.IsFatal)
            {
                _log.LogWarning(error, "attempt {Attempt} failed", attempt);
                if (attempt == Retries) throw;
                await Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, attempt)), token);
            }
            finally
            {
                Metrics.Count(nameof(KafkaPublisher.PublishAsync));
            }
        }
    }

    public void Dispose() => _producer.Dispose();
}

[ApiController]
[Route("orders")]
public partial class OrdersController(Db db, IOrderPublisher publisher, IPublishEndpoint bus) : ControllerBase
{
    [HttpPost, Authorize(Roles = "shop")]
    [ProducesResponseType<OrderPlaced>(201)]
    public async Task<IActionResult> Create([FromBody] CreateOrder body, [FromServices] TimeProvider clock)
    {
        if (body is not { Items.Count: > 0 })
            return BadRequest(new { error = "none", body?.Region });

        await using var transaction = await db.Database.BeginTransactionAsync();
        var order = new Order(body.Items) { Status = OrderStatus.New, Created = clock.GetUtcNow() };
        db.Orders.Add(order);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();

        OrderPlaced placed = new(order.Id, body.Region, [.. order.Items]);
        await publisher.PublishAsync(OrdersPlaced, placed);
        await bus.Publish<OrderPlaced>(placed with { Coupon = body.Coupon!.Trim() });
        return CreatedAtAction(nameof(Get), new { id = order.Id }, placed);
    }

    [HttpGet("{id:guid}")]
    public Task<Order?> Get(Guid id) => db.Orders.FirstOrDefaultAsync(order => order.Id == id);
}

/// <summary>Follows the payments.</summary>
public class PaymentConsumer : IConsumer<PaymentSettled>, IConsumer<Fault<PaymentSettled>>
{
    private readonly Db _db;

    public PaymentConsumer(Db db) => _db = db;

    public async Task Consume(ConsumeContext<PaymentSettled> context)
    {
        var (orderId, state) = context.Message;
        switch (state)
        {
            case "settled":
            case "captured":
                await Mark(orderId, OrderStatus.Paid);
                break;
            case { Length: > 0 } other when other.StartsWith("fail"):
                await Mark(orderId, OrderStatus.Failed);
                break;
            default:
                throw new InvalidOperationException(@$"unknown ""{state}"" of {orderId}");
        }

        async Task Mark(Guid id, OrderStatus status)
        {
            lock (_db)
            {
                _db.Orders.Single(order => order.Id == id).Status = status;
            }
            await _db.SaveChangesAsync(context.CancellationToken);
        }
    }

    public Task Consume(ConsumeContext<Fault<PaymentSettled>> context)
    {
        var queue = context.Message.Exceptions[0].ExceptionType switch
        {
            "Timeout" or "Canceled" => "payments.retry",
            var type when type.EndsWith("Validation") => "payments.invalid",
            _ => throw new NotSupportedException(),
        };
        return context.Send(new Uri($"queue:{queue}"), context.Message.Message);
    }
}

public static class OrderServices
{
    public static IServiceCollection AddOrders(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<KafkaOptions>(configuration.GetSection(KafkaOptions.Section));
        services.AddSingleton<IOrderPublisher, KafkaPublisher>();
        services.AddMassTransit(x =>
        {
            x.AddConsumer<PaymentConsumer>();
            x.UsingRabbitMq((context, cfg) =>
            {
                cfg.ReceiveEndpoint("payments", e => e.ConfigureConsumer<PaymentConsumer>(context));
#if DEBUG
                cfg.UseInMemoryOutbox(context);
#endif
            });
        });
        return services;
    }
}
