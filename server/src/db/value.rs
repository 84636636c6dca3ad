//! A statement with its values, in the few types both engines know.

use app::id::{AreaId, EventId, IssueId, OrderId, PhotoId, RuleId, SpotId, UnitId, UserId};
use app::role::Role;
use app::time::Timestamp;
use sqlx::Arguments;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use uuid::Uuid;

/// One SQL text and its values.
#[derive(Debug, Clone)]
pub struct Query {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

/// A statement; the values of `$1`, `$2`, … follow with [`Query::bind`].
#[must_use]
pub fn query(sql: &'static str) -> Query {
    Query { sql: sql.to_owned(), values: Vec::new() }
}

impl Query {
    /// The value of the next `$n`.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Appends text of our own; never anything that came from outside, which the `'static` sees to.
    pub fn push(&mut self, sql: &'static str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Appends `$n` and its value.
    pub fn push_bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.sql.push('$');
        self.sql.push_str(&self.values.len().to_string());
        self
    }

    /// Appends `($n, …)` and the values, for `in`. An empty list becomes `(null)`, which nothing is in.
    pub fn push_list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        self.sql.push('(');
        let mut is_first = true;
        for value in values {
            if !is_first {
                self.sql.push_str(", ");
            }
            self.push_bind(value);
            is_first = false;
        }
        if is_first {
            self.sql.push_str("null");
        }
        self.sql.push(')');
        self
    }
}

/// A value in a type that both engines know. `None` is null.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `uuid`
    Uuid(Option<Uuid>),
    /// `text`
    Text(Option<String>),
    /// `bigint`
    Int(Option<i64>),
    /// `double precision`
    Real(Option<f64>),
    /// `boolean`
    Bool(Option<bool>),
}

macro_rules! values {
    ($($from:ty => $kind:ident, |$value:pat_param| $into:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                Self::$kind(Some($into))
            }
        }

        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Self::$kind(value.map(|$value| $into))
            }
        }
    )*};
}

values! {
    Uuid => Uuid, |id| id;
    AreaId => Uuid, |id| id.0;
    EventId => Uuid, |id| id.0;
    IssueId => Uuid, |id| id.0;
    OrderId => Uuid, |id| id.0;
    PhotoId => Uuid, |id| id.0;
    RuleId => Uuid, |id| id.0;
    SpotId => Uuid, |id| id.0;
    UnitId => Uuid, |id| id.0;
    UserId => Uuid, |id| id.0;
    &str => Text, |text| text.to_owned();
    &String => Text, |text| text.clone();
    String => Text, |text| text;
    Role => Text, |role| role.code().to_owned();
    i64 => Int, |number| number;
    i32 => Int, |number| number.into();
    u32 => Int, |number| number.into();
    u16 => Int, |number| number.into();
    u8 => Int, |number| number.into();
    Timestamp => Int, |at| at.millis();
    f64 => Real, |number| number;
    bool => Bool, |flag| flag;
}

macro_rules! arguments {
    ($values:expr, $arguments:ty) => {{
        let mut arguments = <$arguments>::default();
        for value in $values {
            match value {
                Value::Uuid(value) => arguments.add(value),
                Value::Text(value) => arguments.add(value),
                Value::Int(value) => arguments.add(value),
                Value::Real(value) => arguments.add(value),
                Value::Bool(value) => arguments.add(value),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        Ok(arguments)
    }};
}

pub(super) fn sqlite(values: Vec<Value>) -> Result<SqliteArguments, sqlx::Error> {
    arguments!(values, SqliteArguments)
}

pub(super) fn postgres(values: Vec<Value>) -> Result<PgArguments, sqlx::Error> {
    arguments!(values, PgArguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appended_values_are_numbered_in_order() {
        let mut statement = query("select 1 from t where a = $1").bind("x");
        statement.push(" and b = ").push_bind(2_i64).push(" and c in ").push_list([true, false]);
        assert_eq!(statement.sql, "select 1 from t where a = $1 and b = $2 and c in ($3, $4)");
        assert_eq!(statement.values.len(), 4);
    }

    #[test]
    fn nothing_is_in_an_empty_list() {
        let mut statement = query("select 1 where a in ");
        statement.push_list(Vec::<i64>::new());
        assert_eq!(statement.sql, "select 1 where a in (null)");
    }
}
