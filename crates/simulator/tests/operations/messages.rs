//! Short messages, alone and as a base.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::common::Visitor;
use super::{SALES, centre, pass};

#[tokio::test]
async fn messages_are_kept_as_they_were_sent() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let form = [
        ("destination", "099000001"),
        ("message", "Mañana a las 10: ¿le sirve? <sí> & no"),
        ("campaign", SALES),
        ("agent", ""),
        ("source", "900"),
    ];
    assert_eq!(visitor.ok("SMS/SendSMS", &form).await, "OK");
    assert_eq!(visitor.value("SMS/SendSMSv2", &form).await, json!({ "id": "2" }));
    let kept = centre.sms();
    assert_eq!(kept.len(), 2);
    assert_eq!((kept[1].id, kept[1].message.as_str(), kept[1].source.as_str()), (2, form[1].1, "900"));
}

#[tokio::test]
async fn an_older_server_has_no_second_version() {
    let config =
        atalaya_simulator::Config { sms_v2: false, moving: false, ..atalaya_simulator::Config::default() };
    let centre = atalaya_simulator::without_ports(config);
    let visitor = Visitor::of(&centre).await;
    let form = [("destination", "099000001"), ("message", "m"), ("campaign", SALES)];
    assert_eq!(visitor.post("SMS/SendSMSv2", &form).await.0, StatusCode::NOT_FOUND);
    assert_eq!(visitor.ok("SMS/SendSMS", &form).await, "OK");
    assert_eq!(centre.executed(atalaya_simulator::Endpoint::SendSmsV2), 0);
}

#[tokio::test]
async fn a_base_of_messages_is_sent_a_moment_later() {
    let centre = centre();
    let visitor = Visitor::of(&centre).await;
    let file = format!(
        "{SALES};099000001;Hola; 1;5\n{SALES};;nobody;\nOtra->;099000003;no;\n{SALES};099000002;¿Sí?"
    );
    let file = STANDARD.encode(file);
    let form = [("filename", "m.csv"), ("fileb64", file.as_str()), ("campaign", SALES)];
    assert_eq!(visitor.ok("SMS/uploadbase", &form).await, "1");
    assert!(centre.sms().is_empty(), "not at once");
    pass(&centre, 5);
    let sent: Vec<_> = centre.sms().into_iter().map(|sms| (sms.destination, sms.message, sms.base)).collect();
    let of = |number: &str, text: &str| (number.to_owned(), text.to_owned(), "m.csv".to_owned());
    assert_eq!(sent, [of("099000001", "Hola"), of("099000002", "¿Sí?")]);
    let uploads = centre.uploads();
    assert_eq!(
        (uploads.len(), uploads[0].of_sms, uploads[0].rows.len(), uploads[0].cant),
        (1, true, 4, None)
    );
}
