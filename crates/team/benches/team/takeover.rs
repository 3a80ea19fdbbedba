//! Whoever asks is killed without a word, again and again: how long the others show nothing new. Each desk is a process.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use atalaya_postgres::{OWNER, Postgres};
use atalaya_simulator::Simulator;
use atalaya_team::{Address, Connection, Invitation, Role, add, init, stands};
use atalaya_ucontact::Server;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use crate::common::DATABASE;
use crate::{EVERY, PATIENCE, part, row, secs, simulated};

const TIMES: usize = 20;
const DESKS: usize = 3;
/// Another desk shows something new within so many intervals.
const INTERVALS: u32 = 3;

struct Desk {
    child: Child,
}

/// Which desk showed another picture, and when.
type Picture = (usize, Instant);

struct Centre<'a> {
    program: &'a Path,
    simulator: Simulator,
    home: tempfile::TempDir,
    told: mpsc::UnboundedSender<Picture>,
    pictures: mpsc::UnboundedReceiver<Picture>,
}

impl Centre<'_> {
    fn desk(&self, number: usize, invitation: &Invitation) -> Desk {
        let home = self.home.path().join(number.to_string());
        std::fs::create_dir_all(&home).expect("its folder can be written to");
        let mut child = Command::new(self.program)
            .args(["--server", &self.simulator.server_url(), "--user", self.simulator.user()])
            .args(["floor", "--watch", "--json", "--team", &invitation.team])
            .env("ATALAYA_PASSWORD", self.simulator.password())
            .env("ATALAYA_TEAM_PASSWORD", invitation.password.expose())
            .env("ATALAYA_HOME", home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("ATALAYA_CLI names a program that runs");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let told = self.told.clone();
        tokio::spawn(async move {
            while let Ok(Some(_)) = lines.next_line().await {
                if told.send((number, Instant::now())).is_err() {
                    return;
                }
            }
        });
        Desk { child }
    }

    async fn next(&mut self) -> Picture {
        let picture = timeout(PATIENCE, self.pictures.recv()).await.expect("somebody shows a picture");
        picture.expect("a desk is there")
    }

    async fn next_of(&mut self, number: usize) {
        while self.next().await.0 != number {}
    }
}

/// Kills, and prints what came of it; whether each time there was something new in time.
pub async fn measured(postgres: &Postgres, owner: &mut Connection, program: &Path) -> bool {
    let simulator = simulated().await;
    let server =
        Server::parse(&simulator.server_url(), None, None, None).expect("a good address").base.to_string();
    init(owner, &server).await.expect("another centre");
    let address = Address::parse(&postgres.url(OWNER, DATABASE)).expect("an address");
    let mut invitations = Vec::new();
    for number in 0..DESKS {
        let name = format!("t{number}");
        invitations.push(add(owner, &address, &server, &name, Role::Supervisor).await.expect("a member"));
    }
    let (told, pictures) = mpsc::unbounded_channel();
    let home = tempfile::tempdir().expect("a folder");
    let mut centre = Centre { program, simulator, home, told, pictures };
    let mut desks = Vec::new();
    for (number, invitation) in invitations.iter().enumerate() {
        desks.push(centre.desk(number, invitation));
        centre.next_of(number).await;
    }

    let (mut first, mut all) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        // Anywhere between two polls, and between two renewals.
        tokio::time::sleep(EVERY.mul_f64(fastrand::f64())).await;
        let before = stands(owner, &server).await.expect("how things stand");
        let holder = before.holder.expect("somebody asks");
        let asks = invitations.iter().position(|of| of.team.contains(&format!("//{}@", holder.person)));
        let asks = asks.expect("one of ours");
        desks[asks].child.start_kill().expect("a process that runs can be killed");
        let killed = Instant::now();
        desks[asks].child.wait().await.expect("it ended");
        let mut fresh: [Option<Duration>; DESKS] = [None; DESKS];
        while fresh.iter().flatten().count() < DESKS - 1 {
            let (number, at) = centre.next().await;
            if number == asks || at <= killed || fresh[number].is_some() {
                continue;
            }
            // What the one that was killed still had told is nothing new.
            if stands(owner, &server).await.expect("how things stand").epoch > before.epoch {
                fresh[number] = Some(at - killed);
            }
        }
        let times = fresh.into_iter().flatten();
        first.extend(times.clone().min());
        all.extend(times.max());
        desks[asks] = centre.desk(asks, &invitations[asks]);
        centre.next_of(asks).await;
    }

    let limit = EVERY * INTERVALS;
    println!(
        "\nwithout news after kill -9 of the desk that asks, {DESKS} desks, a process each, {TIMES} times"
    );
    for (name, share) in [("shortest", 0.0), ("p50", 0.5), ("p95", 0.95), ("longest", 1.0)] {
        let (first, all) = (secs(part(&first, share)), secs(part(&all, share)));
        row(name, &format!("{first:.2} s until one shows something new, {all:.2} s until both do"));
    }
    let each: Vec<String> = first.iter().map(|took| format!("{:.1}", secs(*took))).collect();
    row("each", &each.join(" "));
    let late = first.iter().filter(|took| **took > limit).count();
    row(&format!("beyond {INTERVALS} intervals ({} s)", limit.as_secs()), &format!("{late} of {TIMES}"));
    drop(desks);
    centre.simulator.stop().await;
    late == 0
}
