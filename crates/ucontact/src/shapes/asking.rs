//! Asking a server for one answer of each kind, once, one after the other. Nothing that changes anything is asked.

use std::future::Future;
use std::time::Duration;

use chrono::{Days, NaiveDateTime};
use http::{HeaderMap, header};
use url::Url;

use super::body::{body_shape, never_seen};
use super::headers::{ANOTHER, header_shape, range_shape};
use super::known::{AGENT, CALL, CAMPAIGN, Kind, PHONE, QUEUE};
use super::{AnswerShape, BodyShape, HeaderShape, PlaceShape, ShapeRecord};
use crate::Secret;
use crate::address::Server;
use crate::cdr::{RecordFilter, parse_records};
use crate::endpoint::{
    CAMPAIGN_STATUS, END_SESSION, Endpoint, GET_RECORDS, GET_USER_TOKEN, QUEUE_SUMMARY, USER_LOGIN,
};
use crate::error::{Error, ErrorKind};
use crate::http::{Http, Raw, basic};
use crate::live::parse_campaigns;
use crate::login::{self, Login};
use crate::text::{charset_of, text_of};

const ABOUT: &str = "Shapes of a uContact server's answers, as atalaya-cli doctor --record found them: fields, types and \
                     forms. It holds no value of an answer: no name, number, token, guid or address.";
/// Between two requests: a record is in no hurry.
const PAUSE: Duration = Duration::from_millis(200);
/// A page as the window asks for it.
const ROWS: &str = "50";
/// How many days back calls are looked for.
const BACK: u64 = 7;
/// Calls whose recordings are looked for; the first may have none.
const CALLS: usize = 3;
const NO_SUCH_CALL: &str = "00000000-0000-0000-0000-000000000000";

/// Signs in, asks, and signs out, also when `stop` comes first: then there is no record. Reads alone: nothing is written or
/// converted.
///
/// # Errors
/// Those of signing in. What fails later is in the record.
pub async fn record_shapes(
    server: &Server,
    user: &str,
    password: &Secret,
    now: NaiveDateTime,
    stop: impl Future<Output = ()>,
) -> Result<Option<ShapeRecord>, Error> {
    let http = Http::new(server)?;
    let mut recorder = Recorder { http: &http, server, token: None, answers: Vec::new(), news: Vec::new() };
    let login = recorder.log_in(user, password).await?;
    recorder.token = Some(login.token.clone());
    let asking = async {
        let calls = recorder.ask(now).await;
        recorder.places(&calls).await
    };
    let places = tokio::select! {
        places = asking => Some(places),
        () = stop => None,
    };
    let form = [("user", user), ("token", login.token.expose())];
    let _ = recorder.answer("auth/EndSession", END_SESSION, &form, &[], &["whole number"]).await;
    let Recorder { answers, mut news, .. } = recorder;
    let mut said = std::collections::HashSet::new();
    news.retain(|line| said.insert(line.clone()));
    Ok(places.map(|places| ShapeRecord {
        about: ABOUT,
        never_seen: news,
        login: login.shape,
        answers,
        places,
    }))
}

struct Recorder<'a> {
    http: &'a Http,
    server: &'a Server,
    token: Option<Secret>,
    answers: Vec<AnswerShape>,
    news: Vec<String>,
}

/// What came.
struct Came {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Came {
    /// The body as text in UTF-8.
    fn text(&self) -> Vec<u8> {
        text_of(&self.body, self.charset()).into_owned().into_bytes()
    }

    fn charset(&self) -> Option<&str> {
        self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).and_then(charset_of)
    }
}

/// A call whose recording may be looked for.
struct Call {
    guid: String,
    day: String,
}

