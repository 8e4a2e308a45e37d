//! The point of a picture that crops keep in sight.

use deserr::{Deserr, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::invalid::{Flaw, Invalids, Rule, refuse};

/// A point of a picture, in parts of its width and height from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields, validate = FocalPoint::check -> Invalids)]
pub struct FocalPoint {
    /// 0 is the left edge, 1 the right one.
    #[schema(minimum = 0, maximum = 1, examples(0.5))]
    pub x: f64,
    /// 0 is the upper edge, 1 the lower one.
    #[schema(minimum = 0, maximum = 1, examples(0.4))]
    pub y: f64,
}

impl FocalPoint {
    pub const CENTRE: Self = Self { x: 0.5, y: 0.5 };

    fn check(self, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        if [self.x, self.y].iter().all(|part| (0.0..=1.0).contains(part)) {
            // To a thousandth: nobody sees less, and each point has renditions of its own.
            let [x, y] = [self.x, self.y].map(|part| (part * 1000.0).round() / 1000.0);
            Ok(Self { x, y })
        } else {
            refuse(Flaw::new(Rule::OutOfRange, "`x` and `y` are from 0 to 1"), at)
        }
    }
}
