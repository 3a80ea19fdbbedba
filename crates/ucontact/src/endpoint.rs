//! The endpoints used, and which of them may be repeated.
//!
//! Everything is a POST, so the method says nothing: this table does.

/// One endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// Path below the base.
    pub path: &'static str,
    /// A read: may be sent again after a failure. Writes are sent once.
    pub repeatable: bool,
}

const fn read(path: &'static str) -> Endpoint {
    Endpoint { path, repeatable: true }
}

const fn write(path: &'static str) -> Endpoint {
    Endpoint { path, repeatable: false }
}

pub(crate) const GET_USER_TOKEN: Endpoint = write("auth/getUserToken");
pub(crate) const USER_LOGIN: Endpoint = write("auth/UserLogin");
pub(crate) const END_SESSION: Endpoint = write("auth/EndSession");
pub(crate) const QUEUE_SUMMARY: Endpoint = read("Supervisor/queuesummary");
pub(crate) const CAMPAIGN_STATUS: Endpoint = read("Supervisor/campaignstatus");
pub(crate) const GET_RECORDS: Endpoint = read("Cdr/getrecords");
pub(crate) const CONVERT: Endpoint = write("Supervisor/convert");
pub(crate) const TAG_RECORD: Endpoint = write("Agents/TagRecord");
pub(crate) const DISPOSITION_CALL: Endpoint = write("api/DispositionCall");

/// Every endpoint this crate calls. A login is not repeatable: a wrong password must never be tried again by itself.
pub const ENDPOINTS: [Endpoint; 9] = [
    GET_USER_TOKEN,
    USER_LOGIN,
    END_SESSION,
    QUEUE_SUMMARY,
    CAMPAIGN_STATUS,
    GET_RECORDS,
    CONVERT,
    TAG_RECORD,
    DISPOSITION_CALL,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reads_may_be_repeated() {
        let repeatable: Vec<_> = ENDPOINTS.iter().filter(|e| e.repeatable).map(|e| e.path).collect();
        assert_eq!(repeatable, ["Supervisor/queuesummary", "Supervisor/campaignstatus", "Cdr/getrecords"]);
    }
}