impl Recorder<'_> {
    async fn log_in(&mut self, user: &str, password: &Secret) -> Result<Login, Error> {
        let form = [("user", user), ("password", password.expose())];
        for (endpoint, read) in [
            (GET_USER_TOKEN, login::read_user_token as fn(&[u8]) -> login::Answer),
            (USER_LOGIN, login::read_user_login),
        ] {
            let came = self.answer(endpoint.path, endpoint, &form, &[&PHONE], &["text", "a list"]).await?;
            match read(&came.text()) {
                login::Answer::Accepted(login) if came.status == 200 => return Ok(login),
                login::Answer::Denied => return Err(Error::new(ErrorKind::WrongPassword, endpoint.path)),
                _ => {}
            }
        }
        Err(Error::new(ErrorKind::NotClassic, "login"))
    }

    /// One answer of each kind; the calls that were in the records.
    async fn ask(&mut self, now: NaiveDateTime) -> Vec<Call> {
        let _ = self.answer(QUEUE_SUMMARY.path, QUEUE_SUMMARY, &[], &[&QUEUE], &["a list"]).await;
        let by_name = ["elements by name"];
        let all = self
            .answer(
                "Supervisor/campaignstatus of all",
                CAMPAIGN_STATUS,
                &[("queue", "")],
                &[&CAMPAIGN],
                &by_name,
            )
            .await;
        let campaigns = all.ok().and_then(|came| parse_campaigns(&came.text()).ok()).map(|reply| reply.value);
        // One that somebody is in says more than one that nobody is.
        let fullest = campaigns.unwrap_or_default().into_iter().max_by_key(|campaign| campaign.total_agents);
        if let Some(campaign) = fullest {
            let form = [("queue", campaign.campaign.as_str())];
            let kinds = [&CAMPAIGN, &AGENT];
            let _ = self
                .answer("Supervisor/campaignstatus of one", CAMPAIGN_STATUS, &form, &kinds, &by_name)
                .await;
        }
        let text = |at: NaiveDateTime| at.format("%Y-%m-%d %H:%M:%S").to_string();
        // A day more than now: where the server is, it may be tomorrow.
        let (from, to) = (now - Days::new(BACK), now + Days::new(1));
        let filter = RecordFilter { calldatei: text(from), calldatef: text(to), ..RecordFilter::default() };
        let filter = filter.to_json();
        let form = [("lastrow", "0"), ("searchLimit", ROWS), ("filter", filter.as_str()), ("random", "1")];
        let page = self.answer(GET_RECORDS.path, GET_RECORDS, &form, &[&CALL], &["a list"]).await;
        let records =
            page.ok().and_then(|came| parse_records(&came.text()).ok()).map(|reply| reply.value.records);
        records
            .unwrap_or_default()
            .into_iter()
            .filter(|record| record.disposition.as_deref() == Some("ANSWERED"))
            .map(|record| Call {
                day: record.calldate.chars().take(10).filter(char::is_ascii_digit).collect(),
                guid: record.guid,
            })
            .filter(|call| call.day.len() == 8 && crate::recording::checked_guid(&call.guid).is_ok())
            .take(CALLS)
            .collect()
    }

    /// Sends one request, and keeps the shape of what came.
    async fn answer(
        &mut self,
        operation: &'static str,
        endpoint: Endpoint,
        form: &[(&str, &str)],
        kinds: &[&Kind],
        expected: &[&str],
    ) -> Result<Came, Error> {
        tokio::time::sleep(PAUSE).await;
        let came = self.post(endpoint, form).await;
        let mut answer = AnswerShape {
            operation,
            status: None,
            failed: came.as_ref().err().map(Error::code),
            headers: HeaderShape::default(),
            body: BodyShape::default(),
        };
        if let Ok(came) = &came {
            answer.status = Some(came.status);
            answer.headers = header_shape(&came.headers);
            answer.body = body_shape(&came.body, came.charset(), kinds);
            for (name, found) in [
                ("content type", answer.headers.content_type),
                ("charset", answer.headers.charset),
                ("date", answer.headers.date),
            ] {
                if found == ANOTHER {
                    self.news.push(format!("{operation}: another {name} in its headers"));
                }
            }
            if came.status == 200 {
                self.news.extend(never_seen(operation, &answer.body, kinds, expected));
            }
        }
        self.answers.push(answer);
        came
    }

    async fn post(&self, endpoint: Endpoint, form: &[(&str, &str)]) -> Result<Came, Error> {
        let what = endpoint.path;
        let url = self.server.base.join(what).map_err(|_| Error::new(ErrorKind::InvalidAddress, what))?;
        let token = self.token.as_ref().map(Secret::expose);
        let Raw { status, headers, body, .. } = self.http.post_raw(&url, what, token, form).await?;
        Ok(Came { status, headers, body })
    }

    /// What the hosts of recordings say to a call that does not exist, and to those that do, until one is there.
    async fn places(&mut self, calls: &[Call]) -> Vec<PlaceShape> {
        let mut found = Vec::new();
        let hosts = [("telephony", Some(&self.server.telephony)), ("backup", self.server.backup.as_ref())];
        for (host, root) in hosts {
            let Some(root) = root else { continue };
            let none = format!("records/{NO_SUCH_CALL}.mp3");
            let name = format!("{host} mp3 at the root");
            found.extend(self.place(root, &none, name, "a call that does not exist").await);
            'calls: for call in calls {
                for ending in ["mp3", "gsm"] {
                    for (folder, day) in
                        [("in the folder of its day", Some(&call.day)), ("at the root", None)]
                    {
                        let day = day.map(|day| format!("{day}/")).unwrap_or_default();
                        let path = format!("records/{day}{}.{ending}", call.guid);
                        let name = format!("{host} {ending} {folder}");
                        let place = self.place(root, &path, name, "a call in the records").await;
                        let there =
                            place.as_ref().is_some_and(|place| matches!(place.status, Some(200 | 206)));
                        found.extend(place);
                        if there {
                            break 'calls;
                        }
                    }
                }
            }
        }
        found
    }

    async fn place(
        &self,
        root: &Url,
        path: &str,
        name: String,
        asked_for: &'static str,
    ) -> Option<PlaceShape> {
        tokio::time::sleep(PAUSE).await;
        let token = self.token.as_ref()?;
        let url = root.join(path).ok()?;
        let mut asked = HeaderMap::new();
        asked.insert(header::AUTHORIZATION, basic(token.expose(), "recording").ok()?);
        asked.insert(header::RANGE, header::HeaderValue::from_static("bytes=0-1"));
        let came = self.http.get(&url, "recording", asked).await.ok();
        let (status, range, headers) = came.map_or((None, "no answer", HeaderShape::default()), |response| {
            let status = response.status().as_u16();
            (Some(status), range_shape(status, response.headers()), header_shape(response.headers()))
        });
        Some(PlaceShape { place: name, asked_for, status, range, headers })
    }
}
