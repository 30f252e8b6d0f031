//! How the process ends, and where its traces go.

use serde::{Deserialize, Serialize};

/// The process itself.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Seconds between being told to stop and stopping: `/readyz` says no and everything is served, until
    /// the balancer has looked. 0 where there is none.
    pub drain_seconds: u16,
}

/// Traces for OpenTelemetry; docs/operations.md.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Telemetry {
    /// The collector's address for OTLP over HTTP, without `/v1/traces`; without it, no traces.
    pub otlp_endpoint: Option<String>,
    /// What the service is called there.
    pub service: String,
    /// Of traces that begin here, one in so many.
    pub one_in: u32,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { otlp_endpoint: None, service: "maeul".to_owned(), one_in: 1 }
    }
}
