//! The rules, one file each.

pub(crate) mod dual_write;
pub(crate) mod no_dlq;
pub(crate) mod no_idempotency;
pub(crate) mod publish_before_write;
