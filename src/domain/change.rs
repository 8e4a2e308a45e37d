//! What a merge patch (RFC 7396) says of one field: leave it, or set it (to null, where the field may be empty).

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};

use super::invalid::Invalids;

/// A field of a patch: absent, or a value. Where null clears a field, the value is an `Option`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Change<T> {
    #[default]
    Keep,
    Set(T),
}

impl<T> Change<T> {
    /// Puts the value in its place, if there is one.
    pub fn apply(self, place: &mut T) {
        if let Self::Set(value) = self {
            *place = value;
        }
    }
}

impl<T: Deserr<Invalids>> Deserr<Invalids> for Change<T> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        T::deserialize_from_value(value, at).map(Self::Set)
    }
}

/// Declares the body of a PATCH: every field may be absent, an `Option` may be null. Unknown fields are refused.
macro_rules! patch {
    ($(#[$outer:meta])* pub struct $name:ident {
        $($(#[$inner:meta])* $field:ident: $kind:ident $(<$of:ident>)?),+ $(,)?
    }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Default, PartialEq, deserr::Deserr, utoipa::ToSchema)]
        #[deserr(error = $crate::domain::invalid::Invalids, deny_unknown_fields)]
        pub struct $name {
            $($(#[$inner])* #[deserr(default)] #[schema(value_type = $kind $(<$of>)?, required = false)]
            pub $field: $crate::domain::change::Change<$kind $(<$of>)?>),+
        }
    };
}
pub(crate) use patch;
