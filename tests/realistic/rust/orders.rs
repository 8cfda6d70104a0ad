//! Orders: takes them, tells the others, follows the payments.
use std::{sync::Arc, time::Duration};

use anyhow::{anyhow, Context as _};
use async_trait::async_trait;
use futures::StreamExt;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicNackOptions, BasicPublishOptions};
use lapin::{types::FieldTable, BasicProperties, Channel};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::mpsc;
use tracing::{info, warn};

pub const EXCHANGE: &str = "orders";
const RETRIES: [u64; 3] = [1, 5, 25];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OrderEvent {
    Placed(Placed),
    Cancelled { order_id: String, reason: Option<String> },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Placed {
    #[serde(rename = "orderId")]
    pub order_id: String,
    pub items: Vec<String>,
}

#[async_trait]
pub trait Publisher: Send + Sync {
    const KIND: &'static str;

    async fn publish(&self, event: &OrderEvent) -> anyhow::Result<()>;

    fn routing_key(&self, event: &OrderEvent) -> String {
        let name = match event {
            OrderEvent::Placed(_) => "placed",
            OrderEvent::Cancelled { reason: Some(_), .. } => "cancelled",
            _ => "dropped",
        };
        format!("{EXCHANGE}.{name}.{}", Self::KIND)
    }
}

pub struct Rabbit {
    channel: Channel,
    failed: mpsc::Sender<OrderEvent>,
}

impl Rabbit {
    pub const QUEUE: &'static str = "payments.settled";

    pub fn new(channel: Channel, failed: mpsc::Sender<OrderEvent>) -> Arc<Self> {
        Arc::new(Self { channel, failed })
    }

    pub async fn run(self: Arc<Self>, mut stop: mpsc::Receiver<()>) -> anyhow::Result<()> {
        let options = BasicConsumeOptions { no_ack: false, ..Default::default() };
        let mut consumer =
            self.channel.basic_consume(Self::QUEUE, "orders", options, FieldTable::default()).await?;
        let mut ticks = tokio::time::interval(Duration::from_secs(30));
        loop {
            tokio::select! {
                Some(delivery) = consumer.next() => {
                    let delivery = delivery.context("delivery")?;
                    match serde_json::from_slice::<OrderEvent>(&delivery.data) {
                        Ok(event) if self.settle(&event).await.is_ok() => {
                            delivery.ack(BasicAckOptions::default()).await?;
                        }
                        Ok(event) => {
                            let rabbit = Arc::clone(&self);
                            tokio::spawn(async move { rabbit.failed.send(event).await });
                            delivery.nack(BasicNackOptions { requeue: true, ..Default::default() }).await?;
                        }
                        Err(error) => warn!(%error, tag = delivery.delivery_tag, "not an event: {}", error),
                    }
                }
                _ = ticks.tick() => info!("waiting for {}", Self::QUEUE),
                _ = stop.recv() => break,
                else => return Err(anyhow!("nothing left to wait for in {queue}", queue = Self::QUEUE)),
            }
        }
        Ok(())
    }

    async fn settle(&self, event: &OrderEvent) -> anyhow::Result<()> {
        let OrderEvent::Placed(placed) = event else { return Ok(()) };
        if let Some(first) = placed.items.first() && !first.is_empty() {
            info!(order = ?placed.order_id, "settled");
        } else if placed.items.is_empty() {
            return Err(anyhow!("order {} is empty", placed.order_id));
        }
        self.publish(event).await
    }
}

#[async_trait]
impl Publisher for Rabbit {
    const KIND: &'static str = "rabbit";

    async fn publish(&self, event: &OrderEvent) -> anyhow::Result<()> {
        let body = json!({ "event": event, "meta": { "source": "orders", "tags": ["a", Self::KIND] } });
        for wait in RETRIES.iter().map(|seconds| Duration::from_secs(*seconds)) {
            let properties = BasicProperties::default().with_content_type("application/json".into());
            let key = self.routing_key(event);
            let sent = self
                .channel
                .basic_publish(EXCHANGE, &key, BasicPublishOptions::default(), body.to_string().as_bytes(), properties)
                .await;
            if sent.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(wait).await;
        }
        Err(anyhow!("{EXCHANGE} is not reachable"))
    }
}
