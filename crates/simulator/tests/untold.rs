//! A centre that nobody tells anything lives as it always did: what it answers over hours, as one number a world. The
//! numbers are older than the operations.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod common;

use std::time::Duration;

use atalaya_simulator::{Config, Filters};
use chrono::NaiveDate;
use common::Visitor;
use serde_json::json;

/// All that it answers and says of itself over these steps.
async fn lived(config: Config, steps: &[u64]) -> u64 {
    let centre = atalaya_simulator::without_ports(config);
    let visitor = Visitor::of(&centre).await;
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |text: &str| {
        for byte in text.bytes() {
            digest = (digest ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    };
    for secs in steps {
        centre.advance(Duration::from_secs(*secs));
        add(&visitor.ok("Supervisor/queuesummary", &[]).await);
        add(&visitor.ok("Supervisor/campaignstatus", &[("queue", "")]).await);
        for campaign in centre.inside().campaigns {
            add(&visitor.ok("Supervisor/campaignstatus", &[("queue", &campaign.name)]).await);
        }
        for (key, value) in [("agent", ""), ("cont", "2"), ("mindur", "100")] {
            let mut filter =
                json!({ "calldatei": "2026-03-09 00:00:00", "calldatef": "2026-03-12 23:59:59" });
            filter[key] = json!(value);
            let filter = filter.to_string();
            for offset in ["0", "97"] {
                let form =
                    [("lastrow", offset), ("searchLimit", "400"), ("filter", &filter), ("random", "1")];
                add(&visitor.ok("Cdr/getrecords", &form).await);
            }
        }
        // A world that is no branch of another counts nothing as one.
        let of_a_branch =
            ", since_branch: Came { answered: 0, abandoned: 0, within: 0 }, late_since_branch: 0";
        add(&format!("{:?}", centre.inside()).replace(of_a_branch, ""));
    }
    digest
}

#[tokio::test]
async fn a_world_that_is_told_nothing_is_what_it_was() {
    let begins = NaiveDate::from_ymd_opt(2026, 3, 12).and_then(|day| day.and_hms_opt(22, 40, 0));
    let quiet =
        Config { campaigns: 8, agents: 60, calls_per_day: 120, begins, moving: false, ..Config::default() };
    let odd = Config {
        seed: 77,
        hot_desks: true,
        counts_by_day: true,
        numbers_as_text: true,
        shifting_rows: true,
        filters: Filters::Rows,
        ..quiet.clone()
    };
    let steps = [0, 7, 61, 300, 900, 1, 1_800, 3_000, 60];
    let lived = [lived(quiet, &steps).await, lived(odd, &steps).await];
    assert_eq!(lived, [12_960_905_044_863_454_475, 4_807_780_271_232_112_093]);
}
