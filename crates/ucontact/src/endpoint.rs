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
pub(crate) const AGENT_CALL: Endpoint = write("Agents/AgentCall");
pub(crate) const AGENT_CALL_WITH_DATA: Endpoint = write("Agents/AgentCallwithData");
pub(crate) const HANGUP_PHONE: Endpoint = write("Agents/HangupPhone");
pub(crate) const ADD_QUEUE_MEMBER: Endpoint = write("queues/addqueuemember");
pub(crate) const ADD_BLACK: Endpoint = write("admin/addblack");
pub(crate) const DELETE_BLACK: Endpoint = write("admin/deleteblack");
pub(crate) const ADD_BLACK_BULK: Endpoint = write("admin/addblackbulk");
pub(crate) const DELETE_BLACK_BULK: Endpoint = write("admin/deleteblackbulk");
pub(crate) const RESPOOL: Endpoint = write("Dialers/Respool");
pub(crate) const SCHEDULE_DIALER_CALL: Endpoint = write("Dialers/ScheduleDialerCall");
pub(crate) const DIALER_TASK: Endpoint = write("Dialers/DialerTask");
pub(crate) const REMOVE_CONTACT: Endpoint = write("Dialers/RemoveContact");
pub(crate) const REMOVE_SCHEDULE_DIALER_CALL: Endpoint = write("Dialers/RemoveScheduleDialerCall");
pub(crate) const UPLOAD_BASE: Endpoint = write("Dialers/uploadbase");
pub(crate) const UPLOAD_BASE_WITH_TIMEZONE: Endpoint = write("Dialers/uploadbasewithtimezone");
pub(crate) const UPLOAD_SMS_BASE: Endpoint = write("SMS/uploadbase");
pub(crate) const SEND_SMS_V2: Endpoint = write("SMS/SendSMSv2");
pub(crate) const SEND_SMS: Endpoint = write("SMS/SendSMS");

/// Every endpoint this crate calls. A login is not repeatable: a wrong password must never be tried again by itself.
pub const ENDPOINTS: [Endpoint; 27] = [
    GET_USER_TOKEN,
    USER_LOGIN,
    END_SESSION,
    QUEUE_SUMMARY,
    CAMPAIGN_STATUS,
    GET_RECORDS,
    CONVERT,
    TAG_RECORD,
    DISPOSITION_CALL,
    AGENT_CALL,
    AGENT_CALL_WITH_DATA,
    HANGUP_PHONE,
    ADD_QUEUE_MEMBER,
    ADD_BLACK,
    DELETE_BLACK,
    ADD_BLACK_BULK,
    DELETE_BLACK_BULK,
    RESPOOL,
    SCHEDULE_DIALER_CALL,
    DIALER_TASK,
    REMOVE_CONTACT,
    REMOVE_SCHEDULE_DIALER_CALL,
    UPLOAD_BASE,
    UPLOAD_BASE_WITH_TIMEZONE,
    UPLOAD_SMS_BASE,
    SEND_SMS_V2,
    SEND_SMS,
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
