//! Figures for the operator's monitor.

use std::{sync::OnceLock, time::Duration};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use poem::http::StatusCode;

use super::visit::Kind;

static FIGURES: OnceLock<PrometheusHandle> = OnceLock::new();

const DURATION: &str = "http_request_duration_seconds";
/// Seconds that tell a quick page from a slow one.
const STEPS: [f64; 9] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Begins to keep figures. Called again, it changes nothing.
pub fn start() {
    FIGURES.get_or_init(install);
}

fn install() -> PrometheusHandle {
    let builder = PrometheusBuilder::new();
    let builder = builder.set_buckets_for_metric(Matcher::Full(DURATION.to_owned()), &STEPS).expect("there are steps");
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    // Fails only when another recorder is set already, by a test.
    let _ = metrics::set_global_recorder(recorder);
    metrics::describe_histogram!(DURATION, "Seconds to answer a request, by kind of address and class of status");
    handle
}

/// Folds what was counted lately; without it the samples would pile up.
pub fn tidy() {
    if let Some(figures) = FIGURES.get() {
        figures.run_upkeep();
    }
}

/// The figures in the format of Prometheus.
pub(super) fn render() -> String {
    FIGURES.get().map(PrometheusHandle::render).unwrap_or_default()
}

pub(super) fn count(kind: Kind, status: StatusCode, took: Duration) {
    let kind = match kind {
        Kind::Page => "page",
        Kind::Api => "api",
        Kind::Asset => "asset",
        Kind::Service => return,
    };
    let class = match status.as_u16() {
        ..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    };
    metrics::histogram!(DURATION, "kind" => kind, "status" => class).record(took.as_secs_f64());
}
