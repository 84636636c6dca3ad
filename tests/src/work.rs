//! What people of the suites do: send photos, report, take steps.

use crate::{Client, Reply, county, scene};
use app::id::PhotoId;
use app::issue::{IssueAnswer, OrderAnswer};
use app::time::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

/// A picture that differs with `seed`, as a camera would send it.
#[must_use]
pub fn jpeg(seed: u8) -> Vec<u8> {
    let (width, height) = (320_u16, 240_u16);
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..height {
        for x in 0..width {
            let shade = |n: u16| {
                u8::try_from((x / 8 * n + y / 8 * (n + 1) + u16::from(seed) * 37) % 256).unwrap_or(0)
            };
            pixels.extend([shade(3), shade(5), shade(7)]);
        }
    }
    let mut bytes = Vec::new();
    jpeg_encoder::Encoder::new(&mut bytes, 85)
        .encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb)
        .expect("it can be encoded");
    bytes
}

/// A report of `clause` at `spot` without photos.
#[must_use]
pub fn report(spot: app::id::SpotId, clause: &str, at: Timestamp) -> Value {
    json!({
        "spot_id": spot, "clause_code": clause, "description": "测试问题", "severity": "general",
        "location": { "lng": county::AT.0, "lat": county::AT.1, "accuracy_m": 8.0, "source": "device" },
        "observed_at": at, "photo_ids": [],
    })
}

impl Client {
    /// Sends a new picture; its id.
    pub async fn photo(&self, seed: u8) -> PhotoId {
        let id = scene::new_id();
        let _ = self.put_bytes(&format!("/api/photos/{id}"), "image/jpeg", jpeg(seed)).await.expect(201);
        PhotoId(id)
    }

    /// Reports `clause` at `spot` with one photo.
    pub async fn report(&self, spot: app::id::SpotId, clause: &str, at: Timestamp) -> IssueAnswer {
        let mut report = report(spot, clause, at);
        report["photo_ids"] = json!([self.photo(1).await]);
        self.put(&format!("/api/issues/{}", scene::new_id()), &report).await.expect(201).json()
    }

    /// Asks for a step of an order.
    pub async fn try_step(&self, order: app::id::OrderId, step: &Value) -> Reply {
        self.put(&format!("/api/orders/{order}/steps/{}", scene::new_id()), step).await
    }

    /// The step as the page asks for it: what passes a re-check is shown by a photo, unless the step names its own.
    pub async fn shown(&self, mut step: Value) -> Value {
        if step["step"] == "pass" && step.get("photo_ids").is_none() {
            step["photo_ids"] = json!([self.photo(3).await]);
        }
        step
    }

    /// Takes a step of an order, as the page asks for it.
    #[track_caller]
    pub fn step<'a>(
        &'a self,
        order: app::id::OrderId,
        step: Value,
    ) -> impl Future<Output = OrderAnswer> + 'a {
        let at = std::panic::Location::caller();
        async move {
            let step = self.shown(step).await;
            let reply = self.try_step(order, &step).await;
            assert_eq!(reply.status, 201, "{step} at {at}: {}", reply.text());
            reply.json()
        }
    }

    /// The unit's whole answer: a reply with a photo, confirmed.
    pub async fn answer(&self, order: app::id::OrderId) -> OrderAnswer {
        let photo = self.photo(2).await;
        let _ = self.step(order, json!({ "step": "reply", "note": "已整改", "photo_ids": [photo] })).await;
        self.step(order, json!({ "step": "confirm" })).await
    }

    /// An issue as this person sees it.
    pub async fn issue(&self, id: impl Into<Uuid>) -> IssueAnswer {
        self.get(&format!("/api/issues/{}", id.into())).await.expect(200).json()
    }
}
