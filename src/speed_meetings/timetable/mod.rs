//! scratch
#![allow(clippy::cast_possible_truncation, reason = "x")]
pub mod instance; pub mod reader; pub mod reason; pub mod possible; pub mod refusal; pub mod figures;
mod model; mod random; mod state; mod moves; mod anneal; mod assignment; mod relaxation; mod ascent;
pub mod effort; mod bounds; mod exact; mod branch; pub mod solve;
