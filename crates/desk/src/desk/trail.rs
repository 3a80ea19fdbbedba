//! The trail of everything sent and done here, for reading and taking along.
//!
//! Left out on purpose: writing it (whoever does something, `session`).

use atalaya_store::AuditFilter;
use atalaya_ucontact::Problem;
use serde_json::json;

use super::Desk;
use crate::problem::from_store;
use crate::wire::AuditLine;

/// Lines of a list the window shows at once.
const MOST_LINES: u32 = 500;
/// Lines of the trail that go into a file.
const MOST_AUDIT: u32 = 50_000;

impl Desk {
    /// Something was written to a file that leaves the program's care.
    pub fn exported(&self, what: &str, target: &str, path: &str) {
        self.trail("export", target, json!({ "what": what, "path": path }));
    }

    /// Writes down what was done here; nothing without a session.
    pub(super) fn trail(&self, operation: &str, target: &str, detail: serde_json::Value) {
        if let Ok(session) = self.session() {
            session.trail(operation, target, detail);
        }
    }

    /// The trail, the newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn audit_lines(&self, filter: &AuditFilter, whole: bool) -> Result<Vec<AuditLine>, Problem> {
        let most = if whole { MOST_AUDIT } else { MOST_LINES };
        let found =
            self.inner.store.audit().find(filter, most).map_err(|error| self.noted(from_store(&error)))?;
        let line = |entry: atalaya_store::AuditEntry| AuditLine {
            at_ms: entry.at_ms,
            operation: entry.operation,
            target: entry.target,
            detail: named(&entry.detail),
            user: entry.user,
            reviewer: entry.reviewer,
            why: entry.outcome.why().filter(|why| !why.is_empty()).map(str::to_owned),
            outcome: (&entry.outcome).into(),
        };
        Ok(found.into_iter().map(line).collect())
    }
}

/// Names and values; what is empty is left out.
fn named(detail: &serde_json::Value) -> Vec<(String, String)> {
    let fields = detail.as_object().into_iter().flatten().filter_map(|(name, value)| {
        let text = match value {
            serde_json::Value::Null => return None,
            serde_json::Value::String(text) if text.is_empty() => return None,
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Some((name.clone(), text))
    });
    fields.collect()
}
