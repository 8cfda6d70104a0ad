@file:Suppress("TooManyFunctions")

package com.example.shop.orders

import com.example.shop.payments.*
import com.fasterxml.jackson.annotation.JsonProperty
import com.fasterxml.jackson.databind.ObjectMapper
import jakarta.validation.Valid
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.apache.kafka.clients.consumer.ConsumerRecord
import org.slf4j.LoggerFactory
import org.springframework.beans.factory.annotation.Value
import org.springframework.kafka.annotation.KafkaListener
import org.springframework.kafka.core.KafkaTemplate
import org.springframework.kafka.support.Acknowledgment
import org.springframework.kafka.support.KafkaHeaders as Headers
import org.springframework.messaging.handler.annotation.Header
import org.springframework.transaction.annotation.Transactional
import org.springframework.web.bind.annotation.*
import java.io.File
import java.time.Duration
import java.util.UUID

const val TOPIC_PLACED = "orders.placed"
private const val PREFIX = "payments"
internal val topicSettled = "$PREFIX.settled"

typealias Publish<T> = suspend (String, T) -> Unit

enum class Status(val code: Int) {
    NEW(0),
    PAID(1) {
        override fun next() = SHIPPED
    },
    SHIPPED(2);

    open fun next(): Status = this

    companion object { fun of(code: Int) = entries.firstOrNull { it.code == code } ?: NEW }
}

sealed interface OrderEvent { val orderId: String }

data class Placed(
    @field:JsonProperty("order_id") override val orderId: String,
    val items: List<String> = emptyList(),
    val coupon: String? = null,
) : OrderEvent

data class Cancelled(override val orderId: String, val reason: String?) : OrderEvent

object Topics {
    const val CANCELLED = "orders.cancelled"
    val all by lazy { listOf(TOPIC_PLACED, CANCELLED, topicSettled) }

    fun of(event: OrderEvent): String = when (event) {
        is Placed -> TOPIC_PLACED
        is Cancelled -> CANCELLED
    }
}

abstract class Publisher(protected val template: KafkaTemplate<String, ByteArray>, private val mapper: ObjectMapper) {
    abstract val retries: Int

    suspend fun publish(event: OrderEvent, topic: String = Topics.of(event)) {
        var attempt = 0
        while (true) {
            try {
                withContext(Dispatchers.IO) { template.send(topic, event.orderId, mapper.writeValueAsBytes(event)).get() }
                return
            } catch (error: InterruptedException) {
                throw error
            } catch (error: Exception) {
                log.warn("attempt ${++attempt} for $topic failed", error)
                if (attempt >= retries) throw PublishFailed("${event.orderId} to $topic", error)
            } finally {
                Metrics.count("publish", "topic" to topic)
            }
        }
    }

    companion object {
        @JvmStatic
        protected val log = LoggerFactory.getLogger(Publisher::class.java)
    }
}

class PublishFailed(message: String, cause: Throwable) : RuntimeException(message, cause)

@Service
class OrderPublisher(template: KafkaTemplate<String, ByteArray>, mapper: ObjectMapper) : Publisher(template, mapper) {
    override val retries get() = 3

    init {
        template.defaultTopic = TOPIC_PLACED
    }
}

@RestController
@RequestMapping("/orders")
class OrdersController @Autowired constructor(
    private val orders: OrderRepository,
    private val publisher: OrderPublisher,
    @Value("\${orders.export-dir:/tmp}") private val exports: String,
) {
    @Value("\${orders.dlq}")
    private lateinit var deadLetters: String

    var last: Placed? = null
        private set

    @PostMapping(consumes = ["application/json"])
    @Transactional
    suspend fun place(@RequestBody @Valid body: PlaceOrder, @RequestHeader("X-Trace") trace: String?): Map<String, Any?> {
        val (id, status) = orders.save(body.toOrder(UUID.randomUUID()))
        val event = Placed(orderId = id.toString(), items = body.items.map { it.sku }, coupon = body.coupon)
            .also { last = it }
        publisher.publish(event)
        return mapOf("id" to id, "status" to status.name, "trace" to (trace ?: "none"))
    }

    @KafkaListener(topics = [Topics.CANCELLED, "orders.refused"], groupId = "\${spring.application.name}")
    fun onCancelled(record: ConsumerRecord<String, Cancelled>, @Header(Headers.RECEIVED_TOPIC) topic: String, ack: Acknowledgment) {
        val event = record.value() ?: return ack.acknowledge()
        when {
            event.reason == "fraud" && !event.orderId.isBlank() -> orders.block(event.orderId)
            event.reason in listOf("late", "lost") -> {
                orders.findAll().filter { order -> order.id == event.orderId }.forEach {
                    if (it.status == Status.SHIPPED) return@forEach
                    orders.save(it.copy(status = Status.NEW))
                }
            }
            else -> publisher.template.send(deadLetters, event.orderId, byteArrayOf())
        }
        ack.acknowledge()
    }

    @GetMapping("/export")
    fun export(): Long {
        val target = File(exports, "orders-${Duration.ofDays(1)}.csv")
        target.bufferedWriter().use { writer ->
            for ((index, order) in orders.findAll().withIndex()) {
                if (order.archived) continue
                writer.appendLine("""${index + 1};"${order.id}";$exports""")
            }
        }
        return target.length()
    }

    private fun listener(name: String): Listener = object : Listener(name), AutoCloseable {
        override fun onEvent(event: OrderEvent) = when (event) {
            is Placed if event.items.isEmpty() -> Unit
            else -> orders.touch(event.orderId)
        }

        override fun close() { log.info("{} closed", name) }
    }

    private companion object { val log = LoggerFactory.getLogger(OrdersController::class.java) }
}

suspend inline fun <reified T : OrderEvent> OrderPublisher.publishAll(vararg events: T) = events.forEach { publish(it) }

val Order.isOpen: Boolean
    get() = status != Status.SHIPPED

fun main(args: Array<String>) {
    runApplication<OrdersApplication>(*args) { setDefaultProperties(mapOf("spring.kafka.listener.ack-mode" to "manual")) }
}
