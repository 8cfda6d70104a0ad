"""Orders: takes them, tells the others, follows the payments."""
from __future__ import annotations

import asyncio
import json
import logging
import os
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Annotated, Any, Protocol

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from fastapi import APIRouter, Depends, HTTPException
from pydantic_settings import BaseSettings

from ..store import Store, get_store
from .errors import PaymentUnknown as Unknown

log = logging.getLogger(__name__)
router = APIRouter(prefix="/orders")


class Settings(BaseSettings):
    brokers: str = os.environ.get("KAFKA_BROKERS", "localhost:9092")
    prefix: str = "shop"


class Topic(str, Enum):
    PLACED = "orders.placed"
    SETTLED = "payments.settled"


settings = Settings()
REGIONS = ("eu", "us")


@dataclass(frozen=True)
class OrderPlaced:
    order_id: str
    items: list[dict[str, Any]] = field(default_factory=list)
    coupon: str | None = None


class Publisher(Protocol):
    async def publish(self, topic: str, event: OrderPlaced) -> None: ...


class KafkaPublisher:
    retries = 3

    def __init__(self, producer: AIOKafkaProducer | None = None, *, prefix: str = settings.prefix) -> None:
        self.producer = producer or AIOKafkaProducer(bootstrap_servers=settings.brokers, acks="all")
        self._prefix: str = prefix

    @property
    def prefix(self) -> str:
        return self._prefix

    def topic(self, topic: Topic, region: str) -> str:
        return f"{self.prefix}.{region}.{topic.value!s}"

    async def publish(self, topic: Topic, event: OrderPlaced) -> None:
        for attempt in range(self.retries):
            try:
                body = json.dumps(asdict(event)).encode()
                await asyncio.gather(*[
                    self.producer.send_and_wait(self.topic(topic, region), body, key=event.order_id.encode())
                    for region in REGIONS
                ])
            except (ConnectionError, TimeoutError) as error:
                log.warning("attempt %d failed: %s", attempt, error)
                await asyncio.sleep(2**attempt)
            else:
                return
            finally:
                log.debug("done")
        raise RuntimeError(f"{topic} is not reachable")


publisher = KafkaPublisher()


@router.post("/", status_code=201)
async def place(body: OrderPlaced, store: Annotated[Store, Depends(get_store)]) -> dict[str, str]:
    if not body.items:
        raise HTTPException(422, detail={"items": "none"})
    async with store.transaction() as tx, store.lock(body.order_id):
        await tx.insert("orders", id=body.order_id, **{"status": "new"})
        await publisher.publish(Topic.PLACED, body)
    return {"id": body.order_id}


async def follow(store: Store, *topics: str) -> None:
    consumer = AIOKafkaConsumer(*(topics or (Topic.SETTLED,)), group_id="orders", enable_auto_commit=False)
    await consumer.start()
    try:
        async for message in consumer:
            event = json.loads(message.value)
            match event:
                case {"type": "settled", "order": order_id} if order_id:
                    await store.update(order_id, status="paid")
                case {"type": "failed" | "refused"}:
                    await store.update(event["order"], status="failed")
                case _:
                    raise Unknown(event)
            if (offset := message.offset) % 100 == 0:
                log.info("at %s", offset)
            await consumer.commit()
    finally:
        await consumer.stop()


if __name__ == "__main__":
    asyncio.run(follow(get_store(), *sorted({t.value for t in Topic}, key=lambda name: name.lower())))
